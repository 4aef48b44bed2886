using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Compaction;

/// <summary>
/// How the transactions in a part of a log ended, learnt by reading it once before its records are weighed: what was
/// aborted supersedes nothing.
/// </summary>
internal sealed class TransactionSurvey
{
    private readonly Dictionary<long, long> _ongoing = [];
    private readonly Dictionary<long, List<(long FirstOffset, long MarkerOffset)>> _aborted = [];

    /// <summary>First offset of the oldest transaction whose end was not among what was read; null when there is none.</summary>
    public long? FirstUnresolvedOffset => _ongoing.Count == 0 ? null : _ongoing.Values.Min();

    /// <summary>Notes the next batch; of a control batch the bytes have to be whole.</summary>
    public void Note(ReadOnlySpan<byte> batch)
    {
        var header = new RecordBatchHeader(batch);
        if (!header.IsTransactional || !header.HasProducerId)
        {
            return;
        }

        if (!header.IsControlBatch)
        {
            _ongoing.TryAdd(header.ProducerId, header.BaseOffset);
        }
        else if (_ongoing.Remove(header.ProducerId, out var firstOffset)
            && EndTransactionMarker.TryRead(batch, out var marker) && !marker.IsCommit)
        {
            // A marker that was emptied has ended its transaction as well: that one has no records left.
            if (!_aborted.TryGetValue(header.ProducerId, out var ranges))
            {
                _aborted.Add(header.ProducerId, ranges = []);
            }

            ranges.Add((firstOffset, header.BaseOffset));
        }
    }

    /// <summary>Whether a batch with records is of a transaction that was aborted.</summary>
    public bool IsAborted(RecordBatchHeader header)
    {
        if (!header.IsTransactional || !_aborted.TryGetValue(header.ProducerId, out var ranges))
        {
            return false;
        }

        // By offset, in order: the last range that begins at or before the batch is the one that could hold it.
        var low = 0;
        var high = ranges.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ranges[middle].FirstOffset <= header.BaseOffset ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && header.BaseOffset < ranges[low - 1].MarkerOffset;
    }
}
