using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Indexes;

/// <summary>
/// The aborted transactions whose markers lie in one segment, in the order of the markers. Most segments have none, and
/// then there is no file either.
/// </summary>
internal sealed class TransactionIndex(LogFileHandle file)
{
    private readonly IndexFile _entries = new(file, AbortedTransactionEntry.Bytes, int.MaxValue);

    public LogFileHandle Handle => file;

    public int Count => _entries.Count;

    public bool IsDirty
    {
        get => _entries.IsDirty;
        set => _entries.IsDirty = value;
    }

    public void Append(in AbortedTransactionEntry entry)
    {
        Span<byte> bytes = stackalloc byte[AbortedTransactionEntry.Bytes];
        entry.Write(bytes);
        _entries.Append(bytes);
    }

    public AbortedTransactionEntry EntryAt(int index)
    {
        Span<byte> bytes = stackalloc byte[AbortedTransactionEntry.Bytes];
        _entries.ReadEntry(index, bytes);
        return AbortedTransactionEntry.Read(bytes);
    }

    /// <summary>Adds the transactions that have records in a range, and says whether later segments can have more of them.</summary>
    /// <param name="fromOffset">Inclusive.</param>
    /// <param name="upperBoundOffset">Exclusive.</param>
    /// <returns>True when there can be no others behind these.</returns>
    public bool Collect(long fromOffset, long upperBoundOffset, ref List<AbortedTransaction>? found)
    {
        var count = Count;
        if (count == 0)
        {
            return false;
        }

        var first = _entries.FindFloor(fromOffset - 1, AbortedTransactionEntry.LastOffsetPosition, sizeof(long)) + 1;
        for (var i = first; i < count; i++)
        {
            var entry = EntryAt(i);
            if (entry.FirstOffset < upperBoundOffset)
            {
                (found ??= []).Add(new AbortedTransaction(entry.ProducerId, entry.FirstOffset));
            }

            if (entry.LastStableOffset >= upperBoundOffset)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes out what was ended at an offset or behind it.</summary>
    public void TruncateToOffset(long offset)
    {
        if (Count > 0)
        {
            _entries.Truncate(_entries.FindFloor(offset - 1, AbortedTransactionEntry.LastOffsetPosition, sizeof(long)) + 1);
        }
    }

    /// <summary>Empties the file where there is one: what it said is learnt from the log anew.</summary>
    public void Reset()
    {
        if (file.LengthOnDisk() > 0)
        {
            _entries.Reset();
        }
        else
        {
            _entries.Truncate(0);
        }
    }

    public void WritePending() => _entries.WritePending();
}
