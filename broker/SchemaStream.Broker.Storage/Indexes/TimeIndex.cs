using System.Buffers.Binary;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Indexes;

/// <summary>
/// The newest timestamp so far and where it is, sparsely. Kafka's format: eight bytes of timestamp, four bytes of offset
/// relative to the segment's base. Both only ever rise.
/// </summary>
internal sealed class TimeIndex(LogFileHandle file, long baseOffset, int maxBytes)
{
    public const int EntryBytes = 12;

    private const int OffsetPosition = 8;

    private readonly IndexFile _entries = new(file, EntryBytes, maxBytes);

    public int Count => _entries.Count;

    /// <summary>One place is kept for the entry with which a segment is closed.</summary>
    public bool IsFull => Count >= _entries.MaxEntries - 1;

    public int SizeInBytes => Count * EntryBytes;

    public LogFileHandle Handle => _entries.Handle;

    public bool IsDirty
    {
        get => _entries.IsDirty;
        set => _entries.IsDirty = value;
    }

    /// <summary>Adds an entry if it says something new.</summary>
    public void AppendIfNewer(long timestamp, long offset)
    {
        if (timestamp < 0 || (Count > 0 && EntryAt(Count - 1).Timestamp >= timestamp))
        {
            return;
        }

        Span<byte> entry = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt64BigEndian(entry, timestamp);
        BinaryPrimitives.WriteInt32BigEndian(entry[OffsetPosition..], checked((int)(offset - baseOffset)));
        _entries.Append(entry);
    }

    /// <summary>All records before the offset returned have a timestamp of at most <paramref name="timestamp"/>.</summary>
    public long FindOffset(long timestamp)
    {
        var index = _entries.FindFloor(timestamp, keyPosition: 0, sizeof(long));
        return index < 0 ? baseOffset : EntryAt(index).Offset;
    }

    public (long Timestamp, long Offset) EntryAt(int index)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        _entries.ReadEntry(index, entry);
        return (BinaryPrimitives.ReadInt64BigEndian(entry),
            baseOffset + BinaryPrimitives.ReadInt32BigEndian(entry[OffsetPosition..]));
    }

    /// <summary>The last entry, or no timestamp at all.</summary>
    public (long Timestamp, long Offset) Last() => Count == 0 ? (-1, baseOffset) : EntryAt(Count - 1);

    /// <summary>Forgets entries that point at <paramref name="offset"/> or behind it.</summary>
    public void TruncateToOffset(long offset) =>
        _entries.Truncate(_entries.FindFloor(offset - 1 - baseOffset, OffsetPosition, sizeof(int)) + 1);

    public void Reset() => _entries.Reset();

    public void WritePending() => _entries.WritePending();

    public bool IsSane()
    {
        if (!_entries.HasWholeEntries())
        {
            return false;
        }

        if (Count == 0)
        {
            return true;
        }

        var (firstTimestamp, _) = EntryAt(0);
        var (timestamp, offset) = EntryAt(Count - 1);
        return timestamp >= firstTimestamp && offset >= baseOffset && timestamp >= 0;
    }
}
