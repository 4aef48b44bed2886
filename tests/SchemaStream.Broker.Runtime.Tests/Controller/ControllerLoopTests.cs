using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Controller;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Controller;

public sealed class ControllerLoopTests
{
    private readonly ScriptedQuorum _quorum = new();
    private readonly List<MetadataImage> _committed = [];
    private readonly ControllerLoop _loop;

    public ControllerLoopTests()
    {
        _loop = new ControllerLoop(
            "cluster",
            _quorum,
            new ClusterController(new ControllerOptions(), new Random(1)),
            TopicConfigDefaults.Kafka,
            _committed.Add,
            NullLogger.Instance);
        _quorum.Begin(_loop);
    }

    [Fact]
    public async Task Command_WhereAnotherLeads_IsNotForThisNode()
    {
        var answer = await _loop.DecideAsync(Create("orders"), CancellationToken.None);

        answer.Error.ShouldBe(ErrorCode.NotController);
        answer.Reply.ShouldBeNull();
    }

    [Fact]
    public async Task Command_IsAnsweredOnceItIsCommitted_NotBefore()
    {
        await LeadWithABrokerAsync();

        var answer = Submit(Create("orders"));
        answer.IsCompleted.ShouldBeFalse();
        Image.TryGetTopic("orders", out _).ShouldBeFalse();
        _quorum.CommitAll();

        var created = await answer;
        created.Reply!.Topics[0].ErrorCode.ShouldBe(ErrorCode.None);
        created.MetadataOffset.ShouldBe(Image.Offset);
        Image.TryGetTopic("orders", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Commands_AreDecidedUponEachOther_BeforeEitherIsCommitted()
    {
        await LeadWithABrokerAsync();

        var first = Submit(Create("orders"));
        var second = Submit(Create("orders"));

        // It changes nothing, but says what it saw: that has to be true for good first.
        _quorum.ProposedCount.ShouldBe(1);
        second.IsCompleted.ShouldBeFalse();
        _quorum.CommitAll();
        (await first).Reply!.Topics[0].ErrorCode.ShouldBe(ErrorCode.None);
        (await second).Reply!.Topics[0].ErrorCode.ShouldBe(ErrorCode.TopicAlreadyExists);
    }

    [Fact]
    public async Task LostLeadership_RefusesWhatIsParked_AndDropsWhatWasAhead()
    {
        await LeadWithABrokerAsync();
        var lost = Submit(Create("orders"));
        var lostToo = Submit(Create("orders"));

        _quorum.Lose(2);
        (await lost).Error.ShouldBe(ErrorCode.NotController);
        (await lostToo).Error.ShouldBe(ErrorCode.NotController);
        _quorum.Lead(3);
        var again = Submit(Create("orders"));
        _quorum.CommitAll();

        (await again).Reply!.Topics[0].ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task CommandThatIsQueuedWhenLeadershipGoes_IsRefused()
    {
        await LeadWithABrokerAsync();
        var queued = _loop.DecideAsync(Create("orders"), CancellationToken.None).AsTask();

        _quorum.Lose(2);
        _quorum.Run();

        (await queued).Error.ShouldBe(ErrorCode.NotController);
        _quorum.ProposedCount.ShouldBe(0);
    }

    [Fact]
    public async Task CommandThatCannotBeDecided_CostsOnlyItsSender()
    {
        await LeadWithABrokerAsync();

        var broken = Submit(new CreateTopicsCommand(null!));
        (await broken).Error.ShouldBe(ErrorCode.UnknownServerError);
        var sound = Submit(Create("orders"));
        _quorum.CommitAll();

        (await sound).Reply!.Topics[0].ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task DecisionThatIsTooLargeForTheLog_IsRefused_AndTheNextOneIsTaken()
    {
        await LeadWithABrokerAsync();
        _quorum.LargestBatch = 10;

        var large = Submit(new CreateTopicsCommand([new NewTopic("large") { PartitionCount = 100, ReplicationFactor = 1 }]));
        (await large).Error.ShouldBe(ErrorCode.PolicyViolation);
        var small = Submit(Create("small"));
        _quorum.CommitAll();

        (await small).Reply!.Topics[0].ErrorCode.ShouldBe(ErrorCode.None);
        Image.TryGetTopic("large", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task CommandWhoseSenderHasGivenUp_IsNotDecided()
    {
        await LeadWithABrokerAsync();
        using var patience = new CancellationTokenSource();
        var given = _loop.DecideAsync(Create("orders"), patience.Token).AsTask();

        await patience.CancelAsync();
        _quorum.Run();

        await given.ShouldThrowAsync<OperationCanceledException>();
        _quorum.ProposedCount.ShouldBe(0);
    }

    [Fact]
    public async Task SilentBroker_IsFencedByTime()
    {
        await LeadWithABrokerAsync();
        Image.IsLive(1).ShouldBeTrue();

        for (var i = 0; i < 100; i++)
        {
            _quorum.NowMs += 100;
            _loop.Tick(_quorum.NowMs);
            _quorum.CommitAll();
        }

        Image.IsLive(1).ShouldBeFalse();
    }

    [Fact]
    public async Task Snapshot_LoadedElsewhere_GivesTheSameCluster()
    {
        await LeadWithABrokerAsync();
        var created = Submit(Create("orders"));
        _quorum.CommitAll();
        await created;
        var images = new List<MetadataImage>();
        var other = new ControllerLoop(
            "cluster",
            new ScriptedQuorum(),
            new ClusterController(new ControllerOptions(), new Random(1)),
            TopicConfigDefaults.Kafka,
            images.Add,
            NullLogger.Instance);

        other.Load(_loop.WriteSnapshot(), Image.Offset);

        images[0].Offset.ShouldBe(Image.Offset);
        images[0].ClusterId.ShouldBe("cluster");
        images[0].Partition("orders", 0).ShouldBe(Image.Partition("orders", 0), new ByContent());
    }

    [Fact]
    public async Task MoreThanTheQueueHolds_WaitsAndIsDecidedInTheEnd()
    {
        await LeadWithABrokerAsync();
        const int count = ControllerLoop.QueueLimit + 100;

        var answers = Enumerable.Range(0, count)
            .Select(i => _loop.DecideAsync(new CreateTopicsCommand([new NewTopic($"topic-{i}") { PartitionCount = 1, ReplicationFactor = 1 }], ValidateOnly: true), CancellationToken.None).AsTask())
            .ToArray();
        await RuntimeUnderTest.UntilAsync(() =>
        {
            _quorum.Run();
            _quorum.CommitAll();
            return Task.FromResult(answers.All(answer => answer.IsCompleted));
        });

        foreach (var answer in answers)
        {
            (await answer).Error.ShouldBe(ErrorCode.None);
        }
    }

    [Fact]
    public async Task CommandAfterTheQuorumHasStopped_IsRefused()
    {
        await LeadWithABrokerAsync();

        _quorum.HasStopped = true;
        var answer = await _loop.DecideAsync(Create("orders"), CancellationToken.None);

        answer.Error.ShouldBe(ErrorCode.NotController);
    }

    [Fact]
    public void MetadataOfAnotherCluster_IsNotTaken() =>
        Should.Throw<InvalidOperationException>(
            () => _loop.Replay([new Metadata.Records.ClusterRecord { ClusterId = "another" }], 0)).Message.ShouldContain("another");

    private MetadataImage Image => _committed[^1];

    private static CreateTopicsCommand Create(string name) =>
        new([new NewTopic(name) { PartitionCount = 1, ReplicationFactor = 1 }]);

    private Task<ControllerAnswer<TReply>> Submit<TReply>(ControllerCommand<TReply> command)
        where TReply : class
    {
        var answer = _loop.DecideAsync(command, CancellationToken.None).AsTask();
        _quorum.Run();
        return answer;
    }

    private async Task LeadWithABrokerAsync()
    {
        _quorum.Lead(1);
        _quorum.CommitAll();
        var registration = Submit(new RegisterBrokerCommand(1, Guid.NewGuid(), [new BrokerEndpoint("PLAINTEXT", "host", 9092)], null));
        _quorum.CommitAll();
        var epoch = (await registration).Reply!.BrokerEpoch;
        var heartbeat = Submit(new BrokerHeartbeatCommand(1, epoch, epoch, WantFence: false, WantShutDown: false));
        _quorum.CommitAll();
        (await heartbeat).Reply!.IsFenced.ShouldBeFalse();
    }

    private sealed class ByContent : IEqualityComparer<PartitionRegistration?>
    {
        public bool Equals(PartitionRegistration? x, PartitionRegistration? y) =>
            x!.Replicas.SequenceEqual(y!.Replicas) && x.Isr.SequenceEqual(y.Isr) && x.Leader == y.Leader && x.LeaderEpoch == y.LeaderEpoch;

        public int GetHashCode(PartitionRegistration? obj) => 0;
    }
}
