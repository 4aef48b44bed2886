using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Broker.Runtime.Replicas;

namespace SchemaStream.Broker.Runtime.Observation;

/// <summary>
/// The inside of a node as metrics. What partitions and groups know is asked for on their lanes, when someone wants to see
/// it and at most every few seconds; nothing is done while no one listens.
/// </summary>
public sealed partial class RuntimeMetrics
{
    /// <summary>Samples that are younger are shown again.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(2);

    private readonly IQuorum _quorum;
    private readonly IMetadataAccess _metadata;
    private readonly ReplicaRuntime? _replicas;
    private readonly int _limit;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<PartitionSample> _samples = [];
    private volatile GroupSample _groupSample = GroupSample.Empty;
    private volatile Dictionary<string, int> _transactions = [];
    private Task _refreshing = Task.CompletedTask;
    private long? _refreshed;

    internal RuntimeMetrics(
        Meter meter,
        IQuorum quorum,
        IMetadataAccess metadata,
        ReplicaRuntime? replicas,
        int limit,
        TimeProvider timeProvider,
        ILogger logger)
    {
        _quorum = quorum;
        _metadata = metadata;
        _replicas = replicas;
        _limit = limit;
        _timeProvider = timeProvider;
        _logger = logger;
        ObserveCluster(meter);
        if (replicas is not null)
        {
            ObserveTraffic(meter, replicas.Hosted.Counts);
            ObservePartitions(meter, replicas.Hosted);
            ObserveCoordinators(meter);
            meter.Observe(BrokerMetrics.CleanerUncleanable, () => replicas.Cleaner.UncleanableCount);
            meter.Observe(BrokerMetrics.CleanerMaxDirty, () => (long)(100 * replicas.Cleaner.MaxDirtyRatio));
        }
    }

    private MetadataImage Image => _metadata.Image;

    /// <summary>Completes when what the next collection shows is fresh; a failure is logged and shows the older numbers.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => Refresh().WaitAsync(cancellationToken);

    private Task Refresh()
    {
        lock (_gate)
        {
            var isFresh = _refreshed is { } since && _timeProvider.GetElapsedTime(since) < FreshFor;
            if (_replicas is not null && _refreshing.IsCompleted && !isFresh)
            {
                _refreshing = Task.Run(SampleAsync);
            }

            return _refreshing;
        }
    }

    private async Task SampleAsync()
    {
        try
        {
            var partitions = _replicas!.Hosted;
            _samples = await PartitionSample.TakeAsync(partitions).ConfigureAwait(false);
            partitions.ForgetTopics();
            _groupSample = await GroupSample.TakeAsync(_replicas.Groups, Image, _samples, _limit, CancellationToken.None).ConfigureAwait(false);
            _transactions = await TransactionsByStateAsync(_replicas.Transactions).ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            // Watching a broker must not break it: its next look may go better.
            SampleFailed(cause);
        }

        lock (_gate)
        {
            _refreshed = _timeProvider.GetTimestamp();
        }
    }

    private static async Task<Dictionary<string, int>> TransactionsByStateAsync(ITransactionAccess transactions)
    {
        var replies = await transactions.SubmitToAllAsync(new ListTransactionsCommand([], []), CancellationToken.None).ConfigureAwait(false);
        return replies
            .SelectMany(reply => reply.Transactions)
            .GroupBy(transaction => transaction.State.ToString(), StringComparer.Ordinal)
            .ToDictionary(state => state.Key, state => state.Count(), StringComparer.Ordinal);
    }

    private void ObserveCluster(Meter meter)
    {
        meter.Observe(BrokerMetrics.ControllerActive, () => _quorum.View is { IsLeader: true, IsReady: true } ? 1 : 0);
        meter.Observe(BrokerMetrics.QuorumLeaderEpoch, () => _quorum.View.LeaderEpoch);
        meter.Observe(BrokerMetrics.QuorumHighWatermark, () => _quorum.View.HighWatermark);
        meter.Observe(BrokerMetrics.ClusterTopics, () => Image.TopicCount);
        meter.Observe(BrokerMetrics.PartitionsLeaderless, () => Count(partition => !partition.HasLeader));
        meter.Observe(BrokerMetrics.ClusterBrokers, () =>
        {
            var brokers = Image.Brokers.Values;
            return
            [
                Tagged(BrokerMetrics.ClusterBrokers, brokers.Count(broker => !broker.Fenced), "live"),
                Tagged(BrokerMetrics.ClusterBrokers, brokers.Count(broker => broker.Fenced), "fenced"),
            ];
        });
    }

    private static void ObserveTraffic(Meter meter, BrokerCounts counts)
    {
        Topics(BrokerMetrics.TopicReceived, topic => topic.Received);
        Topics(BrokerMetrics.TopicRecordsReceived, topic => topic.RecordsReceived);
        Topics(BrokerMetrics.TopicSent, topic => topic.Sent);
        Topics(BrokerMetrics.TopicRecordsSent, topic => topic.RecordsSent);
        meter.Observe(BrokerMetrics.ReplicationReceived, () => counts.ReplicationReceived);
        meter.Observe(BrokerMetrics.ReplicationSent, () => counts.ReplicationSent);
        meter.Observe(BrokerMetrics.IsrShrinks, () => counts.IsrShrinks);
        meter.Observe(BrokerMetrics.IsrExpansions, () => counts.IsrExpansions);
        meter.Observe(BrokerMetrics.LeaderElections, () => counts.LeaderElections);

        void Topics(MetricDefinition metric, Func<TopicTraffic, long> value) =>
            meter.Observe(metric, () => counts.Topics.Select(topic => Tagged(metric, value(topic), topic.Topic)));
    }

    private void ObservePartitions(Meter meter, HostedPartitions partitions)
    {
        meter.Observe(BrokerMetrics.Partitions, () => partitions.All.Count);
        meter.Observe(BrokerMetrics.PartitionsLed, () => Count(IsLedHere));
        meter.Observe(BrokerMetrics.PartitionsUnderReplicated, () => Count(one => IsLedHere(one) && one.Isr.Length < one.Replicas.Length));
        meter.Observe(BrokerMetrics.PartitionsUnderMinIsr, () => partitions.All.Count(hosted =>
            Image.TryGetTopic(hosted.Id.TopicId, out var topic)
            && topic.Partition(hosted.Id.Partition) is { } one
            && IsLedHere(one)
            && one.Isr.Length < Math.Min(hosted.Config.MinInSyncReplicas, one.Replicas.Length)));
        meter.Observe(BrokerMetrics.LaneQueue, () => partitions.Lanes.Select(lane => Tagged(BrokerMetrics.LaneQueue, lane.QueuedCount, lane.Name)));
        meter.Observe(BrokerMetrics.LogSegments, () => Sampled().Sum(sample => (long)sample.SegmentCount));
        meter.Observe(BrokerMetrics.LogsOffline, () => Sampled().Count(sample => sample.IsOffline));
        meter.Observe(BrokerMetrics.LogSize, () => Sampled()
            .GroupBy(sample => sample.Topic, StringComparer.Ordinal)
            .Select(topic => Tagged(BrokerMetrics.LogSize, topic.Sum(sample => sample.SizeBytes), topic.Key)));
    }

    private void ObserveCoordinators(Meter meter)
    {
        meter.Observe(BrokerMetrics.Transactions, () => _transactions.Select(state => Tagged(BrokerMetrics.Transactions, state.Value, state.Key)));
        meter.Observe(BrokerMetrics.Groups, () =>
        {
            Sampled();
            return _groupSample.CountByState.Select(state => Tagged(BrokerMetrics.Groups, state.Value, state.Key));
        });
        meter.Observe(BrokerMetrics.GroupLag, () => _groupSample.Lags.Select(lag => new Measurement<long>(
            lag.Records, BrokerMetrics.GroupLag.Tag(0, lag.GroupId), BrokerMetrics.GroupLag.Tag(1, lag.Topic))));
    }

    /// <summary>The last look, which has the next collection see a newer one.</summary>
    private IReadOnlyList<PartitionSample> Sampled()
    {
        _ = Refresh();
        return _samples;
    }

    private bool IsLedHere(PartitionRegistration partition) => partition.Leader == _metadata.NodeId;

    private long Count(Func<PartitionRegistration, bool> which)
    {
        var count = 0L;
        foreach (var (_, topic) in Image.TopicsByName)
        {
            foreach (var partition in topic.Partitions)
            {
                count += which(partition) ? 1 : 0;
            }
        }

        return count;
    }

    private static Measurement<long> Tagged(MetricDefinition metric, long value, string tag) => new(value, metric.Tag(0, tag));

    [LoggerMessage(EventId = 1701, Level = LogLevel.Error, Message = "Looking at partitions and groups for metrics failed; the next look may not")]
    private partial void SampleFailed(Exception cause);
}
