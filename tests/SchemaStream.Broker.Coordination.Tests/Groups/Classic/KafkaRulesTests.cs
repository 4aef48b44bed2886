using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Classic;

/// <summary>Small things in which Kafka's coordinator has its own way.</summary>
public sealed class KafkaRulesTests
{
    [Fact]
    public void Group_ThatIsTooLargeWhenItIsLoaded_Rebalances()
    {
        var shard = new ShardDriver();
        var first = shard.Ask(Join("a"));
        shard.Ask(Sync(first, $"{first.MemberId}=all"));
        var second = shard.Send(Join("b"));
        first = shard.Ask(Join("a", first.MemberId));
        var joined = shard.ReplyTo<JoinGroupReply>(second);
        shard.Ask(Sync(first, $"{first.MemberId}=left", $"{joined.MemberId}=right"));
        shard.Ask(Sync(joined));

        var smaller = new ShardDriver(new GroupShardOptions { MaxSize = 1 }, shard.Log, shard.NowMs);
        smaller.Ask(Heartbeat(first)).ErrorCode.ShouldBe(ErrorCode.RebalanceInProgress);
        smaller.Ask(Commit(4, first)).Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        var again = smaller.Send(Join("b", joined.MemberId));
        smaller.Ask(Join("a", first.MemberId)).ErrorCode.ShouldBe(ErrorCode.GroupMaxSizeReached);
        smaller.Advance(TimeSpan.FromSeconds(61));
        smaller.ReplyTo<JoinGroupReply>(again).Members.Count.ShouldBe(1);
    }

    [Fact]
    public void Request_ToAGroupWithoutAName_IsInvalid()
    {
        var shard = new ShardDriver();
        shard.Ask(Join("a", group: "")).ErrorCode.ShouldBe(ErrorCode.InvalidGroupId);
        shard.Ask(new HeartbeatCommand("", 1, "m", null)).ErrorCode.ShouldBe(ErrorCode.InvalidGroupId);
        shard.Ask(new LeaveGroupCommand("", [new LeavingMember("m", null)])).ErrorCode.ShouldBe(ErrorCode.InvalidGroupId);
        shard.Ask(new SyncGroupCommand { GroupId = "", GenerationId = 1, MemberId = "m" }).ErrorCode.ShouldBe(ErrorCode.InvalidGroupId);
    }

    [Fact]
    public void Commit_OfAMemberToNoGroup_IsToldByTheWordThatItsVersionKnows()
    {
        var shard = new ShardDriver();
        var commit = Commit(1) with { GenerationIdOrMemberEpoch = 2, MemberId = "m" };
        shard.Ask(commit).Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.IllegalGeneration);
        shard.Ask(commit with { KnowsMemberEpochs = true }).Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.GroupIdNotFound);
    }

    [Fact]
    public void Reason_ForLeaving_IsReported()
    {
        var shard = new ShardDriver();
        var joined = shard.Ask(Join("a"));
        shard.Ask(new LeaveGroupCommand(Group, [new LeavingMember(joined.MemberId, null, "the consumer was closed")]));
        shard.Reports.ShouldContain($"orders: member {joined.MemberId} left: the consumer was closed");
    }

    [Fact]
    public void FirstJoinPhase_WithADelay_IsExtendedWhileMembersCome_ButNotBeyondTheRebalanceTimeout()
    {
        var shard = new ShardDriver(new GroupShardOptions { InitialRebalanceDelay = TimeSpan.FromSeconds(25) });
        var first = shard.Send(Join("a"));
        for (var i = 0; i < 2; i++)
        {
            shard.Advance(TimeSpan.FromSeconds(24));
            shard.Send(Join($"late{i}"));
        }

        // 25 s, then 25 s more, then the 10 s that are left of the first member's 60.
        shard.Advance(TimeSpan.FromSeconds(11));
        shard.IsWaiting(first).ShouldBeTrue();
        shard.Advance(TimeSpan.FromSeconds(1));
        shard.ReplyTo<JoinGroupReply>(first).Members.Count.ShouldBe(3);
    }

    [Fact]
    public void StaticMember_WhoseOldSelfStillRuns_FencesIt()
    {
        var shard = new ShardDriver();
        var old = shard.Ask(Join("a", instance: "i"));
        shard.Ask(Sync(old, $"{old.MemberId}=all") with { GroupInstanceId = "i" });
        var back = shard.Ask(Join("b", instance: "i") with { SupportSkippingAssignment = true });
        (back.GenerationId, back.SkipAssignment, back.LeaderId).ShouldBe((old.GenerationId, true, back.MemberId));
        back.MemberId.ShouldNotBe(old.MemberId);

        shard.Ask(Heartbeat(old) with { GroupInstanceId = "i" }).ErrorCode.ShouldBe(ErrorCode.FencedInstanceId);
        shard.Ask(Commit(1, old) with { GroupInstanceId = "i" }).Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.FencedInstanceId);
        shard.Ask(Leave(old.MemberId, "i")).Members[0].ErrorCode.ShouldBe(ErrorCode.FencedInstanceId);
        Text(shard.Ask(Sync(back) with { GroupInstanceId = "i" }).Assignment).ShouldBe("all");
    }
}
