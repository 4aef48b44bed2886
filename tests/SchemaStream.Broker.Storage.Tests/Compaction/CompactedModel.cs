namespace SchemaStream.Broker.Storage.Tests.Compaction;

/// <summary>A record as it was written; a marker has no key.</summary>
internal sealed record Written(
    long Offset, long BatchLastOffset, int Epoch, string? Key, string? Value, long Timestamp, long ProducerId, int Sequence, bool IsTransactional)
{
    /// <summary>Of a marker.</summary>
    public bool? Commits { get; init; }
}

/// <summary>All that was written to a log and not cut off, in a list: what the log is measured by.</summary>
internal sealed class CompactedModel
{
    private readonly List<Written> _written = [];

    public long Start { get; private set; }

    public long End { get; set; }

    public void Add(IEnumerable<Written> records)
    {
        _written.AddRange(records);
        End = _written[^1].BatchLastOffset + 1;
    }

    public void CutAt(long end)
    {
        End = end;
        _written.RemoveAll(record => record.BatchLastOffset >= end);
    }

    public IEnumerable<long> ProducersFrom(long offset) =>
        _written.Where(record => record.BatchLastOffset >= offset).Select(record => record.ProducerId);

    public void StartAt(long start) => Start = start;

    public IEnumerable<Written> Records => _written.Where(record => record.Offset >= Start && record.Commits is null);

    public Written? At(long offset) => _written.Find(record => record.Offset == offset && record.Commits is null);

    public int EpochAt(long offset) => _written.FindLast(record => record.Offset <= offset)?.Epoch ?? -1;

    /// <summary>The last sequence that a producer wrote; null when there is none.</summary>
    public Written? LastOf(long producerId) =>
        _written.FindLast(record => record.ProducerId == producerId && record.Commits is null);

    /// <summary>Whether a producer's transaction is under way.</summary>
    public bool IsInTransaction(long producerId) =>
        _written.FindLast(record => record.ProducerId == producerId && record.IsTransactional) is { Commits: null };

    /// <summary>Offsets of records whose transactions were aborted.</summary>
    public HashSet<long> Aborted()
    {
        var aborted = new HashSet<long>();
        var open = new Dictionary<long, List<long>>();
        foreach (var record in _written.Where(record => record.IsTransactional))
        {
            if (record.Commits is not { } commits)
            {
                open.TryAdd(record.ProducerId, []);
                open[record.ProducerId].Add(record.Offset);
            }
            else if (open.Remove(record.ProducerId, out var offsets) && !commits)
            {
                aborted.UnionWith(offsets);
            }
        }

        return aborted;
    }

    /// <summary>First offset of the oldest transaction under way.</summary>
    public long FirstUnstable()
    {
        var open = new Dictionary<long, long>();
        foreach (var record in _written.Where(record => record.IsTransactional))
        {
            if (record.Commits is null)
            {
                open.TryAdd(record.ProducerId, record.Offset);
            }
            else
            {
                open.Remove(record.ProducerId);
            }
        }

        return open.Count == 0 ? long.MaxValue : open.Values.Min();
    }
}
