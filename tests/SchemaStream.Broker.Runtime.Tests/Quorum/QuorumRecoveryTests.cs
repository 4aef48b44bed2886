using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Runtime.DataDirectories;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Quorum;

public sealed class QuorumRecoveryTests
{
    private const int LeaderEpoch = 7;
    private const string ClusterId = "lost-its-majority";

    private readonly MemoryDisk _disk = new();
    private readonly ClusterController _controller = new(new ControllerOptions(), new Random(1));

    [Fact]
    public async Task Recover_MakesTheSurvivorAQuorumOfOneThatLeadsAllItHolds()
    {
        WriteLogOfThree();

        var report = Recover(survivorId: 2);

        report.ClusterId.ShouldBe(ClusterId);
        report.LeaderEpoch.ShouldBe(LeaderEpoch + 1);
        report.VotersBefore.ShouldBe([1, 2, 3]);
        report.BrokersBefore.ShouldBe([1, 2, 3]);
        report.Unclean.ShouldBeEmpty();
        report.Lost.ShouldBe([new PartitionSelector("elsewhere", 0)]);

        var machine = new ImageMachine();
        await using var driver = StartWithAllThreeConfigured(machine);
        await machine.Ready.WaitAsync(TimeSpan.FromSeconds(30));
        driver.View.Voters.Keys.ShouldBe([2], "the log says who votes, not the configuration");
        driver.View.LeaderEpoch.ShouldBe(LeaderEpoch + 2);
        machine.Image.Brokers.Keys.ShouldBe([2]);
        machine.Image.TopicsByName["everywhere"].Partitions.ShouldAllBe(partition => partition.Leader == 2);
    }

    [Fact]
    public void Recover_Again_ChangesOnlyTheEpoch()
    {
        WriteLogOfThree();

        Recover(survivorId: 2);
        var again = Recover(survivorId: 2);

        again.VotersBefore.ShouldBe([2]);
        again.BrokersBefore.ShouldBe([2]);
        again.LeaderEpoch.ShouldBe(LeaderEpoch + 2);
    }

    [Fact]
    public void Plan_SaysWhatWouldBe_AndChangesNothing()
    {
        WriteLogOfThree();

        var plan = QuorumRecovery.Plan(_disk.Directory("data"), 2, TimeProvider.System, NullLoggerFactory.Instance);

        plan.VotersBefore.ShouldBe([1, 2, 3]);
        plan.Lost.ShouldBe([new PartitionSelector("elsewhere", 0)]);
        var report = Recover(survivorId: 2);
        report.VotersBefore.ShouldBe([1, 2, 3]);
        report.LeaderEpoch.ShouldBe(plan.LeaderEpoch + 1);
        report.LogEndOffset.ShouldBeGreaterThan(plan.LogEndOffset);
    }

    [Fact]
    public void Recover_OfAnotherNodesDirectory_IsRefused()
    {
        WriteLogOfThree();

        Should.Throw<DataDirectoryException>(() => Recover(survivorId: 3)).Message.ShouldContain("node 2");
    }

    [Fact]
    public void Recover_OfNoDataDirectory_IsRefused() =>
        Should.Throw<DataDirectoryException>(() => Recover(survivorId: 1)).Message.ShouldContain("no node's");

    private QuorumRecoveryReport Recover(int survivorId) =>
        QuorumRecovery.Recover(_disk.Directory("data"), survivorId, TimeProvider.System, NullLoggerFactory.Instance);

    private QuorumDriver StartWithAllThreeConfigured(IQuorumStateMachine machine)
    {
        var directory = BrokerDirectory.Open(_disk.Directory("data"), 2, ClusterId, mayFound: false);
        var options = new QuorumOptions
        {
            NodeId = 2,
            ClusterId = ClusterId,
            Voters = Enumerable.Range(1, 3).ToImmutableSortedDictionary(id => id, MemoryNetwork.EndpointOf),
        };
        var driver = QuorumDriver.Open(
            directory.Data, options, new MemoryNetwork().ConnectorOf(2), new ManualTimeProvider(), NullLoggerFactory.Instance);
        driver.Start(machine);
        return driver;
    }

    /// <summary>The log of node 2, as it was when nodes 1 and 3 went.</summary>
    private void WriteLogOfThree()
    {
        using var directory = BrokerDirectory.Open(_disk.Directory("data"), 2, ClusterId, mayFound: false);
        var store = QuorumStore.Open(directory.Data, new NodeId(2), int.MaxValue, TimeProvider.System, NullLogger.Instance);
        store.Persist(new QuorumState(LeaderEpoch, new NodeId(1), new NodeId(1)));
        var voters = new VoterSet(Enumerable.Range(1, 3).Select(id => new NodeId(id)));
        store.Append(new LogBatch(0, 1, LeaderEpoch, ReadOnlyMemory<byte>.Empty, voters));
        Append(store, new InitializeClusterCommand(ClusterId));
        for (var id = 1; id <= 3; id++)
        {
            var register = new RegisterBrokerCommand(id, Guid.NewGuid(), [new BrokerEndpoint("PLAINTEXT", $"host-{id}", 9092)], null);
            var registered = Append(store, register);
            Append(store, new BrokerHeartbeatCommand(id, registered.BrokerEpoch, long.MaxValue, WantFence: false, WantShutDown: false))
                .IsFenced.ShouldBeFalse();
        }

        Append(store, new CreateTopicsCommand(
        [
            new NewTopic("everywhere") { PartitionCount = 3, ReplicationFactor = 3 },
            new NewTopic("elsewhere") { Assignments = [new PartitionAssignment(0, [1, 3])] },
        ])).Topics.ShouldAllBe(topic => topic.ErrorCode == ErrorCode.None);
        store.Close();
    }

    private TReply Append<TReply>(QuorumStore store, ControllerCommand<TReply> command)
        where TReply : class
    {
        var decision = _controller.Decide(command, 0);
        var payload = QuorumBatches.Build(store.LogEndOffset, LeaderEpoch, decision.Records, 0);
        store.Append(new LogBatch(store.LogEndOffset, decision.Records.Count, LeaderEpoch, payload));
        _controller.Replay(decision.Records, store.LogEndOffset - 1);
        return decision.Reply;
    }

    private sealed class ImageMachine : IQuorumStateMachine
    {
        private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ready => _ready.Task;

        public MetadataImage Image { get; private set; } = MetadataImage.Empty;

        public void Load(IEnumerable<IReadOnlyList<IRecordMessage>> snapshot, long lastOffset) =>
            Replay([.. snapshot.SelectMany(records => records)], lastOffset);

        public void Replay(IReadOnlyList<IRecordMessage> records, long lastOffset)
        {
            var replay = new MetadataReplay(Image, TopicConfigDefaults.Kafka);
            foreach (var record in records)
            {
                replay.Replay(record);
            }

            Image = replay.Build(lastOffset);
        }

        public void LeadershipChanged(QuorumView view)
        {
            if (view.IsReady)
            {
                _ready.TrySetResult();
            }
        }

        public void Committed(long highWatermark)
        {
            // Nothing waits for it here.
        }

        public void Tick(long nowMs)
        {
            // Nothing is due here.
        }

        public IEnumerable<IReadOnlyList<IRecordMessage>> WriteSnapshot() => MetadataSnapshot.RecordsOf(Image);
    }
}
