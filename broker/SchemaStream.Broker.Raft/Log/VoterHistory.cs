namespace SchemaStream.Broker.Raft.Log;

/// <summary>
/// The voter sets that the log holds, each in force from its own offset on, committed or not: that is what makes changes
/// of one voter at a time safe. A truncated one falls back to its predecessor.
/// </summary>
internal sealed class VoterHistory(VoterSet initial)
{
    private readonly List<(long Offset, VoterSet Voters)> _sets = [(-1, initial)];

    public VoterSet Current => _sets[^1].Voters;

    /// <summary>The offset of the set in force; -1 for the one the node began with.</summary>
    public long CurrentOffset => _sets[^1].Offset;

    public void Add(long offset, VoterSet voters)
    {
        // A log that reaches back behind its snapshot names the sets before the snapshot's, and that one, again.
        _sets.RemoveAll(set => set.Offset >= offset);
        _sets.Add((offset, voters));
    }

    public void TruncateFrom(long offset) => _sets.RemoveAll(set => set.Offset >= offset);

    /// <summary>The set in force once the record at an offset is in the log.</summary>
    public VoterSet At(long offset) => _sets.FindLast(set => set.Offset <= offset).Voters ?? _sets[0].Voters;

    /// <summary>Sets that others followed before an offset, which nothing reaches back to any more.</summary>
    public void ForgetBefore(long offset)
    {
        var inForce = _sets.FindLastIndex(set => set.Offset <= offset);
        if (inForce > 0)
        {
            _sets.RemoveRange(0, inForce);
        }
    }

    /// <summary>A snapshot holds the one set that was in force at its end.</summary>
    public void Reset(long offset, VoterSet voters)
    {
        _sets.Clear();
        _sets.Add((offset, voters));
    }
}
