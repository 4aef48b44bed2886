using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication;

/// <summary>
/// One replica of a partition: who leads, since which epoch, how far the followers are, and so what is committed.
/// Owned by one lane. Time comes in as an argument; whoever waits is told through <see cref="IAcknowledgement"/> and
/// <see cref="IFetchWaiter"/>.
/// </summary>
public sealed partial class Partition
{
    private readonly PartitionLog _log;
    private readonly int _localId;
    private readonly AppendedSizes _uncommitted = new();
    private readonly Dictionary<int, ReplicaProgress> _followers = [];
    private int[] _isr = [];
    private long _appendedBytes;
    private long _committedBytes;

    /// <param name="name">Topic and partition, for messages.</param>
    /// <param name="localId">The node this replica is on.</param>
    public Partition(string name, int localId, PartitionLog log)
    {
        Name = name;
        _localId = localId;
        _log = log;
        HighWatermark = log.LogStartOffset;
    }

    public string Name { get; }

    public PartitionRole Role { get; private set; } = PartitionRole.Offline;

    /// <summary>-1 when no one leads.</summary>
    public int LeaderId { get; private set; } = -1;

    public int LeaderEpoch { get; private set; } = -1;

    public int PartitionEpoch { get; private set; } = -1;

    public IReadOnlyList<int> Isr => _isr;

    /// <summary>Topic config min.insync.replicas; never more than there are replicas.</summary>
    public int MinInSyncReplicas { get; set; } = 1;

    /// <summary>First offset not yet committed. Never goes back while this replica leads.</summary>
    public long HighWatermark { get; private set; }

    /// <summary>Bound for readers of committed transactions: the first open one, or else the high watermark.</summary>
    public long LastStableOffset => Math.Min(HighWatermark, _log.FirstUnstableOffset ?? long.MaxValue);

    public long LogStartOffset => _log.LogStartOffset;

    public long LogEndOffset => _log.LogEndOffset;

    /// <summary>The log's end when this leader epoch began: until that is committed, offsets may not be told.</summary>
    public long LeaderEpochStartOffset { get; private set; }

    /// <summary>Appends that wait to be committed.</summary>
    public PendingAcks PendingAcks { get; } = new();

    /// <summary>Long polls of consumers, woken as the high watermark moves.</summary>
    public PendingFetches PendingFetches { get; } = new();

    /// <summary>Long polls of followers, woken by appends.</summary>
    public PendingFetches PendingReplicaFetches { get; } = new();

    private bool IsLeader => Role == PartitionRole.Leader;

    private int EffectiveMinInSyncReplicas => Math.Min(MinInSyncReplicas, _followers.Count + 1);

    private bool HasEnoughInSync => _isr.Length >= EffectiveMinInSyncReplicas;

    /// <summary>
    /// Takes what the metadata says now. News older than what is known, which a retried message may bring, is ignored.
    /// </summary>
    public void Apply(LeaderAndIsr news, long nowMs)
    {
        if (news.PartitionEpoch < PartitionEpoch || news.LeaderEpoch < LeaderEpoch)
        {
            return;
        }

        var wasLeader = IsLeader;
        var newLeaderEpoch = news.LeaderEpoch != LeaderEpoch;
        LeaderId = news.LeaderId;
        LeaderEpoch = news.LeaderEpoch;
        PartitionEpoch = news.PartitionEpoch;
        _isr = [.. news.Isr];
        Role = news.LeaderId == _localId ? PartitionRole.Leader : PartitionRole.Follower;
        if (!IsLeader)
        {
            StepDown();
            return;
        }

        TrackFollowers(news.Replicas);
        if (!wasLeader || newLeaderEpoch)
        {
            BeginLeading(nowMs);
        }

        // A smaller ISR may be all that a watermark waited for.
        AdvanceHighWatermark();
    }

    /// <summary>Serves nothing any more: a fault, deletion, or the broker stops.</summary>
    public void TakeOffline(ErrorCode error)
    {
        Role = PartitionRole.Offline;
        _uncommitted.Clear();
        PendingAcks.FailAll(error);
        PendingFetches.NotifyInterrupted();
        PendingReplicaFetches.NotifyInterrupted();
    }

    /// <summary>Whether a request for the leader, from someone who knows this leader epoch (-1: none), may be served.</summary>
    public ErrorCode CheckLeader(int currentLeaderEpoch)
    {
        if (Role == PartitionRole.Offline)
        {
            return ErrorCode.NotLeaderOrFollower;
        }

        // The epoch first: an old or a too new view is worth more to the client than "not the leader".
        if (currentLeaderEpoch >= 0 && currentLeaderEpoch != LeaderEpoch)
        {
            return currentLeaderEpoch < LeaderEpoch ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
        }

        return IsLeader ? ErrorCode.None : ErrorCode.NotLeaderOrFollower;
    }

    private void BeginLeading(long nowMs)
    {
        LeaderEpochStartOffset = _log.LogEndOffset;
        foreach (var follower in _followers.Values)
        {
            follower.Reset(nowMs, _isr.Contains(follower.ReplicaId));
        }
    }

    private void StepDown()
    {
        _followers.Clear();
        _uncommitted.Clear();
        PendingAcks.FailAll(ErrorCode.NotLeaderOrFollower);
        PendingFetches.NotifyInterrupted();
        PendingReplicaFetches.NotifyInterrupted();
    }

    private void TrackFollowers(IReadOnlyList<int> replicas)
    {
        foreach (var gone in _followers.Keys.Where(id => !replicas.Contains(id)).ToArray())
        {
            _followers.Remove(gone);
        }

        foreach (var id in replicas)
        {
            if (id != _localId)
            {
                _followers.TryAdd(id, new ReplicaProgress(id));
            }
        }
    }
}
