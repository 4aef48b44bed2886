using System.Net;
using SchemaStream.Broker;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.TestKit;

/// <summary>
/// Several real nodes in this process, on loopback, each broker and controller: the first ones vote. A node can be stopped
/// as an operator does and started again over its data, at the same ports.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Dictionary<string, string> _settings;
    private readonly Dictionary<int, BrokerHost> _nodes = [];
    private readonly int[] _kafkaPorts;
    private readonly int[] _controllerPorts;
    private readonly string _voters;

    private TestCluster(int count, Dictionary<string, string> settings)
    {
        _settings = settings;
        var ports = FreePorts.Take(2 * count);
        (_kafkaPorts, _controllerPorts) = (ports[..count], ports[count..]);
        _voters = string.Join(',', _controllerPorts.Select((port, i) => $"{i + 1}@127.0.0.1:{port}"));
        NodeIds = [.. Enumerable.Range(1, count)];
    }

    public IReadOnlyList<int> NodeIds { get; }

    /// <summary>The nodes that run.</summary>
    public IEnumerable<int> Running => _nodes.Keys.Order();

    public LogCollector Logs { get; } = new();

    /// <summary>All nodes' addresses, those of stopped ones too.</summary>
    public string BootstrapServers => string.Join(',', _kafkaPorts.Select(port => $"127.0.0.1:{port}"));

    /// <summary>Starts all nodes and returns once each of them serves and knows the others.</summary>
    public static async Task<TestCluster> StartAsync(int count = 3, params (string Key, string Value)[] settings)
    {
        var cluster = new TestCluster(count, settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        try
        {
            await Task.WhenAll(cluster.NodeIds.Select(cluster.StartNodeAsync));
            await Task.WhenAll(cluster.NodeIds.Select(node => cluster.WaitForAsync(
                node, metadata => metadata.Brokers.Count == count, "all brokers are known")));
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }

        return cluster;
    }

    public BrokerHost Node(int nodeId) => _nodes[nodeId];

    /// <summary>Starts a node that is stopped.</summary>
    public async Task StartNodeAsync(int nodeId)
    {
        var settings = new Dictionary<string, string>
        {
            ["node.id"] = $"{nodeId}",
            ["cluster.id"] = "test-cluster",
            ["log.dirs"] = Path.Combine(_directory.Path, $"node-{nodeId}"),
            ["listeners"] = $"PLAINTEXT://127.0.0.1:{_kafkaPorts[nodeId - 1]},CONTROLLER://127.0.0.1:{_controllerPorts[nodeId - 1]}",
            ["controller.quorum.voters"] = _voters,
            ["offsets.topic.num.partitions"] = "2",
            ["default.replication.factor"] = "3",
            ["min.insync.replicas"] = "2",
            ["broker.session.timeout.ms"] = "3000",
        };
        foreach (var (key, value) in _settings)
        {
            settings[key] = value;
        }

        var host = await BrokerHost.StartAsync(
            new BrokerOptions { Settings = settings }, Logs, TimeProvider.System, CancellationToken.None).WaitAsync(TestTime.Limit);
        lock (_nodes)
        {
            _nodes[nodeId] = host;
        }
    }

    /// <summary>Stops a node as an operator does: it hands its leaderships over first.</summary>
    public async Task StopNodeAsync(int nodeId)
    {
        BrokerHost host;
        lock (_nodes)
        {
            host = _nodes[nodeId];
            _nodes.Remove(nodeId);
        }

        await host.StopAsync(CancellationToken.None).WaitAsync(TestTime.Limit);
    }

    public Task<KafkaConnection> ConnectAsync(int nodeId) => KafkaConnection.ConnectAsync(
        IPAddress.Loopback.ToString(), _kafkaPorts[nodeId - 1], new KafkaConnectionOptions { ClientId = $"test-{nodeId}" });

    /// <summary>Connects to the leader of a partition.</summary>
    public async Task<KafkaConnection> ConnectToLeaderAsync(string topic, int partition = 0) =>
        await ConnectAsync(await LeaderOfAsync(topic, partition));

    /// <summary>The leader of a partition, as any running node tells it.</summary>
    public async Task<int> LeaderOfAsync(string topic, int partition = 0)
    {
        var metadata = await WaitForAsync(
            Running.First(),
            found => found.Topics[0].Partitions.Count > partition && found.Topics[0].Partitions[partition].LeaderId >= 0,
            $"{topic}-{partition} has a leader",
            topic);
        return metadata.Topics[0].Partitions[partition].LeaderId;
    }

    /// <summary>The active controller, as any running node tells it.</summary>
    public async Task<int> ControllerAsync()
    {
        var request = new DescribeQuorumRequest
        {
            Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new() { PartitionIndex = 0 }] }],
        };
        await using var client = await ConnectAsync(Running.First());
        return await Eventually.GetAsync(
            async () => (await client.SendAsync(request, 1)).Topics[0].Partitions[0].LeaderId, leader => leader > 0, "the quorum has a leader");
    }

    /// <summary>Asks a node for its metadata until it is as it has to be; topics that it has not heard of yet are waited for.</summary>
    public async Task<MetadataResponse> WaitForAsync(int nodeId, Func<MetadataResponse, bool> fits, string what, params string[] topics)
    {
        await using var client = await ConnectAsync(nodeId);
        return await Eventually.GetAsync(
            () => MetadataAsync(client, topics),
            found => found.Topics.TrueForAll(topic => topic.Partitions.Count > 0) && fits(found),
            $"node {nodeId}: {what}");
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_nodes.Values.Select(node => node.StopAsync(CancellationToken.None)));
        _directory.Dispose();
    }

    private static Task<MetadataResponse> MetadataAsync(KafkaConnection client, string[] topics) => client.SendAsync(
        new MetadataRequest
        {
            AllowAutoTopicCreation = false,
            Topics = [.. topics.Select(topic => new MetadataRequest.MetadataRequestTopic { Name = topic })],
        },
        9);
}
