using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Tests.Groups.Consumer;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Classic;

public sealed class JoinLimitsTests
{
    [Fact]
    public void Join_WithoutAnId_GetsOneFirst()
    {
        var shard = new ShardDriver();
        var given = shard.Ask(Join("a") with { RequireKnownMemberId = true });
        given.ErrorCode.ShouldBe(ErrorCode.MemberIdRequired);
        given.MemberId.ShouldStartWith("a-");

        var joined = shard.Ask(Join("a", given.MemberId) with { RequireKnownMemberId = true });
        (joined.ErrorCode, joined.MemberId).ShouldBe((ErrorCode.None, given.MemberId));
    }

    [Fact]
    public void Id_OfAClientWithALongName_ComesBackFromTheWireAsItWas()
    {
        // The cut would go through the middle of the pair.
        var given = new ShardDriver().Ask(Join(new string('x', 248) + "\U0001F600") with { MemberUuid = Guid.Empty, RequireKnownMemberId = true });
        Text(Bytes(given.MemberId)).ShouldBe(given.MemberId);
    }

    [Fact]
    public void Id_ThatNoRecordHolds_IsUnknown_AlsoInAConsumerGroup()
    {
        var shard = new ShardDriver(topics: TestTopics.Of(("orders", 1)));
        new ConsumerClient(shard, "young").Beat();

        // Version 0 of a consumer's subscription, to no topic.
        var join = Join("a", new string('x', 40_000)) with { Protocols = [new JoinProtocol("range", new byte[10])] };
        shard.Ask(join).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
        shard.Ask(join with { MemberId = "mine" }).ErrorCode.ShouldBe(ErrorCode.None, "the rest of it is well");
    }

    [Fact]
    public void Id_ThatIsNotUsed_IsTakenBackAfterTheSession()
    {
        var shard = new ShardDriver();
        var given = shard.Ask(Join("a") with { RequireKnownMemberId = true });
        shard.Advance(TimeSpan.FromSeconds(11));
        shard.Ask(Join("a", given.MemberId)).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
        shard.Ask(new DescribeGroupCommand(Group)).State.ShouldBe("Dead", "nothing is left of the group");
    }

    [Fact]
    public void Id_ThatWasGivenOut_HoldsARebalanceUp()
    {
        var shard = new ShardDriver();
        var first = shard.Ask(Join("a"));
        shard.Ask(Sync(first, $"{first.MemberId}=all"));
        var given = shard.Ask(Join("b") with { RequireKnownMemberId = true });
        var late = shard.Send(Join("c"));
        var again = shard.Send(Join("a", first.MemberId));
        shard.IsWaiting(late).ShouldBeTrue("b may come any moment");

        shard.Ask(Leave(given.MemberId)).Members.Single().ErrorCode.ShouldBe(ErrorCode.None);
        shard.ReplyTo<JoinGroupReply>(late).GenerationId.ShouldBe(2);
        shard.ReplyTo<JoinGroupReply>(again).Members.Count.ShouldBe(2);
    }

    [Fact]
    public void Id_ThatExpires_DisturbsNoStableGroup()
    {
        var shard = new ShardDriver();
        var first = shard.Ask(Join("a"));
        shard.Ask(Sync(first, $"{first.MemberId}=all"));
        shard.Ask(Join("b") with { RequireKnownMemberId = true });
        shard.Advance(TimeSpan.FromSeconds(8));
        shard.Ask(Heartbeat(first));
        shard.Advance(TimeSpan.FromSeconds(4));
        shard.Ask(Heartbeat(first)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Join_BeyondTheGroupsSize_IsRefusedButNotForWhoIsIn()
    {
        var shard = new ShardDriver(new GroupShardOptions { MaxSize = 1 });
        var first = shard.Ask(Join("a", instance: "i-a"));
        shard.Ask(Sync(first, $"{first.MemberId}=all") with { GroupInstanceId = "i-a" });

        shard.Ask(Join("b")).ErrorCode.ShouldBe(ErrorCode.GroupMaxSizeReached);
        shard.Ask(Join("a", first.MemberId, "i-a")).ErrorCode.ShouldBe(ErrorCode.None);
        shard.Ask(Sync(first) with { GroupInstanceId = "i-a", GenerationId = 2 }).ErrorCode.ShouldBe(ErrorCode.None);
        shard.Ask(Join("a2", instance: "i-a")).ErrorCode.ShouldBe(ErrorCode.None, "a static member has its place");
    }

    [Fact]
    public void Ids_ToGiveOut_AreBounded()
    {
        var shard = new ShardDriver(new GroupShardOptions { MaxPendingMembers = 2 });
        shard.Ask(Join("a") with { RequireKnownMemberId = true }).ErrorCode.ShouldBe(ErrorCode.MemberIdRequired);
        shard.Ask(Join("b") with { RequireKnownMemberId = true }).ErrorCode.ShouldBe(ErrorCode.MemberIdRequired);
        shard.Ask(Join("c") with { RequireKnownMemberId = true }).ErrorCode.ShouldBe(ErrorCode.GroupMaxSizeReached);
    }

    [Fact]
    public void Join_OutOfBounds_IsRefused()
    {
        var shard = new ShardDriver();
        var join = Join("a");
        shard.Ask(join with { GroupId = "" }).ErrorCode.ShouldBe(ErrorCode.InvalidGroupId);
        shard.Ask(join with { GroupId = new string('g', 40_000) }).ErrorCode.ShouldBe(ErrorCode.InvalidGroupId);
        shard.Ask(join with { SessionTimeout = TimeSpan.FromSeconds(5) }).ErrorCode.ShouldBe(ErrorCode.InvalidSessionTimeout);
        shard.Ask(join with { SessionTimeout = TimeSpan.FromHours(1) }).ErrorCode.ShouldBe(ErrorCode.InvalidSessionTimeout);
        shard.Ask(join with { RebalanceTimeout = TimeSpan.FromMilliseconds(-1) }).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        shard.Ask(join with { GroupInstanceId = new string('i', 250) }).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        shard.Ask(join with { MemberId = "who" }).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
        shard.Ask(join with { Protocols = [.. Enumerable.Range(0, 101).Select(i => new JoinProtocol($"p{i}", default))] })
            .ErrorCode.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        shard.Ask(join with { ClientId = new string('c', 30_000) }).MemberId.Length.ShouldBeLessThan(300, "it must fit into a record");
    }

    [Fact]
    public void NewMember_WhoseJoinIsParkedForTooLong_IsTakenForGone()
    {
        var shard = new ShardDriver(new GroupShardOptions { NewMemberJoinTimeout = TimeSpan.FromSeconds(30) });
        var first = shard.Ask(Join("a"));
        shard.Ask(Sync(first, $"{first.MemberId}=all"));
        var parked = shard.Send(Join("b"));
        for (var elapsed = 0; elapsed < 35; elapsed += 5)
        {
            shard.Ask(Heartbeat(first));
            shard.Advance(TimeSpan.FromSeconds(5));
        }

        shard.ReplyTo<JoinGroupReply>(parked).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
    }
}
