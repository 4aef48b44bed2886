using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Classic;

public sealed class StaticMembershipTests
{
    private readonly ShardDriver _shard = new();

    [Fact]
    public void Restart_OfAFollower_KeepsGenerationAndAssignment()
    {
        var (leader, follower) = TwoStable();
        var back = _shard.Ask(Join("b2", instance: "i-b"));

        back.ErrorCode.ShouldBe(ErrorCode.None);
        back.GenerationId.ShouldBe(leader.GenerationId);
        back.MemberId.ShouldNotBe(follower.MemberId);
        back.LeaderId.ShouldBe(leader.MemberId);
        Text(_shard.Ask(Sync(back) with { GroupInstanceId = "i-b" }).Assignment).ShouldBe("two");
        _shard.Ask(Heartbeat(leader)).ErrorCode.ShouldBe(ErrorCode.None, "no one else notices");
        _shard.Restart().Ask(Heartbeat(back) with { GroupInstanceId = "i-b" }).ErrorCode.ShouldBe(ErrorCode.None, "the new id is kept");
    }

    [Fact]
    public void Restart_WhenTheAppendFails_LeavesTheOldMemberInPlace()
    {
        var (_, follower) = TwoStable();
        _shard.AppendError = ErrorCode.NotLeaderOrFollower;
        _shard.Ask(Join("b2", instance: "i-b")).ErrorCode.ShouldBe(ErrorCode.NotCoordinator);
        _shard.AppendError = ErrorCode.None;
        _shard.Ask(Heartbeat(follower) with { GroupInstanceId = "i-b" }).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Restart_OfTheLeader_IsToldToSkipTheAssignment()
    {
        var (leader, _) = TwoStable();
        var back = _shard.Ask(Join("a2", instance: "i-a") with { SupportSkippingAssignment = true });

        back.SkipAssignment.ShouldBeTrue();
        back.LeaderId.ShouldBe(back.MemberId);
        back.Members.Count.ShouldBe(2);
        back.GenerationId.ShouldBe(leader.GenerationId);
    }

    [Fact]
    public void Restart_OfTheLeader_WithAnOldClient_IsNotToldThatItLeads()
    {
        var (leader, _) = TwoStable();
        var back = _shard.Ask(Join("a2", instance: "i-a"));
        back.LeaderId.ShouldBe(leader.MemberId);
        back.Members.ShouldBeEmpty();
        Text(_shard.Ask(Sync(back) with { GroupInstanceId = "i-a" }).Assignment).ShouldBe("one");
    }

    [Fact]
    public void Restart_WithOtherProtocols_Rebalances()
    {
        var (leader, _) = TwoStable("range,sticky");
        var back = _shard.Send(Join("b2", instance: "i-b", protocols: "sticky"));
        _shard.IsWaiting(back).ShouldBeTrue();
        _shard.Ask(Join("a", leader.MemberId, "i-a", "range,sticky")).ProtocolName.ShouldBe("sticky");
        _shard.ReplyTo<JoinGroupReply>(back).GenerationId.ShouldBe(leader.GenerationId + 1);
    }

    [Fact]
    public void OldProcess_OfAnInstanceThatRestarted_IsFenced()
    {
        var (_, follower) = TwoStable();
        _shard.Ask(Join("b2", instance: "i-b"));

        _shard.Ask(Heartbeat(follower) with { GroupInstanceId = "i-b" }).ErrorCode.ShouldBe(ErrorCode.FencedInstanceId);
        _shard.Ask(Sync(follower) with { GroupInstanceId = "i-b" }).ErrorCode.ShouldBe(ErrorCode.FencedInstanceId);
        _shard.Ask(Join("b", follower.MemberId, "i-b")).ErrorCode.ShouldBe(ErrorCode.FencedInstanceId);
        _shard.Ask(Commit(5, follower) with { GroupInstanceId = "i-b" }).Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.FencedInstanceId);
        _shard.Ask(Leave(follower.MemberId, "i-b")).Members.Single().ErrorCode.ShouldBe(ErrorCode.FencedInstanceId);
    }

    [Fact]
    public void Requests_ThatWaitUnderTheOldId_AreFencedAtOnce()
    {
        var first = _shard.Ask(Join("a", instance: "i-a"));
        var second = _shard.Send(Join("b", instance: "i-b"));
        var leader = _shard.Ask(Join("a", first.MemberId, "i-a"));
        var waits = _shard.Send(Sync(_shard.ReplyTo<JoinGroupReply>(second)) with { GroupInstanceId = "i-b" });
        var back = _shard.Send(Join("b2", instance: "i-b"));

        _shard.ReplyTo<SyncGroupReply>(waits).ErrorCode.ShouldBe(ErrorCode.FencedInstanceId);
        _shard.IsWaiting(back).ShouldBeTrue("the generation was not complete: it begins anew");
        _shard.Ask(Join("a", leader.MemberId, "i-a")).GenerationId.ShouldBe(leader.GenerationId + 1);
        _shard.ReplyTo<JoinGroupReply>(back).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Member_ThatDoesNotRejoin_KeepsItsPlaceUntilItsSessionEnds()
    {
        var (leader, follower) = TwoStable();
        var late = _shard.Send(Join("c"));
        _shard.Send(Join("a", leader.MemberId, "i-a"));
        for (var elapsed = 0; elapsed < 65; elapsed += 5)
        {
            _shard.Ask(Heartbeat(follower) with { GroupInstanceId = "i-b" });
            _shard.Advance(TimeSpan.FromSeconds(5));
        }

        _shard.ReplyTo<JoinGroupReply>(late).GenerationId.ShouldBe(leader.GenerationId + 1);
        _shard.Ask(new DescribeGroupCommand(Group)).Members.Count.ShouldBe(3);
    }

    [Fact]
    public void Administrator_RemovesByInstanceId()
    {
        TwoStable();
        var left = _shard.Ask(new LeaveGroupCommand(Group, [new LeavingMember("", "i-b"), new LeavingMember("", "i-x"), new LeavingMember("", null)]));
        left.Members.Select(member => member.ErrorCode).ShouldBe([ErrorCode.None, ErrorCode.UnknownMemberId, ErrorCode.UnknownMemberId]);
        _shard.Ask(new DescribeGroupCommand(Group)).Members.Single().GroupInstanceId.ShouldBe("i-a");
    }

    private (JoinGroupReply Leader, JoinGroupReply Follower) TwoStable(string protocols = "range")
    {
        var first = _shard.Ask(Join("a", instance: "i-a", protocols: protocols));
        var second = _shard.Send(Join("b", instance: "i-b", protocols: protocols));
        var leader = _shard.Ask(Join("a", first.MemberId, "i-a", protocols));
        var follower = _shard.ReplyTo<JoinGroupReply>(second);
        _shard.Ask(Sync(leader, $"{leader.MemberId}=one", $"{follower.MemberId}=two") with { GroupInstanceId = "i-a" });
        Text(_shard.Ask(Sync(follower) with { GroupInstanceId = "i-b" }).Assignment).ShouldBe("two");
        return (leader, follower);
    }
}
