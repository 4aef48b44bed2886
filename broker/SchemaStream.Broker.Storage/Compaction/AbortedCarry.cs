using SchemaStream.Broker.Storage.Indexes;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Compaction;

/// <summary>
/// Takes the entries of aborted transactions over into a cleaned segment: of those whose markers stay. Where the marker is
/// gone so are the records, and an entry would have readers leave out what its producer wrote since.
/// </summary>
internal sealed class AbortedCarry
{
    private readonly Dictionary<long, AbortedTransactionEntry> _byMarker = [];

    public AbortedCarry(IEnumerable<CompactionSource> sources)
    {
        foreach (var index in sources.Select(source => source.Segment.TransactionIndex))
        {
            for (var i = 0; i < index.Count; i++)
            {
                var entry = index.EntryAt(i);
                _byMarker[entry.LastOffset] = entry;
            }
        }
    }

    /// <summary>Looks through batches that stay.</summary>
    public void Carry(ReadOnlySpan<byte> batches, LogSegment target)
    {
        while (_byMarker.Count > 0 && !batches.IsEmpty)
        {
            var header = new RecordBatchHeader(batches);
            if (header.IsControlBatch && header.RecordCount > 0 && _byMarker.TryGetValue(header.LastOffset, out var entry))
            {
                target.TransactionIndex.Append(entry);
            }

            batches = batches[(int)header.SizeInBytes..];
        }
    }
}
