using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Consumer;

public sealed class ConsumerGroupTests
{
    private static readonly TestTopics Orders = TestTopics.Of(("orders", 4), ("bills", 2));

    private readonly ShardDriver _driver = new(topics: Orders);

    [Fact]
    public void Join_OfTheFirstMember_GivesItEverything()
    {
        var client = Client("a");
        var reply = client.Beat();
        (reply.ErrorCode, reply.MemberEpoch, reply.MemberId).ShouldBe((ErrorCode.None, 1, "a"));
        client.Shown.ShouldBe("orders/0 orders/1 orders/2 orders/3");
        reply.HeartbeatInterval.ShouldBe(TimeSpan.FromSeconds(5));
        Describe().State.ShouldBe("Stable");

        client.Beat().Assignment.ShouldBeNull("nothing has changed");
    }

    [Fact]
    public void Join_OfASecondMember_WaitsForTheFirstToGiveUp()
    {
        var (a, b) = (Client("a"), Client("b"));
        a.Beat();
        b.Beat().MemberEpoch.ShouldBe(2);
        b.Owned.ShouldBeEmpty();
        Describe().State.ShouldBe("Reconciling");

        // Told to give two up, it stays in its epoch until it has.
        var told = a.Beat();
        (told.MemberEpoch, told.Assignment!.Count).ShouldBe((1, 2));
        b.Beat();
        b.Owned.ShouldBeEmpty();

        a.Beat().MemberEpoch.ShouldBe(2);
        b.Beat();
        b.Owned.Count.ShouldBe(2);
        b.Owned.Overlaps(a.Owned).ShouldBeFalse();
        Describe().State.ShouldBe("Stable");
    }

    [Fact]
    public void Leave_OfAMember_GivesItsPartitionsToTheOther()
    {
        var (a, b) = (Client("a"), Client("b"));
        Settle(a, b);
        b.Leave().MemberEpoch.ShouldBe(-1);
        a.Beat();
        a.Owned.Count.ShouldBe(4);

        a.Leave();
        Describe().State.ShouldBe("Empty");
        Listed().ShouldBe([new ListedGroup(Group, "consumer", "Empty", "consumer")]);
    }

    [Fact]
    public void Silence_ForASession_PutsAMemberOut()
    {
        var (a, b) = (Client("a"), Client("b"));
        Settle(a, b);
        _driver.Advance(TimeSpan.FromSeconds(30));
        a.Beat();
        _driver.Advance(TimeSpan.FromSeconds(30));
        a.Beat();
        a.Owned.Count.ShouldBe(4);
        b.Beat().ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void Member_ThatDoesNotGiveUpInTime_IsOut()
    {
        var (a, b) = (Client("a"), Client("b"));
        a.Beat();
        b.Beat();
        a.Beat();
        for (var i = 0; i < 7; i++)
        {
            // It goes on beating, and says nothing of having given up.
            _driver.Advance(TimeSpan.FromSeconds(10));
            _driver.Ask(a.Command with { OwnedPartitions = null });
            b.Beat();
        }

        a.Beat().ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
        b.Beat();
        b.Owned.Count.ShouldBe(4);
    }

    [Fact]
    public void Epoch_ThatIsNotTheMembers_IsFenced()
    {
        var (a, b) = (Client("a"), Client("b"));
        Settle(a, b);
        var epoch = a.Epoch;
        _driver.Ask(a.Command with { MemberEpoch = epoch + 1 }).ErrorCode.ShouldBe(ErrorCode.FencedMemberEpoch);

        // The answer with the newer epoch was lost: it says the one before, and what it owns is within what it has.
        _driver.Ask(a.Command with { MemberEpoch = epoch - 1 }).MemberEpoch.ShouldBe(epoch);
        _driver.Ask(a.Command with { MemberEpoch = epoch - 1, OwnedPartitions = Orders.All("orders") })
            .ErrorCode.ShouldBe(ErrorCode.FencedMemberEpoch);
        _driver.Ask(Client("c").Command with { MemberEpoch = 3 }).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
        _driver.Ask(Client("c").Command with { MemberEpoch = 3, GroupId = "none" }).ErrorCode.ShouldBe(ErrorCode.GroupIdNotFound);
    }

    [Fact]
    public void StaticMember_ThatComesBack_HasWhatItHad()
    {
        var (a, b) = (Client("a", "one"), Client("b", "two"));
        Settle(a, b);
        var (epoch, owned) = (b.Epoch, b.Owned);
        Client("c", "two").Beat().ErrorCode.ShouldBe(ErrorCode.UnreleasedInstanceId);
        _driver.Ask(b.Command with { MemberId = "c" }).ErrorCode.ShouldBe(ErrorCode.FencedInstanceId);

        b.Leave(ConsumerGroupHeartbeatCommand.LeaveForAWhile).MemberEpoch.ShouldBe(-2);
        a.Beat();
        a.Owned.Count.ShouldBe(2, "its place is kept");
        var back = Client("c", "two");
        back.Beat().MemberEpoch.ShouldBe(epoch);
        back.Owned.ShouldBe(owned);
        Describe().Members.Select(member => member.MemberId).ShouldBe(["a", "c"]);

        back.Leave(ConsumerGroupHeartbeatCommand.LeaveForAWhile);
        _driver.Advance(TimeSpan.FromSeconds(40));
        a.Beat();
        _driver.Advance(TimeSpan.FromSeconds(40));
        a.Beat();
        a.Owned.Count.ShouldBe(4, "it stayed away for too long");
    }

    [Fact]
    public void StaticMember_ThatComesBackUnderItsOwnId_KeepsItsSession()
    {
        var a = Client("a", "one");
        a.Beat();
        a.Leave(ConsumerGroupHeartbeatCommand.LeaveForAWhile);
        a.Beat();
        a.Owned.Count.ShouldBe(4);
        _driver.Advance(TimeSpan.FromSeconds(30));
        a.Beat().ErrorCode.ShouldBe(ErrorCode.None);
        _driver.Advance(TimeSpan.FromSeconds(60));
        a.Beat().ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void Partitions_ThatAreAdded_AreShared()
    {
        var (a, b) = (Client("a"), Client("b"));
        Settle(a, b);
        _driver.Topics = Orders.With("orders", 6);
        Settle(a, b);
        (a.Owned.Count, b.Owned.Count).ShouldBe((3, 3));

        // A topic that is deleted and made again is another one.
        _driver.Topics = Orders.With("orders", 4, id: "orders again");
        Settle(a, b);
        a.Owned.Union(b.Owned).ShouldBe(((TestTopics)_driver.Topics).All("orders"));
    }

    [Fact]
    public void Subscription_ThatChanges_ChangesTheAssignment()
    {
        var (a, b) = (Client("a"), Client("b"));
        Settle(a, b);
        (b.Topics, b.SaysAll) = (["bills", "orders"], true);
        Settle(a, b);
        a.Owned.Union(b.Owned).ShouldBe(Orders.All("orders", "bills"));
        b.Owned.Except(Orders.All("orders")).Count.ShouldBe(2);
        (a.Owned.Count, b.Owned.Count).ShouldBe((3, 3));
    }

    [Fact]
    public void Regex_IsHeldAgainstTheTopicsOnce_HoweverManyJoinAfterwards()
    {
        var topics = TestTopics.Of(("orders", 2), ("bills", 1));
        var driver = new ShardDriver(topics: topics);
        foreach (var name in new[] { "a", "b", "c" })
        {
            new ConsumerClient(driver, name) { Topics = null, Regex = $"orders|{name}.*" }.Beat().ErrorCode.ShouldBe(ErrorCode.None);
        }

        topics.Looks.ShouldBe(3);
    }

    [Fact]
    public void RegularExpression_StandsForTheTopicsThereAre()
    {
        var a = Client("a");
        (a.Topics, a.Regex) = (null, "(orders|invoices).*");
        a.Beat();
        a.Shown.ShouldBe("orders/0 orders/1 orders/2 orders/3");

        _driver.Topics = Orders.With("invoices-2", 1).With("my-invoices", 1);
        _driver.Advance(TimeSpan.FromSeconds(5));
        a.Beat();
        a.Owned.ShouldBe(((TestTopics)_driver.Topics).All("orders", "invoices-2"));
        Describe().Members.Single().SubscribedTopicRegex.ShouldBe("(orders|invoices).*");

        (a.Regex, a.SaysAll) = ("", true);
        a.Beat();
        a.Beat();
        a.Owned.ShouldBeEmpty();
        _driver.Shard.State.ConsumerGroups[Group].RegularExpressions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("(")]
    [InlineData("a)(b")]
    [InlineData(@"(a)\1")]
    [InlineData("(?=a)")]
    [InlineData("[a")]
    [InlineData("a{2000}")]
    public void RegularExpression_ThatIsNotRe2s_IsRefused(string pattern)
    {
        var a = Client("a");
        a.Regex = pattern;
        a.Beat().ErrorCode.ShouldBe(ErrorCode.InvalidRegularExpression);
        Describe().ErrorCode.ShouldBe(ErrorCode.GroupIdNotFound);
    }

    [Fact]
    public void Assignor_IsTheOneThatMostAskFor()
    {
        var (a, b, c) = (Client("a"), Client("b"), Client("c"));
        foreach (var client in new[] { a, b })
        {
            (client.Assignor, client.Topics) = ("range", ["orders", "bills"]);
        }

        (c.Assignor, c.Topics) = ("uniform", ["orders", "bills"]);
        Settle(a, b, c);
        Describe().AssignorName.ShouldBe("range");
        c.Owned.Count.ShouldBe(1, "four and two among three: the last has one of orders, and none of bills");
        c.Leave();
        c.Assignor = "mine";
        c.Beat().ErrorCode.ShouldBe(ErrorCode.UnsupportedAssignor);
    }

    [Fact]
    public void Group_ThatIsFull_TakesNoOneElse()
    {
        var driver = new ShardDriver(new GroupShardOptions { ConsumerMaxSize = 1 }, topics: Orders);
        new ConsumerClient(driver, "a").Beat();
        new ConsumerClient(driver, "b").Beat().ErrorCode.ShouldBe(ErrorCode.GroupMaxSizeReached);
    }

    [Fact]
    public void Request_ThatMakesNoSense_IsRefused()
    {
        var command = Client("a").Command;
        ConsumerGroupHeartbeatCommand[] wrong =
        [
            command with { GroupId = "" },
            command with { MemberId = "" },
            command with { InstanceId = "" },
            command with { RackId = "" },
            command with { RebalanceTimeout = null },
            command with { SubscribedTopicNames = null },
            command with { OwnedPartitions = null },
            command with { OwnedPartitions = PartitionSet.Of([new TopicPartitionId(Uuid("orders"), 0)]) },
            command with { MemberEpoch = -3 },
            command with { MemberEpoch = -2 },
        ];
        wrong.Select(asked => _driver.Ask(asked).ErrorCode).ShouldAllBe(error => error == ErrorCode.InvalidRequest);

        // In version 0 the coordinator makes the id up.
        _driver.Ask(command with { MemberId = "", RequiresMemberId = false }).MemberId!.Length.ShouldBe(22);
    }

    [Fact]
    public void Coordinator_ThatStartsAnew_KnowsEveryoneAndLetsNoOneStay()
    {
        var (a, b) = (Client("a"), Client("b"));
        a.Beat();
        b.Beat();
        a.Beat();
        var restarted = _driver.Restart();
        var again = new ConsumerClient(restarted, "a") { Epoch = a.Epoch, Owned = a.Owned, SaysAll = false };
        again.Beat().MemberEpoch.ShouldBe(2);
        restarted.Advance(TimeSpan.FromMinutes(2));
        restarted.Ask(new DescribeConsumerGroupCommand(Group)).Members.ShouldBeEmpty();
    }

    [Fact]
    public void Session_CanBeSetForOneGroup_AndChanged()
    {
        var config = default(ConsumerGroupConfig);
        var driver = new ShardDriver(topics: Orders, configOf: groupId => groupId == Group ? config : default);
        var (a, b) = (new ConsumerClient(driver, "a"), new ConsumerClient(driver, "b"));
        Settle(a, b);
        config = new ConsumerGroupConfig(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1));
        Settle(a, b);
        a.Beat().HeartbeatInterval.ShouldBe(TimeSpan.FromSeconds(1));
        driver.Advance(TimeSpan.FromSeconds(2));
        a.Beat();
        driver.Advance(TimeSpan.FromSeconds(2));
        a.Beat();
        a.Owned.Count.ShouldBe(4, "b was not heard of for more than three seconds");
    }

    [Fact]
    public void Append_ThatFails_LeavesTheGroupAsItWas()
    {
        var (a, b) = (Client("a"), Client("b"));
        Settle(a, b);
        _driver.AppendError = ErrorCode.NotEnoughReplicas;
        b.Leave().ErrorCode.ShouldBe(ErrorCode.CoordinatorNotAvailable);
        a.Beat().ErrorCode.ShouldBe(ErrorCode.None, "it has nothing to be written");
        _driver.AppendError = ErrorCode.None;
        b.Leave().ErrorCode.ShouldBe(ErrorCode.None);
        a.Beat();
        a.Owned.Count.ShouldBe(4);
    }

    private ConsumerClient Client(string memberId, string? instance = null) => new(_driver, memberId, instance);

    private DescribeConsumerGroupReply Describe() => _driver.Ask(new DescribeConsumerGroupCommand(Group));

    private IReadOnlyList<ListedGroup> Listed() => _driver.Ask(new ListGroupsCommand([], ["Consumer"])).Groups;

    private static void Settle(params ConsumerClient[] clients)
    {
        for (var round = 0; round < 5; round++)
        {
            foreach (var client in clients)
            {
                client.Beat();
            }
        }
    }
}
