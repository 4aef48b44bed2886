using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Simulation.Cluster;

/// <summary>
/// The broker of one process: registers, says that it lives, follows the metadata, and has a replica of each partition
/// that is placed on it.
/// </summary>
internal sealed partial class BrokerLane : IIsrEligibility
{
    private const int HeartbeatMs = 120;
    private const int LookAtIsrMs = 60;
    private const int CheckpointMs = 700;
    private const int AckTimeoutMs = 1_200;

    private readonly NodeProcess _process;
    private readonly DataDirectory _data;
    private readonly LogFileCache _files = new(64);
    private readonly SortedDictionary<PartitionKey, Replica> _replicas = [];
    private readonly Guid _incarnation;
    private MetadataImage _image = MetadataImage.Empty;
    private long _brokerEpoch = -1;
    private bool _isPublishing;
    private bool _hasOpenedLogs;
    private long _heartbeatAtMs;
    private bool _awaitsAnswer;
    private long _lookAtIsrAtMs;
    private long _checkpointAtMs;

    public BrokerLane(NodeProcess process)
    {
        _process = process;
        var bytes = new byte[16];
        process.Random.NextBytes(bytes);
        _incarnation = new Guid(bytes);
        _data = DataDirectory.Open(process.Node.Disk.Directory("data"));
        process.World.Metadata.Starts(_incarnation, process.Id, _data.WasCleanShutdown);
    }

    /// <summary>What clients are told.</summary>
    public MetadataImage Image => _image;

    public IEnumerable<Replica> Replicas => _replicas.Values;

    /// <summary>It wants to stop, once nothing depends on it.</summary>
    public bool IsStopping { get; set; }

    private Schedules.Schedule Schedule => _process.World.Schedule;

    public void Start() => MetadataChanged();

    public Replica? Find(PartitionKey key) => _replicas.GetValueOrDefault(key);

    public void Tick()
    {
        var nowMs = _process.NowMs;
        if (nowMs >= _heartbeatAtMs && !_awaitsAnswer)
        {
            _heartbeatAtMs = nowMs + HeartbeatMs;
            SayThatItLives();
        }

        foreach (var replica in _replicas.Values)
        {
            replica.Partition.PendingAcks.Expire(nowMs);
            if (replica.Partition.Role == PartitionRole.Follower && nowMs >= replica.NextFetchMs)
            {
                Fetch(replica, nowMs);
            }
        }

        if (nowMs >= _lookAtIsrAtMs)
        {
            _lookAtIsrAtMs = nowMs + LookAtIsrMs;
            foreach (var replica in _replicas.Values)
            {
                ProposeIsr(replica, nowMs);
            }
        }

        if (nowMs >= _checkpointAtMs)
        {
            _checkpointAtMs = nowMs + Schedule.Between(CheckpointMs / 2, CheckpointMs);
            Checkpoint();
        }
    }

    /// <summary>There is newer metadata; the broker acts on it a little later, and on the newest then.</summary>
    public void MetadataChanged()
    {
        if (!_isPublishing && _process.Quorum?.Committed.Offset > _image.Offset)
        {
            _isPublishing = true;
            Schedule.At(Schedule.Between(0, 15), () => _process.Enter(Publish));
        }
    }

    public bool MayJoinIsr(int brokerId, long brokerEpoch) =>
        _image.Brokers.TryGetValue(brokerId, out var broker) && broker.IsActive && broker.BrokerEpoch == brokerEpoch;

    private void Publish()
    {
        _isPublishing = false;
        _image = _process.Quorum.Committed;

        // Until the metadata has this very registration it may speak of a former life: what that led, or had, is not this one's.
        if (_brokerEpoch < 0 || !_image.Brokers.TryGetValue(_process.Id, out var self) || self.BrokerEpoch != _brokerEpoch)
        {
            return;
        }

        _hasOpenedLogs = true;
        var gone = new HashSet<PartitionKey>(_replicas.Keys);
        foreach (var topic in _image.TopicsByName.Values.OrderBy(topic => topic.Name, StringComparer.Ordinal))
        {
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                var key = new PartitionKey(topic.Name, topic.TopicId, index);
                if (topic.Partitions[index].Replicas.Contains(_process.Id))
                {
                    gone.Remove(key);
                    Follow(key, topic, topic.Partitions[index]);
                }
            }
        }

        foreach (var key in gone.Order())
        {
            Delete(key);
        }
    }

    private void Follow(PartitionKey key, TopicImage topic, PartitionRegistration registration)
    {
        if (!_replicas.TryGetValue(key, out var replica))
        {
            var log = _data.OpenLog(new PartitionDirectory(key.Topic, key.Index), key.TopicId, ClusterWorld.LogConfig, _files, _process.NowMs);
            var partition = new Partition(key.ToString(), _process.Id, log) { ReplicaLagTimeMaxMs = _process.World.ReplicaLagTimeMaxMs };
            _replicas.Add(key, replica = new Replica(key, partition, log));
        }

        replica.Partition.LocalBrokerEpoch = _brokerEpoch;
        replica.Apply(registration, topic.Config.MinInSyncReplicas, _process.NowMs);
    }

    private void Delete(PartitionKey key)
    {
        if (_replicas.Remove(key, out var replica))
        {
            replica.Partition.TakeOffline(ErrorCode.NotLeaderOrFollower);
            replica.Log.Dispose();
            var bytes = new byte[16];
            _process.Random.NextBytes(bytes);
            _data.Delete(new PartitionDirectory(key.Topic, key.Index), new Guid(bytes))();
        }
    }

    private void SayThatItLives()
    {
        _awaitsAnswer = true;
        if (_brokerEpoch < 0)
        {
            var register = new RegisterBrokerCommand(
                _process.Id, _incarnation, [new BrokerEndpoint("PLAINTEXT", "node", 9_000 + _process.Id)], Rack: null)
            {
                DirectoryId = _process.Node.DirectoryId,
                PreviousShutdownWasClean = _data.WasCleanShutdown,
            };
            _process.Command(register, Registered);
        }
        else
        {
            _process.Command(
                new BrokerHeartbeatCommand(_process.Id, _brokerEpoch, _image.Offset, WantFence: false, WantShutDown: IsStopping), Heard);
        }
    }

    private void Registered(RegisterBrokerReply reply)
    {
        _awaitsAnswer = false;
        if (reply.ErrorCode == ErrorCode.None)
        {
            _brokerEpoch = reply.BrokerEpoch;
            _heartbeatAtMs = _process.NowMs;
            _process.World.Trace(_process.Id, $"is registered in epoch {_brokerEpoch}");
        }
    }

    private void Heard(BrokerHeartbeatReply reply)
    {
        _awaitsAnswer = false;
        if (reply.ErrorCode == ErrorCode.StaleBrokerEpoch)
        {
            _brokerEpoch = -1;
        }
        else if (reply.ShouldShutDown && IsStopping)
        {
            Stop();
        }
    }

    /// <summary>Closes every log, and says so on the disk.</summary>
    private void Stop()
    {
        foreach (var replica in _replicas.Values)
        {
            replica.Partition.TakeOffline(ErrorCode.NotLeaderOrFollower);
            replica.Log.Close();
        }

        Checkpoint();
        if (_hasOpenedLogs || _data.WasCleanShutdown)
        {
            _data.MarkCleanShutdown();
        }

        _data.Dispose();
        _process.World.Stopped(_process);
    }

    private void Checkpoint()
    {
        if (!_hasOpenedLogs)
        {
            return; // what is known of them stays as true as it was
        }

        // Logs are flushed now and then; in between a loss of power costs what was written since.
        foreach (var replica in _replicas.Values.Where(replica => !IsClosed(replica) && Schedule.Chance(0.3)))
        {
            replica.Log.Flush();
        }

        _data.WriteCheckpoints([.. _replicas.Values.Select(replica => new LogCheckpoint(
            new PartitionDirectory(replica.Key.Topic, replica.Key.Index),
            replica.Log.RecoveryPoint,
            replica.Log.LogStartOffset,
            replica.Partition.HighWatermark))]);
    }

    private static bool IsClosed(Replica replica) => replica.Partition.Role == PartitionRole.Offline;
}
