using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Coordination.Tests.Requests;

namespace SchemaStream.Broker.Coordination.Tests.Groups.Classic;

public sealed class RebalanceTests
{
    private readonly ShardDriver _shard = new();

    [Fact]
    public void Join_OfTheFirstMember_IsAGenerationAtOnce()
    {
        var joined = _shard.Ask(Join("a"));

        joined.ErrorCode.ShouldBe(ErrorCode.None);
        joined.GenerationId.ShouldBe(1);
        joined.LeaderId.ShouldBe(joined.MemberId);
        joined.ProtocolName.ShouldBe("range");
        joined.Members.Single().MemberId.ShouldBe(joined.MemberId);
    }

    [Fact]
    public void Join_WithAnInitialDelay_GathersWhoComesInIt()
    {
        var shard = new ShardDriver(new GroupShardOptions { InitialRebalanceDelay = TimeSpan.FromSeconds(3) });
        var first = shard.Send(Join("a"));
        shard.Advance(TimeSpan.FromSeconds(2));
        var second = shard.Send(Join("b"));
        shard.Advance(TimeSpan.FromSeconds(2));
        shard.IsWaiting(first).ShouldBeTrue("someone came, so the delay begins again");
        shard.Advance(TimeSpan.FromSeconds(2));

        shard.ReplyTo<JoinGroupReply>(first).Members.Count.ShouldBe(2);
        shard.ReplyTo<JoinGroupReply>(second).GenerationId.ShouldBe(1);
        shard.ReplyTo<JoinGroupReply>(second).Members.ShouldBeEmpty("only the leader is told");
    }

    [Fact]
    public void Sync_OfAFollower_WaitsForTheLeader()
    {
        var (leader, follower) = TwoMembers();

        var waits = _shard.Send(Sync(follower));
        _shard.IsWaiting(waits).ShouldBeTrue();
        var led = _shard.Ask(Sync(leader, $"{leader.MemberId}=one", $"{follower.MemberId}=two", "stranger=three"));

        Text(led.Assignment).ShouldBe("one");
        Text(_shard.ReplyTo<SyncGroupReply>(waits).Assignment).ShouldBe("two");
    }

    [Fact]
    public void Sync_OfTheLeader_MayComeFirst()
    {
        var (leader, follower) = TwoMembers();
        _shard.Ask(Sync(leader, $"{follower.MemberId}=two"));

        Text(_shard.Ask(Sync(follower)).Assignment).ShouldBe("two");
    }

    [Fact]
    public void Sync_WhenTheAppendFails_IsRefusedAndLeavesTheOthersWaiting()
    {
        var (leader, follower) = TwoMembers();
        var waits = _shard.Send(Sync(follower));

        _shard.AppendError = ErrorCode.NotEnoughReplicas;
        _shard.Ask(Sync(leader, $"{follower.MemberId}=two")).ErrorCode.ShouldBe(ErrorCode.CoordinatorNotAvailable);
        _shard.IsWaiting(waits).ShouldBeTrue();

        _shard.AppendError = ErrorCode.None;
        _shard.Ask(Sync(leader, $"{follower.MemberId}=two")).ErrorCode.ShouldBe(ErrorCode.None);
        Text(_shard.ReplyTo<SyncGroupReply>(waits).Assignment).ShouldBe("two");
    }

    [Fact]
    public void Sync_WithAnotherProtocolThanTheGroups_IsInconsistent()
    {
        var joined = _shard.Ask(Join("a"));
        _shard.Ask(Sync(joined) with { ProtocolName = "roundrobin" }).ErrorCode.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        _shard.Ask(Sync(joined) with { GenerationId = 7 }).ErrorCode.ShouldBe(ErrorCode.IllegalGeneration);
        _shard.Ask(Sync(joined) with { MemberId = "other" }).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void Join_OfALateMember_RebalancesAndAnnouncesItByHeartbeat()
    {
        var first = Stable("a");
        var late = _shard.Send(Join("b"));

        _shard.Ask(Heartbeat(first)).ErrorCode.ShouldBe(ErrorCode.RebalanceInProgress);
        _shard.IsWaiting(late).ShouldBeTrue();
        var again = _shard.Ask(Join("a", first.MemberId));

        again.GenerationId.ShouldBe(2);
        again.LeaderId.ShouldBe(first.MemberId);
        _shard.ReplyTo<JoinGroupReply>(late).GenerationId.ShouldBe(2);
        _shard.Ask(Heartbeat(first)).ErrorCode.ShouldBe(ErrorCode.IllegalGeneration);
        _shard.Ask(Heartbeat(again)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Join_WhenAMemberDoesNotComeBackInTime_GoesOnWithoutIt()
    {
        var silent = Stable("a");
        var late = _shard.Send(Join("b"));
        for (var second = 0; second < 60; second += 5)
        {
            // It lives, but does not rejoin.
            _shard.Ask(Heartbeat(silent));
            _shard.Advance(TimeSpan.FromSeconds(5));
        }

        var joined = _shard.ReplyTo<JoinGroupReply>(late);
        joined.Members.Single().MemberId.ShouldBe(joined.MemberId);
        _shard.Ask(Heartbeat(silent)).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void Member_WhenSilent_IsRemovedAfterItsSession()
    {
        var silent = Stable("a");
        _shard.Advance(TimeSpan.FromSeconds(9));
        _shard.Ask(Heartbeat(silent)).ErrorCode.ShouldBe(ErrorCode.None);
        _shard.Advance(TimeSpan.FromSeconds(9));
        _shard.Ask(Heartbeat(silent)).ErrorCode.ShouldBe(ErrorCode.None);
        _shard.Advance(TimeSpan.FromSeconds(11));

        _shard.Ask(Heartbeat(silent)).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
        _shard.Ask(new DescribeGroupCommand(Group)).State.ShouldBe("Empty");
    }

    [Fact]
    public void Member_WhoseJoinWaits_NeedsNoHeartbeat()
    {
        var first = Stable("a");
        var second = _shard.Send(Join("b"));
        var firstAgain = _shard.Send(Join("a", first.MemberId));
        _shard.Replies.ShouldContainKey(firstAgain);
        var third = _shard.Send(Join("c"));
        var secondAgain = _shard.Send(Join("b", _shard.ReplyTo<JoinGroupReply>(second).MemberId));

        // "a" heartbeats and is slow to rejoin; "b" waits in its join for longer than its session.
        for (var elapsed = 0; elapsed < 30; elapsed += 5)
        {
            _shard.Ask(Heartbeat(_shard.ReplyTo<JoinGroupReply>(firstAgain)));
            _shard.Advance(TimeSpan.FromSeconds(5));
        }

        _shard.IsWaiting(secondAgain).ShouldBeTrue();
        _shard.Ask(Join("a", first.MemberId)).Members.Count.ShouldBe(3);
        _shard.IsWaiting(third).ShouldBeFalse();
    }

    [Fact]
    public void Member_ThatDoesNotSync_IsRemovedWithTheRebalanceTimeout()
    {
        var (leader, follower) = TwoMembers();
        _shard.Ask(Sync(leader, $"{leader.MemberId}=one"));
        for (var elapsed = 0; elapsed < 65; elapsed += 5)
        {
            _shard.Ask(Heartbeat(leader));
            _shard.Ask(Heartbeat(follower));
            _shard.Advance(TimeSpan.FromSeconds(5));
        }

        _shard.Ask(Heartbeat(follower)).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
        _shard.Ask(Heartbeat(leader)).ErrorCode.ShouldBe(ErrorCode.RebalanceInProgress);
    }

    [Fact]
    public void Protocol_IsTheOneMostMembersPrefer()
    {
        var first = Stable("a", "range,sticky");
        var second = _shard.Send(Join("b", protocols: "sticky,range"));
        var firstAgain = _shard.Ask(Join("a", first.MemberId, protocols: "range,sticky"));
        firstAgain.ProtocolName.ShouldBe("range", "a tie goes to the first");
        var third = _shard.Send(Join("c", protocols: "sticky,cooperative,range"));
        _shard.Send(Join("a", first.MemberId, protocols: "range,sticky"));
        _shard.Send(Join("b", _shard.ReplyTo<JoinGroupReply>(second).MemberId, protocols: "sticky,range"));

        _shard.ReplyTo<JoinGroupReply>(third).ProtocolName.ShouldBe("sticky");
    }

    [Fact]
    public void Join_WithoutAProtocolInCommon_IsInconsistent()
    {
        Stable("a");
        _shard.Ask(Join("b", protocols: "sticky")).ErrorCode.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        _shard.Ask(Join("b") with { ProtocolType = "connect" }).ErrorCode.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        _shard.Ask(Join("b") with { Protocols = [] }).ErrorCode.ShouldBe(ErrorCode.InconsistentGroupProtocol);
    }

    [Fact]
    public void Join_OfAFollowerWithTheSameMetadata_IsToldItsGenerationAgain()
    {
        var (leader, follower) = TwoMembers();
        _shard.Ask(Join("b", follower.MemberId)).GenerationId.ShouldBe(leader.GenerationId);
        _shard.Ask(Sync(leader, $"{follower.MemberId}=two"));
        _shard.Ask(Join("b", follower.MemberId)).GenerationId.ShouldBe(leader.GenerationId);
        _shard.Ask(Heartbeat(leader)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Join_OfAMemberInSync_TurnsTheWaitingSyncsAway()
    {
        var (leader, follower) = TwoMembers();
        var waits = _shard.Send(Sync(follower));
        var rejoins = _shard.Send(Join("a", leader.MemberId, protocols: "range,sticky"));

        _shard.ReplyTo<SyncGroupReply>(waits).ErrorCode.ShouldBe(ErrorCode.RebalanceInProgress);
        _shard.IsWaiting(rejoins).ShouldBeTrue();
        _shard.Ask(Join("b", follower.MemberId)).GenerationId.ShouldBe(leader.GenerationId + 1);
    }

    [Fact]
    public void Join_SentTwice_AnswersTheOneThatWasGivenUp()
    {
        var first = Stable("a");
        var second = _shard.Send(Join("b"));
        var memberId = _shard.Ask(Join("a", first.MemberId)).Members[^1].MemberId;
        var third = _shard.Send(Join("c"));
        var once = _shard.Send(Join("b", memberId));
        var twice = _shard.Send(Join("b", memberId));

        _shard.ReplyTo<JoinGroupReply>(once).ErrorCode.ShouldBe(ErrorCode.RebalanceInProgress);
        _shard.Send(Join("a", first.MemberId));
        _shard.ReplyTo<JoinGroupReply>(twice).ErrorCode.ShouldBe(ErrorCode.None);
        _shard.IsWaiting(second).ShouldBeFalse();
        _shard.IsWaiting(third).ShouldBeFalse();
    }

    [Fact]
    public void Leave_OfTheLastMember_EmptiesTheGroup()
    {
        var joined = Stable("a");
        _shard.Ask(Leave(joined.MemberId)).Members.Single().ErrorCode.ShouldBe(ErrorCode.None);
        _shard.Ask(Leave(joined.MemberId)).Members.Single().ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);

        _shard.Ask(new DescribeGroupCommand(Group)).State.ShouldBe("Empty");
        _shard.Ask(Join("b")).GenerationId.ShouldBe(joined.GenerationId + 2, "the empty generation counts");
    }

    [Fact]
    public void Leave_OfNoGroup_IsAnErrorOfEachMember()
    {
        var left = _shard.Ask(Leave("who"));
        (left.ErrorCode, left.Members.Single().ErrorCode).ShouldBe((ErrorCode.None, ErrorCode.UnknownMemberId));
    }

    [Fact]
    public void Leave_WhileItsJoinWaits_AnswersTheJoin()
    {
        var first = Stable("a");
        _shard.Send(Join("b"));
        var memberId = _shard.Ask(Join("a", first.MemberId)).Members[^1].MemberId;
        _shard.Send(Join("c"));
        var waits = _shard.Send(Join("b", memberId));
        _shard.Ask(Leave(memberId));

        _shard.ReplyTo<JoinGroupReply>(waits).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void Unload_AnswersAllThatWaits()
    {
        var (leader, follower) = TwoMembers();
        var waits = _shard.Send(Sync(follower));
        _shard.Apply(_shard.Shard.Unload(ErrorCode.NotCoordinator));

        _shard.ReplyTo<SyncGroupReply>(waits).ErrorCode.ShouldBe(ErrorCode.NotCoordinator);
        _shard.Waiting.ShouldBeEmpty();
        leader.ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Theory]
    [InlineData(GroupTimerKind.Join)]
    [InlineData(GroupTimerKind.Sync)]
    [InlineData(GroupTimerKind.Session)]
    public void Timer_ThatFiresEarly_IsSetAgain(GroupTimerKind kind)
    {
        var (leader, _) = TwoMembers();
        if (kind == GroupTimerKind.Join)
        {
            _shard.Send(Join("c"));
        }

        var decision = _shard.Shard.Expire(new GroupTimerKey(kind, Group, kind == GroupTimerKind.Session ? leader.MemberId : ""), _shard.NowMs + 1);
        decision.Records.ShouldBeEmpty();
        decision.Effects.Single().ShouldBeOfType<ScheduleTimer>().DeadlineMs.ShouldBe(kind == GroupTimerKind.Session ? 10_000 : 60_000);
        _shard.Shard.Expire(GroupTimerKey.Join("none"), 0).Effects.ShouldBeEmpty();
    }

    [Fact]
    public void Restart_KeepsTheGeneration()
    {
        var joined = Stable("a");
        var restarted = _shard.Restart();

        restarted.Ask(Heartbeat(joined)).ErrorCode.ShouldBe(ErrorCode.None);
        Text(restarted.Ask(Sync(joined)).Assignment).ShouldBe("all");
        restarted.Advance(TimeSpan.FromSeconds(11));
        restarted.Ask(Heartbeat(joined)).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void Accept_OfADecisionThatWasOvertaken_IsABug()
    {
        var first = _shard.Shard.Decide(Join("a"), new RequestToken(100), 0);
        var second = _shard.Shard.Decide(Join("b"), new RequestToken(101), 0);
        _shard.Shard.Accept(first);
        Should.Throw<InvalidOperationException>(() => _shard.Shard.Accept(second));
    }

    private JoinGroupReply Stable(string name, string protocols = "range")
    {
        var joined = _shard.Ask(Join(name, protocols: protocols));
        _shard.Ask(Sync(joined, $"{joined.MemberId}=all")).ErrorCode.ShouldBe(ErrorCode.None);
        return joined;
    }

    private (JoinGroupReply Leader, JoinGroupReply Follower) TwoMembers()
    {
        var first = _shard.Ask(Join("a"));
        var second = _shard.Send(Join("b"));
        var leader = _shard.Ask(Join("a", first.MemberId, protocols: "range"));
        if (_shard.IsWaiting(second))
        {
            throw new InvalidOperationException("the second member still waits");
        }

        return (leader, _shard.ReplyTo<JoinGroupReply>(second));
    }
}
