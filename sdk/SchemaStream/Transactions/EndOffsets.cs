namespace SchemaStream.Transactions;

/// <summary>Where a loop ends: at the offsets that the partitions had when it began.</summary>
internal sealed class EndOffsets
{
    private IReadOnlyList<long>? _ends;
    private HashSet<int> _open = [];

    /// <summary>Whether the ends were asked for.</summary>
    public bool AreKnown => _ends is not null;

    /// <summary>Whether every partition was read that far.</summary>
    public bool AreReached => AreKnown && _open.Count == 0;

    /// <summary>How many partitions there are.</summary>
    public int PartitionCount => _ends?.Count ?? 0;

    /// <summary>Says the ends.</summary>
    /// <param name="ends">Per partition the offset behind its last record.</param>
    public void Take(IReadOnlyList<long> ends)
    {
        _ends = ends;
        _open = [.. Enumerable.Range(0, ends.Count)];
    }

    /// <summary>A partition was read to an offset.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset of the next record.</param>
    public void Reach(int partition, long offset)
    {
        if (partition < _ends!.Count && offset >= _ends[partition])
        {
            _open.Remove(partition);
        }
    }
}
