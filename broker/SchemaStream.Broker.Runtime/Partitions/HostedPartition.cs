using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Observation;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>
/// A partition that this broker has a replica of: its log, its state and the lane that alone touches them. What other
/// threads may read says so.
/// </summary>
internal sealed partial class HostedPartition : ILaneOwner
{
    /// <summary>How long after a consumer's last read its next one is reckoned with.</summary>
    private const long ConsumerMemoryMs = 30_000;

    private readonly LaneTimer _acksTimer;
    private readonly LaneTimer _flushTimer;
    private readonly LaneTimer _isrTimer;
    private int _isrFailures;
    private long _lastConsumerMs = long.MinValue / 2;
    private volatile TopicConfig _config;

    public HostedPartition(TopicIdPartition id, string topic, Lane lane, int laneIndex, TopicConfig config)
    {
        Id = id;
        Topic = topic;
        Lane = lane;
        LaneIndex = laneIndex;
        _config = config;
        Directory = new PartitionDirectory(topic, id.Partition);
        _acksTimer = lane.Timers.Create(this, _ => ExpireAcks());
        _isrTimer = lane.Timers.Create(this, _ => ProposeIsr());
        _flushTimer = lane.Timers.Create(this, _ => BeginFlush(FlushScope.Everything));
    }

    /// <summary>Any thread.</summary>
    public TopicIdPartition Id { get; }

    /// <summary>Any thread.</summary>
    public string Topic { get; }

    /// <summary>Any thread. Topic and partition, as the directory is called.</summary>
    public string Name => Directory.Name;

    /// <summary>Any thread.</summary>
    public PartitionDirectory Directory { get; }

    /// <summary>Any thread.</summary>
    public Lane Lane { get; }

    /// <summary>Any thread.</summary>
    public int LaneIndex { get; }

    /// <summary>Any thread: what applies to the topic now.</summary>
    public TopicConfig Config => _config;

    /// <summary>Null until the log is open, and again once the partition is offline or gone.</summary>
    public Partition? Replica { get; private set; }

    /// <summary>Null until the log is open, and again once the partition is offline or gone.</summary>
    public PartitionLog? Log { get; private set; }

    /// <summary>What every request is answered with while there is no <see cref="Replica"/>.</summary>
    public ErrorCode Unavailable { get; private set; } = ErrorCode.NotLeaderOrFollower;

    /// <summary>Any thread: whether consumers have lately read from this replica though it does not lead.</summary>
    public bool ServesConsumersAsFollower => Lane.Clock.SteadyMs - Volatile.Read(ref _lastConsumerMs) < ConsumerMemoryMs;

    /// <summary>Any thread.</summary>
    public ThrottledSides Throttled { get; set; }

    /// <summary>The coordinator whose records this partition keeps, if it is one of an internal topic's.</summary>
    public IPartitionTenant? Tenant { get; set; }

    /// <summary>Who is told when the disk fails this partition.</summary>
    public FailedLeaders? FailedLeaders { get; set; }

    /// <summary>Any thread: whether the log cannot be written to, or nothing is served of it, by a fault.</summary>
    public bool HasFailed => Log is { } log ? log.IsOffline : Unavailable == ErrorCode.KafkaStorageError;

    /// <summary>How long a producer is remembered that writes nothing.</summary>
    public TimeSpan ProducerIdExpiration { get; set; } = TimeSpan.FromDays(1);

    /// <summary>What applies to the log now.</summary>
    public LogConfig LogConfig =>
        Config.ToLogConfig() with { ProducerIdExpirationMs = (long)ProducerIdExpiration.TotalMilliseconds };

    /// <summary>What confirms that a write is part of its producer's transaction; set before anything is written.</summary>
    public TransactionVerifications? Verifications { get; set; }

    /// <summary>Where proposals of an ISR go.</summary>
    public IsrUpdates? IsrUpdates { get; set; }

    /// <summary>Any thread: what goes in and out of the topic; set before anything does.</summary>
    public TopicTraffic? Traffic { get; set; }

    /// <summary>Any thread: what is counted of all partitions together; set before there is anything.</summary>
    public BrokerCounts? Counts { get; set; }

    /// <summary>On the lane: what the metadata said last.</summary>
    public LeaderAndIsr? State { get; private set; }

    /// <summary>The high watermark that was written last; only whoever writes them touches it.</summary>
    public long CheckpointedHighWatermark { get; set; } = -1;

    /// <summary>On the lane: whether the controller is to be asked for another ISR, now that a follower caught up.</summary>
    public void ProposeIsr() => IsrUpdates?.Look(this);

    /// <summary>On the lane, after the controller refused or was not reached: later, and later with each time.</summary>
    public void ProposeIsrLater(long firstMs, long longestMs) =>
        _isrTimer.Arm(Lane.Clock.SteadyMs + Math.Min(longestMs, firstMs << Math.Min(_isrFailures++, 16)));

    public void Opened(PartitionLog log, int nodeId, TimeSpan lagTimeMax)
    {
        Log = log;
        Replica = new Partition(Name, nodeId, log)
        {
            MinInSyncReplicas = Config.MinInSyncReplicas,
            MaxUnflushedRecords = MaxUnflushedRecords,
            FlushWanted = () => BeginFlush(FlushScope.Records),
            ReplicaLagTimeMaxMs = (long)lagTimeMax.TotalMilliseconds,
        };
    }

    public void Apply(TopicConfig config, LeaderAndIsr state, Lane lane)
    {
        if (Replica is not { } replica || Log is not { } log)
        {
            return;
        }

        if (!ReferenceEquals(config, _config))
        {
            _config = config;
            log.UpdateConfig(LogConfig);
            replica.MinInSyncReplicas = config.MinInSyncReplicas;
            replica.MaxUnflushedRecords = MaxUnflushedRecords;
        }

        var previous = State;
        State = state;
        _isrFailures = 0;
        var leaderEpoch = replica.Role == PartitionRole.Leader ? replica.LeaderEpoch : -1;
        replica.Apply(state, lane.Clock.SteadyMs);
        if (replica.Role != PartitionRole.Leader || replica.LeaderEpoch != leaderEpoch)
        {
            Verifications?.DropAll(ErrorCode.NotLeaderOrFollower);
        }

        Count(replica, leaderEpoch, previous);
        Tenant?.OnRoleChanged(replica);
    }

    /// <summary>On the lane: a consumer reads here.</summary>
    public void NoteConsumer(Partition replica)
    {
        if (replica.Role == PartitionRole.Follower)
        {
            Volatile.Write(ref _lastConsumerMs, Lane.Clock.SteadyMs);
        }
    }

    /// <summary>After appends or waits: the earliest deadline of an acknowledgement.</summary>
    public void ArmAcksTimer()
    {
        if (Replica is { PendingAcks.Count: > 0 } replica && replica.PendingAcks.NextDeadlineMs < _acksTimer.DeadlineMs)
        {
            _acksTimer.Arm(replica.PendingAcks.NextDeadlineMs);
        }
    }

    /// <summary>
    /// A fault of the disk or of this program. A log that only cannot be written to (the disk is full) is still read from;
    /// after anything else the partition serves nothing, and what is on disk stays for the next start to look at.
    /// </summary>
    public void TakeOffline(Exception cause)
    {
        StopServing(cause);
        FailedLeaders?.Note(this, cause);
    }

    private void StopServing(Exception cause)
    {
        if (cause is LogStorageException && Log is { IsOffline: true })
        {
            Replica?.PendingAcks.FailAll(ErrorCode.KafkaStorageError);
            if (Log.NeedsReopening)
            {
                LetFollowersGoOn();
            }
        }
        else
        {
            Close(ErrorCode.KafkaStorageError, PartitionEnd.Abandoned);
        }
    }

    /// <summary>On the lane: whether the log can be written to, if need be again.</summary>
    public bool TryBringOnline()
    {
        if (Log is not { IsOffline: true } log)
        {
            return Log is not null;
        }

        try
        {
            log.BringOnline();
            FlushAsConfigured();
            return true;
        }
        catch (LogStorageException)
        {
            // Still broken: it stays offline, as was logged when it went.
            return false;
        }
    }

    /// <summary>Serves nothing from now on.</summary>
    public void Close(ErrorCode error, PartitionEnd end)
    {
        var (replica, log) = (Replica, Log);
        (Replica, Log, Unavailable) = (null, null, error);
        _acksTimer.Disarm();
        _flushTimer.Disarm();
        _isrTimer.Disarm();
        try
        {
            LetFollowersGoOn();
            Verifications?.DropAll(error);
            Tenant?.OnClosed();
        }
        finally
        {
            CloseLog(replica, log, error, end);
        }
    }

    /// <summary>From any thread: a look at, or a change of, the partition on its lane.</summary>
    public async ValueTask<T> CallAsync<T>(Func<Partition, T> work, Func<ErrorCode, T> unavailable)
    {
        try
        {
            return await Lane.RunAsync(new LaneCall<T>(
                this, _ => Replica is { } replica ? work(replica) : unavailable(Unavailable))).ConfigureAwait(false);
        }
        catch (LaneClosedException)
        {
            return unavailable(ErrorCode.NotLeaderOrFollower);
        }
        catch (Exception)
        {
            // Whatever it was, the lane has logged it and taken the partition offline.
            return unavailable(ErrorCode.KafkaStorageError);
        }
    }

    private void Count(Partition replica, int ledInEpoch, LeaderAndIsr? previous)
    {
        if (replica.Role == PartitionRole.Leader && replica.LeaderEpoch != ledInEpoch)
        {
            Counts?.Elected();
        }
        else if (replica.Role == PartitionRole.Leader && previous is not null)
        {
            Counts?.IsrChanged(previous.Isr.Count, State!.Isr.Count);
        }
    }

    private static void CloseLog(Partition? replica, PartitionLog? log, ErrorCode error, PartitionEnd end)
    {
        try
        {
            replica?.TakeOffline(error);
        }
        finally
        {
            if (end == PartitionEnd.Clean)
            {
                log?.Close();
            }
            else
            {
                log?.Dispose();
            }
        }
    }

    private void ExpireAcks()
    {
        Replica?.PendingAcks.Expire(Lane.Clock.SteadyMs);
        ArmAcksTimer();
    }
}
