using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Simulation;

namespace SchemaStream.Broker.Runtime.Tests.Quorum;

/// <summary>A node of a quorum: its disk outlives its driver.</summary>
internal sealed class TestNode
{
    public required int Id { get; init; }

    public MemoryDisk Disk { get; private set; } = new();

    public QuorumDriver? Driver { get; set; }

    public DataDirectory? Data { get; set; }

    public RecordedMachine Machine { get; set; } = new(static () => { });

    public bool IsUp => Driver is not null;

    public void LoseDisk() => Disk = new MemoryDisk();
}

/// <summary>Several drivers on disks in memory, over a network in memory. Waits for what happens, never for time to pass.</summary>
internal sealed class TestQuorum : IAsyncDisposable
{
    public const string ClusterId = "quorum-under-test";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly System.Threading.Lock _gate = new();
    private readonly QuorumOptions _options;
    private readonly TimeProvider _timeProvider;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="voters">Nodes 1 to this one vote.</param>
    /// <param name="observers">As many more follow.</param>
    /// <param name="configure">Changes the options of all.</param>
    public TestQuorum(
        int voters, int observers = 0, Func<QuorumOptions, QuorumOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        _timeProvider = timeProvider ?? TimeProvider.System;
        var options = new QuorumOptions
        {
            NodeId = 0,
            ClusterId = ClusterId,
            Voters = Enumerable.Range(1, voters).ToImmutableSortedDictionary(id => id, MemoryNetwork.EndpointOf),
            ElectionTimeout = TimeSpan.FromMilliseconds(200),
            FetchTimeout = TimeSpan.FromMilliseconds(1_500),
        };
        _options = configure?.Invoke(options) ?? options;
        Nodes = [.. Enumerable.Range(1, voters + observers).Select(id => new TestNode { Id = id })];
    }

    public MemoryNetwork Network { get; } = new();

    public IReadOnlyList<TestNode> Nodes { get; }

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public TestNode Node(int id) => Nodes[id - 1];

    public static async Task<TestQuorum> StartAsync(
        int voters, int observers = 0, Func<QuorumOptions, QuorumOptions>? configure = null)
    {
        var quorum = new TestQuorum(voters, observers, configure);
        foreach (var node in quorum.Nodes)
        {
            quorum.Start(node);
        }

        await quorum.LeaderAsync();
        return quorum;
    }

    public void Start(TestNode node)
    {
        node.Machine = new RecordedMachine(Changed);
        node.Data = DataDirectory.Open(node.Disk.Directory("data"));
        node.Driver = QuorumDriver.Open(
            node.Data, _options with { NodeId = node.Id }, Network.ConnectorOf(node.Id), _timeProvider, Loggers);
        node.Driver.Start(node.Machine);
        Network.Listen(node.Id, node.Driver);
    }

    public async Task StopAsync(TestNode node)
    {
        await node.Driver!.StopAsync();
        Network.Close(node.Id);
        node.Data!.Dispose();
        node.Driver = null;
    }

    /// <summary>Takes the power away: nothing more gets to the disk, and what was not synced is gone.</summary>
    public async Task CrashAsync(TestNode node, Random random)
    {
        Network.Close(node.Id);
        node.Disk.Fault = (_, _) => "the power is gone";
        await node.Driver!.PostAsync(() => throw new IOException("The power is gone"), CancellationToken.None);
        await node.Driver.StopAsync();
        node.Disk.Fault = null;
        node.Disk.LosePower(random);
        node.Driver = null;
    }

    /// <summary>The node that leads and is ready, once there is one.</summary>
    public async Task<TestNode> LeaderAsync(Func<TestNode, bool>? which = null)
    {
        await UntilAsync(() => Leader(which) is not null, "a node leads and is ready");
        return Leader(which)!;
    }

    /// <summary>Has a record committed, by whoever leads, however often leadership changes meanwhile.</summary>
    public async Task CommitAsync(string name)
    {
        while (true)
        {
            var leader = await LeaderAsync();
            if (await TryProposeAsync(leader, name) is { } proposed && await IsCommittedAsync(leader, proposed.Offset, proposed.Epoch))
            {
                return;
            }
        }
    }

    public static async Task<(long Offset, int Epoch)?> TryProposeAsync(TestNode node, string name)
    {
        var driver = node.Driver!;
        var answer = new TaskCompletionSource<(long, int)?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var isPosted = await driver.PostAsync(
            () => answer.SetResult(driver.View.IsReady ? (driver.Propose(RecordedMachine.Record(name)), driver.View.LeaderEpoch) : null),
            CancellationToken.None);
        return isPosted ? await answer.Task.WaitAsync(Limit) : null;
    }

    public Task CaughtUpAsync(params TestNode[] nodes) => UntilAsync(
        () => Leader() is { } leader && nodes.All(node => node.Machine.Names.SequenceEqual(leader.Machine.Names)),
        "all have what the leader has");

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (condition())
            {
                return;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"expected that {what}; found {string.Join("; ", Nodes.Select(Describe))}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Network.Heal();
        foreach (var node in Nodes.Where(node => node.IsUp))
        {
            await StopAsync(node);
        }
    }

    private TestNode? Leader(Func<TestNode, bool>? which = null) => Nodes
        .Where(node => node.Driver is { View.IsReady: true } && (which?.Invoke(node) ?? true))
        .MaxBy(node => node.Driver!.View.LeaderEpoch);

    private async Task<bool> IsCommittedAsync(TestNode leader, long offset, int epoch)
    {
        var driver = leader.Driver;
        var machine = leader.Machine;
        await UntilAsync(
            () => machine.HighWatermark > offset || driver is not { View: { IsReady: true } view } || view.LeaderEpoch != epoch,
            $"offset {offset} is committed, or its leader gone");
        return machine.HighWatermark > offset;
    }

    private void Changed()
    {
        lock (_gate)
        {
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private static string Describe(TestNode node) =>
        $"node {node.Id}: {node.Driver?.View} {string.Join(',', node.Machine.Names.TakeLast(5))}";
}
