using System.Net.Sockets;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Bench.Cluster.Clusters;

/// <summary>What a bench asks of a cluster: any broker that answers, or one of them. A broker that is gone costs it no wait.</summary>
internal sealed class ClusterClient(IReadOnlyList<BrokerAddress> brokers) : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(5);

    private readonly KafkaConnectionOptions _options = new()
    {
        ClientId = "bench",
        ConnectTimeout = TimeSpan.FromSeconds(1),
        RequestTimeout = TimeSpan.FromSeconds(60),
    };

    private readonly Dictionary<int, KafkaConnection> _connections = [];

    /// <summary>Asks one broker; throws what a broken connection throws.</summary>
    public async Task<TResponse> AskAsync<TResponse>(
        int broker, IRequestMessage<TResponse> request, short version, CancellationToken cancellation)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        if (!_connections.TryGetValue(broker, out var connection) || connection.Closed.IsCompleted)
        {
            var endpoint = brokers.Single(candidate => candidate.NodeId == broker).EndPoint;
            connection = await KafkaConnection.ConnectAsync(endpoint.Address.ToString(), endpoint.Port, _options, cancellation);
            _connections[broker] = connection;
        }

        return await connection.SendAsync(request, version, cancellation);
    }

    /// <summary>Asks one after the other until one answers.</summary>
    public async Task<TResponse> AskAnyAsync<TResponse>(
        IRequestMessage<TResponse> request, short version, CancellationToken cancellation)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        while (true)
        {
            foreach (var broker in brokers)
            {
                try
                {
                    return await AskAsync(broker.NodeId, request, version, cancellation);
                }
                catch (Exception gone) when (IsGone(gone))
                {
                    // The next one then.
                }
            }

            await Task.Delay(RetryPause, cancellation);
        }
    }

    /// <summary>Whether the exception says that a broker is not there, or no longer.</summary>
    public static bool IsGone(Exception exception) =>
        exception is SocketException or KafkaConnectionClosedException or TimeoutException;

    /// <summary>A topic whose partitions have the replicas given, the first of each its leader.</summary>
    public async Task<Guid> CreateTopicAsync(string name, IReadOnlyList<int[]> replicas, CancellationToken cancellation)
    {
        var topic = new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = -1, ReplicationFactor = -1 };
        for (var i = 0; i < replicas.Count; i++)
        {
            topic.Assignments.Add(new() { PartitionIndex = i, BrokerIds = [.. replicas[i]] });
        }

        var response = await AskAnyAsync(new CreateTopicsRequest { Topics = [topic], TimeoutMs = 60_000 }, 7, cancellation);
        var created = response.Topics[0];
        return created.ErrorCode == ErrorCode.None
            ? created.TopicId
            : throw new InvalidOperationException($"The topic {name} was not created: {created.ErrorCode} {created.ErrorMessage}");
    }

    /// <summary>The topics' partitions as a broker sees them.</summary>
    public async Task<List<MetadataResponse.MetadataResponsePartition>> PartitionsAsync(
        int broker, IEnumerable<string> topics, CancellationToken cancellation)
    {
        var response = await AskAsync(broker, MetadataOf(topics), 12, cancellation);
        return [.. response.Topics.SelectMany(topic => topic.Partitions)];
    }

    /// <inheritdoc cref="PartitionsAsync(int, IEnumerable{string}, CancellationToken)"/>
    public async Task<List<MetadataResponse.MetadataResponsePartition>> PartitionsAsync(
        IEnumerable<string> topics, CancellationToken cancellation)
    {
        var response = await AskAnyAsync(MetadataOf(topics), 12, cancellation);
        return [.. response.Topics.SelectMany(topic => topic.Partitions)];
    }

    /// <summary>Waits until all replicas of all partitions are in sync.</summary>
    public async Task InSyncAsync(IReadOnlyCollection<string> topics, int partitions, CancellationToken cancellation)
    {
        while (true)
        {
            var found = await PartitionsAsync(topics, cancellation);
            if (found.Count == partitions && found.TrueForAll(partition => partition.LeaderId >= 0 && partition.IsrNodes.Count == partition.ReplicaNodes.Count))
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
        }
    }

    /// <summary>The active controller's node.</summary>
    public async Task<int> ControllerAsync(CancellationToken cancellation)
    {
        var request = new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new()] }] };
        while (true)
        {
            var response = await AskAnyAsync(request, 0, cancellation);
            if (response.ErrorCode == ErrorCode.None && response.Topics[0].Partitions[0].LeaderId is >= 0 and var leader)
            {
                return leader;
            }

            await Task.Delay(RetryPause, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }
    }

    private static MetadataRequest MetadataOf(IEnumerable<string> topics) => new()
    {
        Topics = [.. topics.Select(topic => new MetadataRequest.MetadataRequestTopic { Name = topic })],
        AllowAutoTopicCreation = false,
    };
}
