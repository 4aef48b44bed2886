using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Replicas;

/// <summary>
/// Several brokers' partitions in one process, over loopback, on real disks. In the place of the quorum is the controller's
/// own machine, whose decisions every node is told of; time passes and brokers fall silent only when a test says so.
/// </summary>
internal sealed class ReplicaCluster : IAsyncDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "replicas-" + Guid.NewGuid().ToString("N"));
    private readonly ClusterController _controller = new(
        new ControllerOptions { AutoLeaderRebalance = false, BrokerSessionTimeout = TimeSpan.FromHours(1) }, new Random(1));
    private readonly Dictionary<int, ReplicaNode> _nodes = [];
    private readonly Lock _gate = new();
    private readonly Func<RuntimeOptions, RuntimeOptions> _configure;
    private long _nextOffset;

    private ReplicaCluster(Func<RuntimeOptions, RuntimeOptions>? configure)
    {
        _configure = configure ?? (options => options);
        DirectoryOf = nodeId => new FileLogDirectory(PathOf(nodeId));
        _ = Decide(new InitializeClusterCommand("replicas"));
    }

    /// <summary>Where each broker keeps its data; a directory of its own on the real disk, unless a test says otherwise.</summary>
    public Func<int, ILogDirectory> DirectoryOf { get; private init; }

    /// <summary>By broker, where they are in memory.</summary>
    public IReadOnlyDictionary<int, MemoryDisk> Disks { get; private init; } = new Dictionary<int, MemoryDisk>();

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public MetadataImage Image => _controller.Image;

    public ReplicaNode this[int nodeId] => _nodes[nodeId];

    public static async Task<ReplicaCluster> StartAsync(
        int brokers, Func<RuntimeOptions, RuntimeOptions>? configure = null, bool inMemory = false)
    {
        var disks = new ConcurrentDictionary<int, MemoryDisk>();
        var cluster = inMemory
            ? new ReplicaCluster(configure)
            {
                Disks = disks,
                DirectoryOf = id => disks.GetOrAdd(id, _ => new MemoryDisk()).Directory("data"),
            }
            : new ReplicaCluster(configure);
        for (var id = 1; id <= brokers; id++)
        {
            await cluster.StartBrokerAsync(id);
        }

        return cluster;
    }

    /// <summary>Starts a broker anew, or for the first time, on the directory of its id.</summary>
    public async Task<ReplicaNode> StartBrokerAsync(int nodeId)
    {
        var options = _configure(new RuntimeOptions
        {
            NodeId = nodeId,
            DataDirectory = PathOf(nodeId),
            Endpoints = [],
            OffsetsTopicPartitionCount = 2,
        });
        var node = new ReplicaNode(this, options, Loggers);
        var registered = Decide(new RegisterBrokerCommand(nodeId, Guid.NewGuid(), [node.Endpoint], options.Rack)
        {
            DirectoryId = new Guid(nodeId, 0, 0, new byte[8]),
            PreviousShutdownWasClean = node.PreviousStopWasClean,
        });
        registered.Reply.ErrorCode.ShouldBe(ErrorCode.None, registered.Reply.ErrorMessage);
        lock (_gate)
        {
            _nodes[nodeId] = node;
        }

        await node.StartAsync(_controller.Image);
        await BeatAsync(nodeId, wantFence: false);
        return node;
    }

    /// <summary>
    /// The broker's connections are cut, the controller has missed it, and the process ends without closing anything.
    /// </summary>
    public async Task KillAsync(int nodeId)
    {
        var node = _nodes[nodeId];
        await node.IsolateAsync();
        await BeatAsync(nodeId, wantFence: true);
        await node.DisposeAsync();
    }

    /// <summary>The controller has missed the broker, or it has asked for it: it leads nothing any more.</summary>
    public Task FenceAsync(int nodeId) => BeatAsync(nodeId, wantFence: true);

    /// <summary>The broker beats again.</summary>
    public Task UnfenceAsync(int nodeId) => BeatAsync(nodeId, wantFence: false);

    /// <summary>A broker's heartbeat, which says that it has all of the metadata.</summary>
    private async Task BeatAsync(int nodeId, bool wantFence)
    {
        var image = Image;
        var reply = await SubmitAsync(new BrokerHeartbeatCommand(
            nodeId, image.Brokers[nodeId].BrokerEpoch, image.Offset, wantFence, WantShutDown: false));
        (reply.ErrorCode, reply.IsFenced).ShouldBe((ErrorCode.None, wantFence));
    }

    /// <summary>Has the controller decide; completes when every node that is told of images acts on the outcome.</summary>
    public async Task<TReply> SubmitAsync<TReply>(ControllerCommand<TReply> command)
        where TReply : class
    {
        var (reply, acted) = Decide(command);
        await acted;
        return reply;
    }

    /// <summary>Decides and tells everyone, who act on it in their own time.</summary>
    public (TReply Reply, Task Acted) Decide<TReply>(ControllerCommand<TReply> command)
        where TReply : class
    {
        lock (_gate)
        {
            var decision = _controller.Decide(command, NowMs);
            Replay(decision.Records);
            while (_controller.Tick(NowMs) is { Count: > 0 } more)
            {
                Replay(more);
            }

            return (decision.Reply, Task.WhenAll(_nodes.Values.Select(node => node.Tell(_controller.Image))));
        }
    }

    public async Task<TopicIdPartition> CreateTopicAsync(string name, int[][] assignments, params (string Key, string Value)[] configs)
    {
        var topic = new NewTopic(name)
        {
            Assignments = [.. assignments.Select((brokers, partition) => new PartitionAssignment(partition, brokers))],
            Configs = [.. configs.Select(config => KeyValuePair.Create(config.Key, (string?)config.Value))],
        };
        var created = (await SubmitAsync(new CreateTopicsCommand([topic]))).Topics[0];
        created.ErrorCode.ShouldBe(ErrorCode.None, created.ErrorMessage);
        return new TopicIdPartition(created.TopicId, 0);
    }

    public PartitionRegistration Registration(TopicIdPartition partition)
    {
        Image.TryGetTopic(partition.TopicId, out var topic).ShouldBeTrue();
        return topic!.Partition(partition.Partition)!;
    }

    /// <summary>For what brokers do by themselves soon: looks until it has happened.</summary>
    public static async Task UntilAsync(Func<bool> happened) => await RuntimeUnderTest.UntilAsync(() => Task.FromResult(happened()));

    public Task UntilIsrAsync(TopicIdPartition partition, params int[] isr) =>
        UntilAsync(() => Registration(partition).Isr.Order().SequenceEqual(isr));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
        {
            await node.DisposeAsync();
        }

        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    private string PathOf(int nodeId) => Path.Combine(_path, $"broker-{nodeId}");

    private static long NowMs => Environment.TickCount64;

    private void Replay(IReadOnlyList<IRecordMessage> records)
    {
        if (records.Count > 0)
        {
            _nextOffset += records.Count;
            _controller.Replay(records, _nextOffset - 1);
        }
    }
}
