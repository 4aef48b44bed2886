using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;

namespace SchemaStream.Broker.Raft.Roles;

/// <summary>Leads its epoch: alone appends, and counts who has what.</summary>
internal sealed class LeaderRole(long epochStartOffset, long nowMs) : RaftRole
{
    private readonly Dictionary<NodeId, FollowerProgress> _progress = [];

    /// <summary>The offset of the record with which the epoch began: older ones are committed by it, never by counting.</summary>
    public long EpochStartOffset { get; } = epochStartOffset;

    /// <summary>When it began to lead: nobody is late before he could have fetched.</summary>
    public long SinceMs { get; } = nowMs;

    public long AnnounceAtMs { get; set; }

    /// <summary>Fetches that wait for news, by who asked; a node has one at a time.</summary>
    public Dictionary<NodeId, (FetchRequest Request, long DeadlineMs)> Parked { get; } = [];

    public IReadOnlyCollection<NodeId> Known => _progress.Keys;

    /// <summary>The progress of a node; null when it is no voter and too many are tracked already.</summary>
    public FollowerProgress? Track(NodeId node, VoterSet voters, int maxObservers)
    {
        if (_progress.TryGetValue(node, out var known))
        {
            return known;
        }

        if (!voters.Contains(node) && _progress.Count >= maxObservers + voters.Nodes.Count)
        {
            return null;
        }

        return _progress[node] = new FollowerProgress(SinceMs);
    }

    /// <summary>Whoever is no voter and has not fetched since then is gone, or will be known again when it fetches.</summary>
    public void ForgetObservers(VoterSet voters, long sinceMs)
    {
        foreach (var (node, progress) in _progress.ToArray())
        {
            if (!voters.Contains(node) && progress.LastFetchMs < sinceMs)
            {
                _progress.Remove(node);
            }
        }
    }

    public FollowerProgress? Find(NodeId node) => _progress.GetValueOrDefault(node);
}

/// <summary>What a leader knows of one who fetches from it.</summary>
internal sealed class FollowerProgress(long nowMs)
{
    /// <summary>Everything below is on its disk; -1 until it has fetched in this epoch.</summary>
    public long EndOffset { get; set; } = -1;

    public long LastFetchMs { get; set; } = nowMs;

    /// <summary>When it last asked from the log's end on; null until it has.</summary>
    public long? LastCaughtUpMs { get; set; }
}
