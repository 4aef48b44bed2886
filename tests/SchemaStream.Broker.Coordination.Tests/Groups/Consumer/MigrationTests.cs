using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Consumer;

/// <summary>Groups that move from the classic protocol to the new one and back, while they run.</summary>
public sealed class MigrationTests
{
    private static readonly TestTopics Orders = TestTopics.Of(("orders", 4));

    private readonly ShardDriver _driver = new(topics: Orders);

    [Fact]
    public void ClassicGroup_ThatAConsumerJoins_BecomesAConsumerGroupWithoutStopping()
    {
        var old = Settled("old");
        var young = new ConsumerClient(_driver, "young");
        young.Beat().ErrorCode.ShouldBe(ErrorCode.None);
        old.Owned.Count.ShouldBe(4, "it has not been told yet");
        Describe().Members.Select(member => (member.MemberId == "young", member.IsClassic)).ShouldBe([(false, true), (true, false)], ignoreOrder: true);
        _driver.Ask(new DescribeGroupCommand(Group)).ErrorCode.ShouldBe(ErrorCode.GroupIdNotFound);

        Rounds(() => young.Beat(), old.Step);
        (old.Owned.Count, young.Owned.Count, old.Owned.Overlaps(young.Owned)).ShouldBe((2, 2, false));
        Describe().State.ShouldBe("Stable");
    }

    [Fact]
    public void ConsumerGroup_WhoseLastConsumerLeaves_IsAClassicGroupAgain()
    {
        var old = Settled("old");
        var young = new ConsumerClient(_driver, "young");
        Rounds(() => young.Beat(), old.Step);
        young.Leave();
        Describe().ErrorCode.ShouldBe(ErrorCode.GroupIdNotFound);
        Rounds(old.Step);
        old.Owned.Count.ShouldBe(4);
        _driver.Ask(new DescribeGroupCommand(Group)).State.ShouldBe("Stable");

        _driver.Restart().Ask(new DescribeGroupCommand(Group)).Members.Count.ShouldBe(1);
    }

    [Fact]
    public void ConsumerGroup_WhoseLastConsumerDies_IsAClassicGroupAgain()
    {
        var old = Settled("old");
        var young = new ConsumerClient(_driver, "young");
        Rounds(() => young.Beat(), old.Step);
        for (var i = 0; i < 10; i++)
        {
            _driver.Advance(TimeSpan.FromSeconds(6));
            old.Step();
        }

        Rounds(old.Step);
        old.Owned.Count.ShouldBe(4);
    }

    [Fact]
    public void StaticMember_ThatMovesToTheNewProtocol_TakesItsPlaceAlong()
    {
        var old = Settled("old", "i");
        var young = new ConsumerClient(_driver, "young", "i");
        young.Beat().ErrorCode.ShouldBe(ErrorCode.None);
        young.Owned.Count.ShouldBe(4);
        Describe().Members.Single().MemberId.ShouldBe("young");
        old.Step();
        old.MemberId.ShouldBeEmpty("it was fenced");
    }

    [Fact]
    public void StaticMember_ThatMovesBack_TakesTheGroupAlong()
    {
        var young = new ConsumerClient(_driver, "young", "i");
        young.Beat();
        young.Leave(ConsumerGroupHeartbeatCommand.LeaveForAWhile);
        var old = Settled("old", "i");
        old.Owned.Count.ShouldBe(4);
        _driver.Ask(new DescribeGroupCommand(Group)).State.ShouldBe("Stable");
        Describe().ErrorCode.ShouldBe(ErrorCode.GroupIdNotFound);
    }

    [Fact]
    public void Group_ThatMayNotMove_StaysAsItIs()
    {
        var driver = new ShardDriver(
            new GroupShardOptions { ConsumerMigrationPolicy = ConsumerGroupMigrationPolicy.Disabled }, topics: Orders);
        var old = new ClassicClient(driver, "old");
        Rounds(old.Step);
        new ConsumerClient(driver, "young").Beat().ErrorCode.ShouldBe(ErrorCode.GroupIdNotFound);

        // Without members there is nothing to be moved.
        old.Leave();
        new ConsumerClient(driver, "young").Beat().ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void EmptyConsumerGroup_IsAClassicOneForWhoJoinsSo_AndKeepsItsOffsets()
    {
        var young = new ConsumerClient(_driver, "young");
        young.Beat();
        _driver.Ask(Commit(7) with { MemberId = "young", GenerationIdOrMemberEpoch = 1, KnowsMemberEpochs = true })
            .Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        young.Leave();
        Settled("old").Owned.Count.ShouldBe(4);
        _driver.Ask(FetchAll()).Topics[0].Partitions[0].CommittedOffset.ShouldBe(7);
        _driver.Shard.State.ConsumerGroups.ShouldBeEmpty();
    }

    [Fact]
    public void ClassicMember_ThatDoesNotJoinAgain_IsOut()
    {
        var old = Settled("old");
        var young = new ConsumerClient(_driver, "young");
        young.Beat();
        var generation = Describe().Members.Single(member => member.IsClassic);
        var heartbeat = new HeartbeatCommand(Group, generation.MemberEpoch, generation.MemberId, null);
        for (var i = 0; i < 13; i++)
        {
            _driver.Ask(heartbeat).ErrorCode.ShouldBe(i < 12 ? ErrorCode.RebalanceInProgress : ErrorCode.UnknownMemberId);
            _driver.Advance(TimeSpan.FromSeconds(5));
            young.Beat();
        }

        Rounds(() => young.Beat());
        young.Owned.Count.ShouldBe(4);
        old.Owned.ShouldNotBeEmpty("no one has told it");
    }

    [Fact]
    public void ClassicMember_WhoseOtherProtocolCannotBeRead_DoesNotCostTheGroup()
    {
        var torn = new ClassicClient(_driver, "torn") { Protocols = ["cooperative", "other"], Torn = "other" };
        Rounds(torn.Step);
        var young = new ConsumerClient(_driver, "young");
        Rounds(() => young.Beat(), torn.Step);
        var whole = new ClassicClient(_driver, "whole") { Protocols = ["other"] };
        Rounds(() => young.Beat(), torn.Step, whole.Step);

        young.Leave();

        var described = _driver.Ask(new DescribeGroupCommand(Group));
        (described.ErrorCode, described.Members.Count).ShouldBe((ErrorCode.None, 2));
    }

    private ClassicClient Settled(string name, string? instance = null)
    {
        var client = new ClassicClient(_driver, name, instance);
        Rounds(client.Step);
        client.IsSettled.ShouldBeTrue();
        return client;
    }

    private DescribeConsumerGroupReply Describe() => _driver.Ask(new DescribeConsumerGroupCommand(Group));

    private static void Rounds(params Action[] steps)
    {
        for (var round = 0; round < 10; round++)
        {
            foreach (var step in steps)
            {
                step();
            }
        }
    }
}
