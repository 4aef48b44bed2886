using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Controller;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>
/// Makes this broker hold what the metadata says it holds: opens logs, tells partitions who leads, deletes what is gone.
/// Called by the controller's loop, one image after the other; the work itself is done on the partitions' lanes.
/// </summary>
internal sealed partial class ReplicaHost : IImageFollower
{
    private readonly DataDirectory _data;
    private readonly HostedPartitions _partitions;
    private readonly LogFileCache _cache = new(LogFileCache.CapacityWithin(OpenFileLimit.Read()));
    private readonly Action<HostedPartition> _settle;
    private readonly ReplicaFetchers _fetchers;
    private readonly ReplicaOptions _options;
    private readonly int _nodeId;
    private readonly ILogger _logger;
    private MetadataImage _prepared = MetadataImage.Empty;

    public ReplicaHost(
        int nodeId,
        DataDirectory data,
        HostedPartitions partitions,
        ReplicaFetchers fetchers,
        ReplicaOptions options,
        Action<HostedPartition> settle,
        ILogger logger)
    {
        _nodeId = nodeId;
        _data = data;
        _partitions = partitions;
        _fetchers = fetchers;
        _options = options;
        _settle = settle;
        _logger = logger;
    }

    /// <summary>Told the names of topics that are gone, once their partitions are.</summary>
    public Func<IReadOnlyList<string>, Task>? TopicsDeleted { get; set; }

    public async ValueTask PrepareAsync(MetadataImage image)
    {
        var isFirst = _prepared.Offset < 0;
        if (isFirst)
        {
            SetStraysAside(image);
        }

        // Before the young topic's logs are opened, the old one's of the same name have to make way.
        bool IsReplaced(TopicImage old) => image.TryGetTopic(old.Name, out var young) && young.TopicId != old.TopicId;
        await RemoveAsync(Gone(_prepared, image, IsReplaced), image).ConfigureAwait(false);

        var changes = ChangesOf(image);
        await Task.WhenAll(changes.Select(lane => lane.RunAsync())).ConfigureAwait(false);
        var opened = changes.SelectMany(lane => lane.Items).Where(change => change.IsNew).ToList();
        if (opened.Count > 0)
        {
            // Once for all of them: a thousand new partitions do not wait a thousand times for the disk.
            _data.Root.Sync();
            opened.ForEach(change => _partitions.Add(change.Partition));
        }

        _fetchers.Update(image, changes.SelectMany(lane => lane.Items).Select(change => change.Following));
        _prepared = image;
        if (isFirst && _partitions.All.Count > 0)
        {
            LogsOpened(_partitions.All.Count, _data.WasCleanShutdown);
        }
    }

    public async ValueTask FollowAsync(MetadataImage previous, MetadataImage image)
    {
        _partitions.Image = image;
        await RemoveAsync(Gone(previous, image, _ => true), image).ConfigureAwait(false);
        var deleted = previous.TopicsByName.Values
            .Where(topic => !image.TryGetTopic(topic.TopicId, out _)).Select(topic => topic.Name).ToArray();
        if (deleted.Length > 0 && TopicsDeleted is { } tell)
        {
            _removals = Task.WhenAll(_removals, tell(deleted));
        }
    }

    /// <summary>Flushes and closes every log; true when all went well, so that the next start need not look.</summary>
    public async Task<bool> CloseAsync()
    {
        await _fetchers.DisposeAsync().ConfigureAwait(false);
        await _removals.ConfigureAwait(false);
        if (_prepared.Offset < 0)
        {
            // The start failed before any log was opened: what is known of them stays as true as it was.
            return _data.WasCleanShutdown;
        }

        var partitions = _partitions.All;
        var closed = await Task.WhenAll(partitions.Select(CloseAsync)).ConfigureAwait(false);
        _data.WriteCheckpoints([.. partitions.Zip(closed, (partition, log) => log ?? LastKnown(partition))]);
        return closed.All(log => log is not null);
    }

    /// <summary>What is to be remembered of the logs, should the broker not stop cleanly.</summary>
    public async Task WriteCheckpointsAsync()
    {
        var checkpoints = new List<(HostedPartition Partition, LogCheckpoint Checkpoint)>();
        foreach (var partition in _partitions.All)
        {
            var checkpoint = await partition
                .CallAsync(_ => CheckpointOf(partition), _ => LastKnown(partition))
                .ConfigureAwait(false);
            checkpoints.Add((partition, checkpoint));
        }

        lock (_removing)
        {
            // What was deleted meanwhile may have a successor of the same name already.
            _data.WriteCheckpoints(
                [.. checkpoints.Where(each => _partitions.Contains(each.Partition)).Select(each => each.Checkpoint)]);
        }
    }

    /// <summary>What committed is remembered, so that a start after a crash need not wait for the leader to say it again.</summary>
    public Task WriteHighWatermarksAsync()
    {
        lock (_removing)
        {
            // Looked at from outside the lanes: a watermark of a moment ago does as well.
            var moved = new List<KeyValuePair<PartitionDirectory, long>>();
            foreach (var partition in _partitions.All)
            {
                if (partition.Replica is { } replica && replica.HighWatermark != partition.CheckpointedHighWatermark)
                {
                    partition.CheckpointedHighWatermark = replica.HighWatermark;
                    moved.Add(new(partition.Directory, partition.CheckpointedHighWatermark));
                }
            }

            if (moved.Count > 0)
            {
                _data.WriteHighWatermarks(moved);
            }
        }

        return Task.CompletedTask;
    }

    private LogCheckpoint CheckpointOf(HostedPartition partition) => partition.Log is { } log
        ? new LogCheckpoint(
            partition.Directory, log.RecoveryPoint, log.LogStartOffset, partition.Replica?.HighWatermark ?? 0)
        : LastKnown(partition);

    /// <summary>Of a log that is not open: forgetting its start would bring back records that were deleted.</summary>
    private LogCheckpoint LastKnown(HostedPartition partition)
    {
        var known = _data.OptionsFor(partition.Directory);
        return new LogCheckpoint(partition.Directory, known.RecoveryPoint, known.LogStartOffset, known.HighWatermark);
    }

    private async Task<LogCheckpoint?> CloseAsync(HostedPartition partition)
    {
        try
        {
            return await partition.Lane.RunAsync(new LaneCall<LogCheckpoint?>(partition, _ =>
            {
                if (partition.Log is not { } log)
                {
                    return null;
                }

                var highWatermark = partition.Replica?.HighWatermark ?? 0;
                partition.Close(ErrorCode.NotLeaderOrFollower, PartitionEnd.Clean);
                return new LogCheckpoint(partition.Directory, log.RecoveryPoint, log.LogStartOffset, highWatermark);
            })).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whatever it was, the lane has logged it; the next start looks at this log's end.
            return null;
        }
    }

    /// <summary>What differs from the image before, by lane.</summary>
    private LaneRound<ReplicaChange>[] ChangesOf(MetadataImage image)
    {
        var lanes = _partitions.Lanes
            .Select(lane => new LaneRound<ReplicaChange>(lane, change => change.Partition, CarryOut)).ToArray();
        foreach (var (_, before, topic) in image.ChangedSince(_prepared).Topics)
        {
            if (topic is null)
            {
                continue;
            }

            var throttles = new TopicThrottles(topic);
            var isConfigSame = before is not null
                && ReferenceEquals(before.Config, topic.Config) && ReferenceEquals(before.ConfigOverrides, topic.ConfigOverrides);
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                var registration = topic.Partitions[index];
                if ((!isConfigSame || before!.Partition(index) != registration) && registration.Replicas.Contains(_nodeId))
                {
                    var change = ChangeOf(new TopicIdPartition(topic.TopicId, index), topic, registration, throttles);
                    lanes[change.Partition.LaneIndex].Items.Add(change);
                }
            }
        }

        return [.. lanes.Where(lane => lane.Items.Count > 0)];
    }

    private ReplicaChange ChangeOf(TopicIdPartition id, TopicImage topic, PartitionRegistration registration, TopicThrottles throttles)
    {
        var isNew = !_partitions.TryGet(id, out var partition);
        if (isNew)
        {
            var lane = _partitions.LaneIndexOf(id);
            partition = new HostedPartition(id, topic.Name, _partitions.Lanes[lane], lane, topic.Config);
            _settle(partition);
        }

        var state = new LeaderAndIsr(
            registration.Leader, registration.LeaderEpoch, registration.PartitionEpoch, registration.Replicas, registration.Isr);
        return new ReplicaChange(partition!, isNew, topic.Config, state)
        {
            Throttled = throttles.SidesOf(id.Partition, _nodeId),
        };
    }

    /// <summary>On the partition's lane.</summary>
    private void CarryOut(ReplicaChange change, Lane lane)
    {
        var partition = change.Partition;
        if (change.IsNew)
        {
            Open(partition, lane);
        }

        partition.Throttled = change.Throttled;
        partition.Apply(change.Config, change.State, lane);
        if (partition.Replica is { Role: PartitionRole.Follower, LeaderId: >= 0 } replica)
        {
            change.Following = new Following(partition, replica.LeaderId, replica.LeaderEpoch, replica.FollowerPosition);
        }
    }

    private void Open(HostedPartition partition, Lane lane)
    {
        var log = _data.OpenLog(
            partition.Directory,
            partition.Id.TopicId,
            partition.LogConfig,
            _cache,
            lane.Clock.WallMs,
            syncRoot: false);
        partition.Opened(log, _nodeId, _options.LagTimeMax);
        LogRepairs.Tell(_logger, partition.Name, log);
    }

    /// <summary>
    /// Directories that no topic of the metadata owns: of a topic deleted while this broker was down, or someone's mistake.
    /// They are renamed, not removed: no one has asked for that.
    /// </summary>
    private void SetStraysAside(MetadataImage image)
    {
        foreach (var name in _data.Root.ListDirectories())
        {
            if (!PartitionDirectory.TryParse(name, out var directory)
                || directory.Topic == InternalTopics.ClusterMetadata
                || (image.TryGetTopic(directory.Topic, out var topic)
                    && IsOf(topic, directory)
                    && topic.Partition(directory.Partition) is { } registration
                    && registration.Replicas.Contains(_nodeId)))
            {
                continue;
            }

            var aside = $"{directory.Name}.{Guid.NewGuid():N}-stray";
            _data.Root.Rename(directory.Name, aside);
            StraySetAside(directory.Name, aside);
        }
    }

    private bool IsOf(TopicImage topic, PartitionDirectory directory)
    {
        try
        {
            return _data.OwnerOf(directory) is not { } topicId || topicId == topic.TopicId;
        }
        catch (LogStorageException unreadable)
        {
            // Whose it is cannot be told: it stays where it is, and takes its partition offline when it is opened.
            DirectoryUnreadable(directory.Name, unreadable);
            return true;
        }
    }
}
