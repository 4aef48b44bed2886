using System.Net.Sockets;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Protocol.Client.Clusters;

/// <summary>
/// A cluster, known by some of its brokers: finds the others, whom a partition or a coordinator is led by, and keeps one
/// connection to each broker that is asked.
/// </summary>
/// <remarks>Versions are those that every broker from Kafka 2.3 to 4.x serves, so none has to be asked for its own.</remarks>
public sealed class KafkaCluster : IAsyncDisposable
{
    private const short MetadataVersion = 8;
    private const short FindCoordinatorVersion = 2;

    private readonly Func<CancellationToken, ValueTask<IReadOnlyList<BrokerAddress>>> _bootstrap;
    private readonly KafkaConnectionOptions _options;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<BrokerAddress, KafkaConnection> _connections = [];
    private readonly Dictionary<int, BrokerAddress> _brokers = [];
    private bool _disposed;

    public KafkaCluster(IReadOnlyList<BrokerAddress> bootstrap, KafkaConnectionOptions options)
        : this(_ => ValueTask.FromResult(bootstrap), options)
    {
    }

    /// <summary>A cluster whose first addresses are not known yet.</summary>
    public KafkaCluster(
        Func<CancellationToken, ValueTask<IReadOnlyList<BrokerAddress>>> bootstrap, KafkaConnectionOptions options)
    {
        _bootstrap = bootstrap;
        _options = options;
    }

    /// <summary>What the cluster calls itself; null until it was described, or where it has no name.</summary>
    public string? ClusterId { get; private set; }

    /// <summary>Whether an exception says only that the cluster, or one broker of it, cannot be used just now.</summary>
    public static bool IsPassing(Exception failure) =>
        failure is SocketException or IOException or TimeoutException or ProtocolException
            or KafkaErrorException { IsPassing: true };

    /// <summary>A connection to whichever broker answers first, in the order of what is known.</summary>
    public async Task<KafkaConnection> AnyAsync(CancellationToken cancellationToken)
    {
        var bootstrap = await _bootstrap(cancellationToken).ConfigureAwait(false);
        var reasons = new List<string>();
        foreach (var address in Known().Concat(bootstrap).Distinct())
        {
            try
            {
                return await ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception unreachable) when (unreachable is SocketException or IOException or TimeoutException)
            {
                reasons.Add($"{address}: {unreachable.Message}");
            }
        }

        throw new KafkaConnectionClosedException($"No broker can be reached. {string.Join("; ", reasons)}");
    }

    /// <summary>What the cluster says of itself and of some topics. Creates none.</summary>
    public async Task<MetadataResponse> DescribeAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        var any = await AnyAsync(cancellationToken).ConfigureAwait(false);
        var request = new MetadataRequest
        {
            Topics = [.. topics.Select(topic => new MetadataRequest.MetadataRequestTopic { Name = topic })],
            AllowAutoTopicCreation = false,
        };
        var answer = await any.SendAsync(request, MetadataVersion, cancellationToken).ConfigureAwait(false);
        await LearnAsync(answer, cancellationToken).ConfigureAwait(false);
        return answer;
    }

    /// <summary>A connection to the leader of a topic's first partition; one for all who ask, or the caller's own.</summary>
    /// <exception cref="KafkaErrorException">The topic is not there, or has no leader.</exception>
    public async Task<KafkaConnection> LeaderAsync(string topic, ConnectionUse use, CancellationToken cancellationToken)
    {
        var cluster = await DescribeAsync([topic], cancellationToken).ConfigureAwait(false);
        var found = cluster.Topics.Single();
        KafkaErrorException.Require(found.ErrorCode, $"Topic {topic}");
        var leader = found.Partitions.Single(partition => partition.PartitionIndex == 0);
        KafkaErrorException.Require(
            leader.LeaderId < 0 ? ErrorCode.LeaderNotAvailable : ErrorCode.None, $"Topic {topic}");
        return await BrokerAsync(leader.LeaderId, use, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A connection to the controller, or to a broker that passes on what it has to answer.</summary>
    public async Task<KafkaConnection> ControllerAsync(CancellationToken cancellationToken)
    {
        var cluster = await DescribeAsync([], cancellationToken).ConfigureAwait(false);
        return cluster.ControllerId >= 0
            ? await BrokerAsync(cluster.ControllerId, ConnectionUse.Shared, cancellationToken).ConfigureAwait(false)
            : await AnyAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A connection to the coordinator of a group or a transactional id.</summary>
    public async Task<KafkaConnection> CoordinatorAsync(
        CoordinatorKind kind, string key, ConnectionUse use, CancellationToken cancellationToken)
    {
        var any = await AnyAsync(cancellationToken).ConfigureAwait(false);
        var found = await any.SendAsync(
            new FindCoordinatorRequest { Key = key, KeyType = (sbyte)kind }, FindCoordinatorVersion, cancellationToken)
            .ConfigureAwait(false);
        KafkaErrorException.Require(found.ErrorCode, $"Coordinator of {key}");
        var address = new BrokerAddress(found.Host, found.Port);
        return use == ConnectionUse.Shared
            ? await ConnectAsync(address, cancellationToken).ConfigureAwait(false)
            : await KafkaConnection.ConnectAsync(address.Host, address.Port, _options, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            _disposed = true;
            foreach (var connection in _connections.Values)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            _connections.Clear();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A connection to a broker that <see cref="DescribeAsync"/> told of.</summary>
    /// <exception cref="KafkaErrorException">It told of none with that id.</exception>
    public async Task<KafkaConnection> BrokerAsync(int nodeId, ConnectionUse use, CancellationToken cancellationToken)
    {
        BrokerAddress address;
        lock (_brokers)
        {
            if (!_brokers.TryGetValue(nodeId, out address))
            {
                throw new KafkaErrorException(ErrorCode.BrokerNotAvailable, $"Broker {nodeId}");
            }
        }

        return use == ConnectionUse.Shared
            ? await ConnectAsync(address, cancellationToken).ConfigureAwait(false)
            : await KafkaConnection.ConnectAsync(address.Host, address.Port, _options, cancellationToken).ConfigureAwait(false);
    }

    private async Task<KafkaConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_connections.TryGetValue(address, out var open))
            {
                if (!open.Closed.IsCompleted)
                {
                    return open;
                }

                _connections.Remove(address);
                await open.DisposeAsync().ConfigureAwait(false);
            }

            var connection = await KafkaConnection
                .ConnectAsync(address.Host, address.Port, _options, cancellationToken).ConfigureAwait(false);
            _connections.Add(address, connection);
            return connection;
        }
        finally
        {
            _turn.Release();
        }
    }

    private IReadOnlyList<BrokerAddress> Known()
    {
        lock (_brokers)
        {
            return [.. _brokers.Values];
        }
    }

    /// <summary>The brokers that are left; connections to those that are gone are closed.</summary>
    private async Task LearnAsync(MetadataResponse answer, CancellationToken cancellationToken)
    {
        lock (_brokers)
        {
            ClusterId = answer.ClusterId;
            _brokers.Clear();
            foreach (var broker in answer.Brokers)
            {
                _brokers[broker.NodeId] = new BrokerAddress(broker.Host, broker.Port);
            }
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var (address, closed) in _connections.Where(pair => pair.Value.Closed.IsCompleted).ToList())
            {
                _connections.Remove(address);
                await closed.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}

/// <summary>What coordinators coordinate, as FindCoordinator counts it.</summary>
public enum CoordinatorKind
{
    Group = 0,
    Transaction = 1,
}

/// <summary>Whose a connection is.</summary>
public enum ConnectionUse
{
    /// <summary>One for all who ask the same broker: for requests that are answered at once.</summary>
    Shared = 0,

    /// <summary>The caller's own, to dispose: answers come in order, and a long poll would hold up everyone behind it.</summary>
    Own = 1,
}
