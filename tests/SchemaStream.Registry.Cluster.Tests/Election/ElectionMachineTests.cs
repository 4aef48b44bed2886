using System.Text;
using SchemaStream.Protocol;
using SchemaStream.Registry.Election;

namespace SchemaStream.Registry.Cluster.Tests.Election;

public sealed class ElectionMachineTests
{
    private static readonly MemberIdentity Self = new("http", "me", 8081, IsEligible: true, IsLeader: false);

    private readonly ElectionMachine _machine = new(
        "schema-registry", Self, new KafkaStoreOptions { Bootstrap = KafkaStoreOptions.Brokers("unused:1") });

    [Fact]
    public void FirstMember_IsToldItsId_JoinsAndAssignsItself()
    {
        _machine.Join().MemberId.ShouldBe("");
        _machine.Joined(new() { ErrorCode = ErrorCode.MemberIdRequired, MemberId = "m1" }).ShouldBe(ErrorCode.None);
        _machine.Join().MemberId.ShouldBe("m1");

        JoinAsLeader();
        var sync = _machine.Sync();
        _machine.Synced(new() { Assignment = sync.Assignments.Single().Assignment });

        _machine.IsLeader.ShouldBeTrue();
        _machine.Phase.ShouldBe(ElectionPhase.Beat);
        _machine.Heartbeat().GenerationId.ShouldBe(1);
    }

    [Fact]
    public void Join_SaysWhatTheGroupIs()
    {
        var join = _machine.Join();

        join.ProtocolType.ShouldBe("sr");
        join.Protocols.Single().Name.ShouldBe("v0");
        join.SessionTimeoutMs.ShouldBe(10_000);
        join.RebalanceTimeoutMs.ShouldBe(300_000);
        MemberIdentity.Read(join.Protocols.Single().Metadata).ShouldBe(Self);
    }

    [Fact]
    public void Leader_WhileTheGroupRebalances_GoesOnLeadingAndSaysSo()
    {
        Lead();

        _machine.Beaten(new() { ErrorCode = ErrorCode.RebalanceInProgress }).ShouldBe(ErrorCode.None);

        _machine.Phase.ShouldBe(ElectionPhase.Join);
        _machine.IsLeader.ShouldBeTrue();
        MemberIdentity.Read(_machine.Join().Protocols.Single().Metadata)!.IsLeader.ShouldBeTrue();
    }

    [Theory]
    [InlineData(ErrorCode.UnknownMemberId)]
    [InlineData(ErrorCode.IllegalGeneration)]
    public void Leader_ThatTheGroupDoesNotKnowAnyMore_LeadsNoLongerAndJoinsAsANewMember(ErrorCode error)
    {
        Lead();

        _machine.Beaten(new() { ErrorCode = error }).ShouldBe(ErrorCode.None);

        _machine.IsLeader.ShouldBeFalse();
        _machine.Join().MemberId.ShouldBe("");
    }

    [Fact]
    public void Leader_WhoseSessionMayHaveRunOut_LeadsNoLongerButStaysAMember()
    {
        Lead();

        _machine.Lapsed();

        _machine.IsLeader.ShouldBeFalse();
        _machine.Join().MemberId.ShouldBe("m1");
    }

    [Fact]
    public void Leader_WhoseCoordinatorWasAwayForASession_JoinsAnewAndLeadsAgain()
    {
        Lead();

        _machine.Lapsed();

        _machine.Phase.ShouldBe(ElectionPhase.Join, "heartbeats succeed again, and say nothing of who leads");
        Lead();
    }

    [Fact]
    public void Member_OfAGroupThatAnotherLeads_FollowsWhomThatOneAssigned()
    {
        var other = new MemberIdentity("https", "other", 443, IsEligible: true, IsLeader: true);
        _machine.Joined(new() { MemberId = "m1", Leader = "m0", GenerationId = 4 });
        _machine.Sync().Assignments.ShouldBeEmpty();

        _machine.Synced(new() { Assignment = new Assignment(0, "m0", other).Write() });

        _machine.IsLeader.ShouldBeFalse();
        _machine.Assignment.Leader!.Url.ShouldBe("https://other:443");
    }

    [Theory]
    [InlineData("\xFF")]
    [InlineData("""{"host":"\ud800","port":1,"master_eligibility":true}""")]
    public void Assignment_WhereAMembersMetadataCannotBeRead_IsGivenToItAllTheSame(string metadata)
    {
        _machine.Joined(new()
        {
            MemberId = "m1",
            Leader = "m1",
            GenerationId = 1,
            Members = [new() { MemberId = "m1", Metadata = Self.Write() }, new() { MemberId = "m2", Metadata = Encoding.Latin1.GetBytes(metadata) }],
        });

        _machine.Sync().Assignments.Select(assignment => assignment.MemberId).ShouldBe(["m1", "m2"]);
    }

    [Theory]
    [InlineData(ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.CoordinatorLoadInProgress)]
    [InlineData(ErrorCode.InconsistentGroupProtocol)]
    public void Error_ThatIsNotTheMembers_IsGivenBackToWaitFor(ErrorCode error)
    {
        _machine.Joined(new() { ErrorCode = error }).ShouldBe(error);
        _machine.Phase.ShouldBe(ElectionPhase.Join);
        Lead();
        _machine.Beaten(new() { ErrorCode = error }).ShouldBe(error);
        _machine.IsLeader.ShouldBeTrue("the coordinator has moved; the group has not");
    }

    private void JoinAsLeader() => _machine.Joined(new()
    {
        MemberId = "m1", Leader = "m1", GenerationId = 1, Members = [new() { MemberId = "m1", Metadata = Self.Write() }],
    });

    private void Lead()
    {
        JoinAsLeader();
        _machine.Synced(new() { Assignment = _machine.Sync().Assignments.Single().Assignment });
        _machine.IsLeader.ShouldBeTrue();
    }
}
