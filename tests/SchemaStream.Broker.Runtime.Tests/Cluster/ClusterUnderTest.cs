using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Cluster;
using SchemaStream.Broker.Runtime.Controller;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Broker.Storage.Simulation;

namespace SchemaStream.Broker.Runtime.Tests.Cluster;

/// <summary>Several nodes in one process: real ones, on disks and a network in memory, with the clock of everyone.</summary>
internal sealed class ClusterUnderTest : IAsyncDisposable
{
    public const string ClusterId = "the-cluster";

    public static readonly TimeSpan Session = TimeSpan.FromSeconds(1);

    private readonly SortedDictionary<int, (MemoryDisk Disk, BrokerRuntime Runtime)> _nodes = [];
    private readonly int[] _voters;
    private readonly Func<ClusterOptions, ClusterOptions> _configure;

    private ClusterUnderTest(int[] voters, Func<ClusterOptions, ClusterOptions>? configure = null)
    {
        _voters = voters;
        _configure = configure ?? (options => options);
    }

    public TestNetwork Network { get; } = new();

    public IEnumerable<int> NodeIds => _nodes.Keys;

    public BrokerRuntime this[int nodeId] => _nodes[nodeId].Runtime;

    /// <summary>Nodes from 1 on that are brokers and controllers.</summary>
    public static async Task<ClusterUnderTest> StartAsync(int count, Func<ClusterOptions, ClusterOptions>? configure = null)
    {
        var cluster = new ClusterUnderTest([.. Enumerable.Range(1, count)], configure);
        foreach (var nodeId in cluster._voters)
        {
            cluster.Begin(nodeId, ProcessRoles.Broker | ProcessRoles.Controller, new MemoryDisk());
        }

        await cluster.ReadyAsync();
        return cluster;
    }

    /// <summary>Node 1 is the controller, the others are brokers.</summary>
    public static async Task<ClusterUnderTest> StartApartAsync(int brokers)
    {
        var cluster = new ClusterUnderTest([1]);
        cluster.Begin(1, ProcessRoles.Controller, new MemoryDisk());
        foreach (var nodeId in Enumerable.Range(2, brokers))
        {
            cluster.Begin(nodeId, ProcessRoles.Broker, new MemoryDisk());
        }

        await cluster.ReadyAsync();
        return cluster;
    }

    public BrokerRuntime Begin(int nodeId, ProcessRoles roles, MemoryDisk disk)
    {
        var runtime = Open(nodeId, roles, disk);
        Network.Listen(nodeId, runtime);
        _nodes[nodeId] = (disk, runtime);
        return runtime;
    }

    /// <summary>A process that is not of the cluster yet.</summary>
    public BrokerRuntime Open(int nodeId, ProcessRoles roles, MemoryDisk disk, string? clusterId = ClusterId) => BrokerRuntime.Begin(
        disk.Directory("data"),
        new RuntimeOptions
        {
            NodeId = nodeId,
            DataDirectory = "data",
            Endpoints = [new BrokerEndpoint("PLAINTEXT", $"broker-{nodeId}", 9092)],
            ClusterId = clusterId,
            Cluster = _configure(new ClusterOptions
            {
                Roles = roles,
                QuorumVoters = _voters.ToImmutableSortedDictionary(voter => voter, TestNetwork.EndpointOf),
                SessionTimeout = Session,
                QuorumElectionTimeout = TimeSpan.FromMilliseconds(300),
                QuorumFetchTimeout = TimeSpan.FromMilliseconds(800),
                ControlledShutdownTimeout = TimeSpan.FromSeconds(20),
            }),

            // No one listens where these brokers say that they are.
            Replicas = new ReplicaOptions { FetchBackoff = TimeSpan.FromMinutes(10), LagTimeMax = TimeSpan.FromMinutes(10) },
            DefaultReplicationFactor = 3,
            LaneCount = 2,
        },
        Network.ConnectorOf(nodeId),
        NullLoggerFactory.Instance,
        TimeProvider.System);

    public Task ReadyAsync() => Task.WhenAll(_nodes.Values.Select(node => node.Runtime.ReadyAsync(CancellationToken.None)));

    /// <summary>The node that leads the quorum as the others see it.</summary>
    public async Task<int> ControllerAsync(params int[] except)
    {
        var leader = -1;
        await RuntimeUnderTest.UntilAsync(() =>
        {
            leader = _nodes.Where(node => !except.Contains(node.Key) && ((ControllerLoop)node.Value.Runtime.Controller).IsActive)
                .Select(node => node.Key).FirstOrDefault(-1);
            return Task.FromResult(leader > 0);
        });
        return leader;
    }

    public async Task<CreatedTopic> CreateTopicAsync(int byNode, string name, int partitions = 1, int replicationFactor = -1)
    {
        var topic = new NewTopic(name) { PartitionCount = partitions, ReplicationFactor = replicationFactor };
        return (await this[byNode].Metadata.SubmitAsync(new CreateTopicsCommand([topic]), CancellationToken.None)).Topics[0];
    }

    /// <summary>Waits until what the nodes know says so.</summary>
    public Task UntilAsync(Func<MetadataImage, bool> holds, params int[] nodes) => RuntimeUnderTest.UntilAsync(() =>
        Task.FromResult((nodes.Length > 0 ? nodes : NodeIds).All(node => holds(this[node].Metadata.Image))));

    public async Task StopAsync(int nodeId)
    {
        await this[nodeId].StopAsync();
        Network.StopListening(nodeId);
    }

    public async Task<BrokerRuntime> RestartAsync(int nodeId, ProcessRoles roles = ProcessRoles.Broker | ProcessRoles.Controller)
    {
        await StopAsync(nodeId);
        var runtime = Begin(nodeId, roles, _nodes[nodeId].Disk);
        await runtime.ReadyAsync(CancellationToken.None);
        return runtime;
    }

    /// <summary>All that were stopped, at once.</summary>
    public Task BeginAgainAsync()
    {
        foreach (var (nodeId, (disk, _)) in _nodes.ToArray())
        {
            Begin(nodeId, ProcessRoles.Broker | ProcessRoles.Controller, disk);
        }

        return ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var nodeId in NodeIds)
        {
            Network.Heal(nodeId);
        }

        await Task.WhenAll(NodeIds.Select(nodeId => this[nodeId].DisposeAsync().AsTask()));
    }
}
