using System.Globalization;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>
/// Follows whoever leads: one fetcher for each broker that leads something this one has a replica of. Told of changes by
/// one caller at a time, after the partitions' lanes know of them.
/// </summary>
internal sealed class ReplicaFetchers : IAsyncDisposable
{
    private readonly Dictionary<int, LeaderFetcher> _fetchers = [];
    private readonly Dictionary<TopicIdPartition, (int LeaderId, int LeaderEpoch)> _followed = [];
    private readonly Dictionary<int, Changes> _changes = [];
    private readonly int _nodeId;
    private readonly ReplicaOptions _options;
    private readonly ReplicationQuotas _quotas;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private Task _endings = Task.CompletedTask;

    public ReplicaFetchers(
        int nodeId, ReplicaOptions options, ReplicationQuotas quotas, TimeProvider timeProvider, ILogger logger)
    {
        _nodeId = nodeId;
        _options = options;
        _quotas = quotas;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <summary>Whose fetchers there are now, for tests.</summary>
    public IReadOnlyCollection<int> Leaders => _fetchers.Keys;

    /// <summary>Takes what has changed, and where the brokers are now.</summary>
    public void Update(MetadataImage image, IEnumerable<Following> changed)
    {
        _quotas.Leader.SetRate(Rate(image, BrokerConfigDefinitions.LeaderReplicationThrottledRate, _options.LeaderThrottledRate));
        _quotas.Follower.SetRate(
            Rate(image, BrokerConfigDefinitions.FollowerReplicationThrottledRate, _options.FollowerThrottledRate));
        foreach (var following in changed)
        {
            Change(following);
        }

        CarryOutChanges();
        var brokerEpoch = image.Brokers.TryGetValue(_nodeId, out var self) ? self.BrokerEpoch : -1;
        foreach (var (leaderId, fetcher) in _fetchers)
        {
            image.Brokers.TryGetValue(leaderId, out var leader);
            fetcher.Locate(leader?.Endpoint(_options.InterBrokerListener), brokerEpoch);
        }
    }

    /// <summary>Partitions that are not here any more.</summary>
    public void Stop(IEnumerable<TopicIdPartition> gone)
    {
        foreach (var id in gone)
        {
            Stop(id);
        }

        CarryOutChanges();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var fetcher in _fetchers.Values)
        {
            _endings = Task.WhenAll(_endings, fetcher.DisposeAsync().AsTask());
        }

        _fetchers.Clear();
        _followed.Clear();
        await _endings.ConfigureAwait(false);
    }

    /// <summary>Set for this broker or for all while they run, or else at the start.</summary>
    private long Rate(MetadataImage image, string config, long atStart) =>
        long.TryParse(image.BrokerConfig(_nodeId, config), NumberStyles.None, CultureInfo.InvariantCulture, out var rate)
            ? rate
            : atStart;

    private void Change(in Following following)
    {
        var id = following.Partition.Id;
        if (following.LeaderId < 0)
        {
            Stop(id);
        }
        else if (!_followed.TryGetValue(id, out var before) || before != (following.LeaderId, following.LeaderEpoch))
        {
            Stop(id);
            _followed[id] = (following.LeaderId, following.LeaderEpoch);
            ChangesOf(following.LeaderId).Added.Add(following);
        }
    }

    private void Stop(TopicIdPartition id)
    {
        if (_followed.Remove(id, out var before))
        {
            ChangesOf(before.LeaderId).Removed.Add(id);
        }
    }

    private void CarryOutChanges()
    {
        foreach (var (leaderId, changes) in _changes)
        {
            var fetcher = FetcherOf(leaderId);
            fetcher.Change(changes.Added, changes.Removed);
            if (fetcher.IsEmpty)
            {
                _fetchers.Remove(leaderId);
                _endings = Task.WhenAll(_endings, fetcher.DisposeAsync().AsTask());
            }
        }

        _changes.Clear();
    }

    private Changes ChangesOf(int leaderId)
    {
        if (!_changes.TryGetValue(leaderId, out var changes))
        {
            _changes[leaderId] = changes = new Changes([], []);
        }

        return changes;
    }

    private LeaderFetcher FetcherOf(int leaderId)
    {
        if (!_fetchers.TryGetValue(leaderId, out var fetcher))
        {
            _fetchers[leaderId] = fetcher = new LeaderFetcher(
                _nodeId, leaderId, _options, _quotas.Follower, _timeProvider, _logger);
        }

        return fetcher;
    }

    private sealed record Changes(List<Following> Added, List<TopicIdPartition> Removed);
}
