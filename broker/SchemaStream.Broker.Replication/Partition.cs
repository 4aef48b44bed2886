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
    private readonly AppendedSizes _unstable = new();
    private readonly InSyncReplicas _replicas;
    private long _appendedBytes;
    private long _committedBytes;
    private long _stableBytes;
    private long _nowMs = long.MinValue / 2;

    /// <param name="name">Topic and partition, for messages.</param>
    /// <param name="localId">The node this replica is on.</param>
    public Partition(string name, int localId, PartitionLog log)
    {
        Name = name;
        _localId = localId;
        _log = log;
        _replicas = new InSyncReplicas(localId);
        HighWatermark = log.CheckpointedHighWatermark;
        log.CommittedTo(HighWatermark);
        if (HighWatermark < log.LogEndOffset)
        {
            _uncommitted.Add(HighWatermark, log.LogEndOffset, log.SizeInBytesFrom(HighWatermark));
        }

        var stable = LastStableOffset;
        if (stable < log.LogEndOffset)
        {
            _unstable.Add(stable, log.LogEndOffset, log.SizeInBytesFrom(stable));
        }
    }

    public string Name { get; }

    public PartitionRole Role { get; private set; } = PartitionRole.Offline;

    /// <summary>-1 when no one leads.</summary>
    public int LeaderId { get; private set; } = -1;

    public int LeaderEpoch { get; private set; } = -1;

    public int PartitionEpoch { get; private set; } = -1;

    /// <summary>As the controller said last; empty while this replica does not lead.</summary>
    public IReadOnlyList<int> Isr => _replicas.Isr;

    /// <summary>Topic config min.insync.replicas; counts as no more than there are replicas.</summary>
    public int MinInSyncReplicas { get; set; } = 1;

    /// <summary>replica.lag.time.max.ms: a follower that was not at the end for so long is out of sync.</summary>
    public long ReplicaLagTimeMaxMs { get; set; } = 30_000;

    /// <summary>
    /// How many records a leader may have that are not yet on its disk, before it commits no more: the log's flush.messages,
    /// and one where every commit waits for the disk.
    /// </summary>
    public long MaxUnflushedRecords { get; set; } = long.MaxValue;

    /// <summary>Called when records wait for the disk alone; <see cref="Flushed"/> says when they need not any more.</summary>
    public Action? FlushWanted { get; set; }

    /// <summary>Whether being on this disk is all that a record here needs to be committed.</summary>
    public bool CommitsByFlush => IsLeader && MaxUnflushedRecords < long.MaxValue && Isr.Count == 1 && HasEnoughInSync;

    /// <summary>This broker's registration, for proposals of an ISR; -1 while it has none.</summary>
    public long LocalBrokerEpoch { get; set; } = -1;

    /// <summary>
    /// First offset not yet committed, as far as this replica knows. Goes back only where a truncation went below it, after
    /// an unclean election.
    /// </summary>
    public long HighWatermark { get; private set; }

    /// <summary>Bound for readers of committed transactions: the first open one, or else the high watermark.</summary>
    public long LastStableOffset =>
        Math.Min(HighWatermark, Math.Max(LogStartOffset, _log.FirstUnstableOffset ?? long.MaxValue));

    public long LogStartOffset => _log.LogStartOffset;

    public long LogEndOffset => _log.LogEndOffset;

    /// <summary>The log's end when this leader epoch began: until that is committed, offsets may not be told.</summary>
    public long LeaderEpochStartOffset { get; private set; }

    /// <summary>Appends that wait to be committed.</summary>
    public PendingAcks PendingAcks { get; } = new();

    /// <summary>Long polls of consumers, woken as the high watermark moves.</summary>
    public PendingFetches PendingFetches { get; } = new();

    /// <summary>Long polls of consumers of committed transactions, woken as the last stable offset moves.</summary>
    public PendingFetches PendingStableFetches { get; } = new();

    /// <summary>Long polls of followers, woken by appends.</summary>
    public PendingFetches PendingReplicaFetches { get; } = new();

    public bool IsLeader => Role == PartitionRole.Leader;

    private bool HasEnoughInSync => _replicas.Isr.Length >= Math.Min(MinInSyncReplicas, _replicas.ReplicaCount);

    /// <summary>
    /// Takes what the metadata says now. News older than what is known, which a retried message may bring, is ignored; what
    /// is known already only has configs looked at again, as what was asked for meanwhile is still open.
    /// </summary>
    public void Apply(LeaderAndIsr news, long nowMs)
    {
        _nowMs = Math.Max(_nowMs, nowMs);
        if (news.PartitionEpoch < PartitionEpoch || news.LeaderEpoch < LeaderEpoch)
        {
            return;
        }

        if (news.PartitionEpoch == PartitionEpoch && Role != PartitionRole.Offline)
        {
            AdvanceIfLeader();
            return;
        }

        var wasLeader = IsLeader;
        var newLeaderEpoch = news.LeaderEpoch != LeaderEpoch;
        LeaderId = news.LeaderId;
        LeaderEpoch = news.LeaderEpoch;
        PartitionEpoch = news.PartitionEpoch;
        Role = news.LeaderId == _localId ? PartitionRole.Leader : PartitionRole.Follower;
        if (IsLeader)
        {
            Lead(news, isNewEpoch: !wasLeader || newLeaderEpoch);
        }
        else
        {
            Follow(isNewEpoch: wasLeader || newLeaderEpoch);
        }
    }

    /// <summary>Serves nothing any more: a fault, deletion, or the broker stops.</summary>
    public void TakeOffline(ErrorCode error)
    {
        Role = PartitionRole.Offline;
        PendingAcks.FailAll(error);
        InterruptReaders();
    }

    /// <summary>Whether a request for the leader, from someone who knows this leader epoch (-1: none), may be served.</summary>
    public ErrorCode CheckLeader(int currentLeaderEpoch) => Check(currentLeaderEpoch, ReadFrom.Leader);

    private ErrorCode Check(int currentLeaderEpoch, ReadFrom from)
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

        return IsLeader || from == ReadFrom.AnyReplica ? ErrorCode.None : ErrorCode.NotLeaderOrFollower;
    }

    private void Lead(LeaderAndIsr news, bool isNewEpoch)
    {
        _replicas.Apply(news.Replicas, news.Isr);
        if (isNewEpoch)
        {
            LeaderEpochStartOffset = _log.LogEndOffset;
            _replicas.Reset(_nowMs);

            // Followers and consumers that wait with the old epoch have to learn of the new one.
            InterruptReaders();
        }

        OnIsrChanged();
    }

    private void Follow(bool isNewEpoch)
    {
        _replicas.Clear();
        PendingAcks.FailAll(ErrorCode.NotLeaderOrFollower);
        if (isNewEpoch)
        {
            InterruptReaders();
        }
    }

    private void InterruptReaders()
    {
        PendingFetches.NotifyInterrupted();
        PendingStableFetches.NotifyInterrupted();
        PendingReplicaFetches.NotifyInterrupted();
    }

    private void MoveHighWatermark(long offset)
    {
        Invariant.That(offset <= _log.LogEndOffset, "the high watermark is not beyond the log's end");
        HighWatermark = offset;
        _log.CommittedTo(offset);
        var bytes = _uncommitted.TakeBelow(offset);
        if (bytes > 0)
        {
            _committedBytes += bytes;
            PendingFetches.NotifyReadable(bytes);
        }

        bytes = _unstable.TakeBelow(LastStableOffset);
        if (bytes > 0)
        {
            _stableBytes += bytes;
            PendingStableFetches.NotifyReadable(bytes);
        }
    }
}
