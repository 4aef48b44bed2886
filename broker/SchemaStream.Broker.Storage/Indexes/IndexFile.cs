using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Indexes;

/// <summary>
/// Entries of one size, appended in order. The newest ones wait in memory, so that an append to the log costs no write
/// to its indexes: after a crash they are missing and recovery makes them again from the log.
/// </summary>
internal sealed class IndexFile(LogFileHandle file, int entryBytes, int maxBytes)
{
    private const int PendingEntries = 64;

    /// <summary>Looking for an entry goes on in memory once this many are left: one read instead of many.</summary>
    private const int BlockEntries = 128;

    /// <summary>Of the index with the largest entries.</summary>
    private const int LargestEntryBytes = 34;

    private byte[]? _pending;
    private int _pendingCount;
    private int _persistedCount = -1;

    public int MaxEntries { get; } = Math.Max(1, maxBytes / entryBytes);

    public int Count => Persisted + _pendingCount;

    public bool IsFull => Count >= MaxEntries;

    public string Path => file.Path;

    public LogFileHandle Handle => file;

    /// <summary>Whether the file has changed since it was last taken to be synced.</summary>
    public bool IsDirty { get; set; }

    private int Persisted
    {
        get
        {
            if (_persistedCount < 0)
            {
                _persistedCount = (int)Math.Min(file.LengthOnDisk() / entryBytes, int.MaxValue);
            }

            return _persistedCount;
        }
    }

    /// <summary>Whether the file consists of whole entries.</summary>
    public bool HasWholeEntries() => file.LengthOnDisk() % entryBytes == 0;

    public void Append(ReadOnlySpan<byte> entry)
    {
        _pending ??= new byte[PendingEntries * entryBytes];
        if (_pendingCount == PendingEntries)
        {
            WritePending();
        }

        entry.CopyTo(_pending.AsSpan(_pendingCount * entryBytes));
        _pendingCount++;
    }

    public void ReadEntry(int index, Span<byte> entry)
    {
        if (index >= Persisted)
        {
            _pending.AsSpan((index - Persisted) * entryBytes, entryBytes).CopyTo(entry);
            return;
        }

        ReadEntries(index, entry[..entryBytes]);
    }

    /// <summary>
    /// The last entry whose key (big-endian, at <paramref name="keyPosition"/>, four or eight bytes) is at most
    /// <paramref name="key"/>; -1 when there is none. Keys never fall from one entry to the next.
    /// </summary>
    public int FindFloor(long key, int keyPosition, int keyBytes)
    {
        Span<byte> entry = stackalloc byte[LargestEntryBytes];
        var low = 0;
        var high = Count;
        // Invariant: entries below low have a key <= key, entries from high on have a key > key.
        while (high - low > BlockEntries)
        {
            var middle = low + ((high - low) / 2);
            ReadEntry(middle, entry);
            (low, high) = KeyOf(entry, keyPosition, keyBytes) <= key ? (middle + 1, high) : (low, middle);
        }

        return low + CountFloor(low, high, key, keyPosition, keyBytes) - 1;
    }

    /// <summary>Keeps the first <paramref name="count"/> entries.</summary>
    public void Truncate(int count)
    {
        if (count >= Count)
        {
            return;
        }

        if (count >= Persisted)
        {
            _pendingCount = count - Persisted;
            return;
        }

        _pendingCount = 0;
        IsDirty = true;
        file.Truncate((long)count * entryBytes);
        _persistedCount = count;
    }

    /// <summary>Empties the file, whatever it holds, and creates it when it is missing.</summary>
    public void Reset()
    {
        _pendingCount = 0;
        _persistedCount = 0;
        // An empty file that stays empty needs no sync; most partitions' indexes are like that.
        IsDirty |= file.LengthOnDisk() > 0;
        file.Truncate(0);
    }

    public void WritePending()
    {
        if (_pendingCount == 0)
        {
            return;
        }

        IsDirty = true;
        file.Write((long)Persisted * entryBytes, _pending.AsSpan(0, _pendingCount * entryBytes));
        _persistedCount = Persisted + _pendingCount;
        _pendingCount = 0;
    }

    private static long KeyOf(ReadOnlySpan<byte> entry, int keyPosition, int keyBytes) => keyBytes == sizeof(long)
        ? System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(entry[keyPosition..])
        : System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(entry[keyPosition..]);

    private int CountFloor(int low, int high, long key, int keyPosition, int keyBytes)
    {
        if (high == low)
        {
            return 0;
        }

        Span<byte> block = stackalloc byte[BlockEntries * LargestEntryBytes];
        block = block[..((high - low) * entryBytes)];
        var onDisk = Math.Clamp(Persisted - low, 0, high - low);
        if (onDisk > 0)
        {
            ReadEntries(low, block[..(onDisk * entryBytes)]);
        }

        if (onDisk < high - low)
        {
            var from = (low + onDisk - Persisted) * entryBytes;
            _pending.AsSpan(from, (high - low - onDisk) * entryBytes).CopyTo(block[(onDisk * entryBytes)..]);
        }

        var found = 0;
        while (found < high - low && KeyOf(block[(found * entryBytes)..], keyPosition, keyBytes) <= key)
        {
            found++;
        }

        return found;
    }

    private void ReadEntries(int index, Span<byte> entries)
    {
        var read = file.Read((long)index * entryBytes, entries);
        if (read != entries.Length)
        {
            throw new LogStorageException("read", file.Path, $"it ends before its entry {index}");
        }
    }
}
