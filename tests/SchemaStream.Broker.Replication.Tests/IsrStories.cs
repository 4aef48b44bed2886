using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication.Tests;

/// <summary>Who is in sync, who says so, and what that commits: KIP-497, KIP-841 and KIP-966.</summary>
public sealed class IsrStories
{
    private static int[] Ids(IsrProposal? proposal) =>
        [.. proposal.ShouldNotBeNull().NewIsr.Select(member => member.BrokerId)];

    [Fact]
    public void AFollowerThatCaughtUp_IsLetIn()
    {
        var set = ReplicaSet.Led(1, 1, 2, 3);
        set.Elect(1, 1, 2);
        set.Append(1, "a");
        set.CatchUp(2);

        set.Take(3, set.Ask(3, 1));
        set[1].ProposeIsr(set.NowMs, set).ShouldBeNull("it has asked for nothing that it has");
        set.Ask(3, 1).Read.IsrMayGrow.ShouldBeTrue();
        Ids(set.AlterIsr(1)).ShouldBe([1, 2, 3]);

        set[1].Isr.ShouldBe([1, 2, 3]);
        set.Ask(3, 1).Read.IsrMayGrow.ShouldBeFalse();
    }

    [Fact]
    public void AProposal_NamesTheBrokersItMeans()
    {
        var set = ReplicaSet.Led(1, 1, 2, 3);
        set.Elect(1, 1, 2);
        set[1].LocalBrokerEpoch = 100;
        set.Ask(3, 1, brokerEpoch: 300);

        set[1].ProposeIsr(set.NowMs, set).ShouldNotBeNull().NewIsr
            .ShouldBe([new IsrMember(1, 100), new IsrMember(2, -1), new IsrMember(3, 300)]);
    }

    [Fact]
    public void WhoIsAskedToBeLetIn_CountsForTheHighWatermark_BeforeTheAnswer()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Elect(1, 1);
        set.Append(1, "a");
        set.CatchUp(2);
        var proposal = set[1].ProposeIsr(set.NowMs, set);
        Ids(proposal).ShouldBe([1, 2]);

        set.NowMs += 5_000;
        set.Append(1, "b");

        // The controller may have said yes: 2 could be elected at any time.
        set[1].HighWatermark.ShouldBe(1);
        var (error, accepted) = set.AlterPartition(proposal!);
        set[1].IsrAnswered(proposal!, error, accepted, set.NowMs).ShouldBeTrue();
        set[1].HighWatermark.ShouldBe(1);
        set.CatchUp(2);
        set[1].HighWatermark.ShouldBe(2);
    }

    [Fact]
    public void WhoIsAskedToBeTakenOut_Counts_UntilTheControllerSaysSo()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.NowMs += 30_001;
        var proposal = set[1].ProposeIsr(set.NowMs, set);
        Ids(proposal).ShouldBe([1]);
        set[1].HighWatermark.ShouldBe(0);

        var (error, accepted) = set.AlterPartition(proposal!);
        set[1].HighWatermark.ShouldBe(0);
        set[1].IsrAnswered(proposal!, error, accepted, set.NowMs);

        set[1].HighWatermark.ShouldBe(1);
        set[1].Isr.ShouldBe([1]);
    }

    [Fact]
    public void OneProposalIsUnderWay_AndOneThatGotLost_IsAskedAgainAsItWas()
    {
        var set = ReplicaSet.Led(1, 1, 2, 3);
        set.Elect(1, 1);
        set.Append(1, "a");
        set.CatchUp(2);
        var first = set[1].ProposeIsr(set.NowMs, set).ShouldNotBeNull();
        set.CatchUp(3);
        set[1].ProposeIsr(set.NowMs, set).ShouldBeNull("one is under way");

        set[1].IsrAnswered(first, ErrorCode.RequestTimedOut, null, set.NowMs).ShouldBeTrue();
        set[1].ProposeIsr(set.NowMs, set).ShouldBeNull("a moment later, not at once");
        set.NowMs += 60;
        var again = set[1].ProposeIsr(set.NowMs, set);

        Ids(again).ShouldBe([1, 2], "it may have been granted: nothing else can be asked before that is known");
        set[1].IsrAnswered(first, ErrorCode.None, set.State, set.NowMs).ShouldBeFalse("an answer to the lost one");
    }

    [Fact]
    public void AProposalThatIsAskedAgain_MeansTheBrokersItMeantAtFirst()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Elect(1, 1);
        set.Append(1, "a");
        set.Take(2, set.Ask(2, 1, brokerEpoch: 200));
        set.Ask(2, 1, brokerEpoch: 200);
        var first = set[1].ProposeIsr(set.NowMs, set).ShouldNotBeNull();
        set[1].IsrAnswered(first, ErrorCode.RequestTimedOut, null, set.NowMs).ShouldBeTrue();

        // Broker 2 lost power, and with it what it had; it is registered anew and begins to fetch.
        set[1].ReadForFollower(new FollowerFetch(2, 300, 0, -1, 0, set[1].LeaderEpoch), 100, minOneBatch: true, set.NowMs);
        set.NowMs += 60;

        set[1].ProposeIsr(set.NowMs, set).ShouldNotBeNull().NewIsr.ShouldBe(first.NewIsr, "that one the controller refuses");
    }

    [Fact]
    public void AProposalThatWasGrantedButNotHeardOf_IsSettledByTheMetadata()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Elect(1, 1);
        set.Append(1, "a");
        set.CatchUp(2);
        var proposal = set[1].ProposeIsr(set.NowMs, set).ShouldNotBeNull();
        set.AlterPartition(proposal).Error.ShouldBe(ErrorCode.None);
        set[1].IsrAnswered(proposal, ErrorCode.NetworkException, null, set.NowMs);
        set.NowMs += 60;
        var again = set[1].ProposeIsr(set.NowMs, set).ShouldNotBeNull();
        var (error, _) = set.AlterPartition(again);
        error.ShouldBe(ErrorCode.InvalidUpdateVersion);
        set[1].IsrAnswered(again, error, null, set.NowMs);

        set.NowMs += 1_500;
        set.Append(1, "b");
        set[1].HighWatermark.ShouldBe(1, "2 is in the ISR, as far as anyone knows");
        set.Tell(1);
        set[1].Isr.ShouldBe([1, 2]);
        set.CatchUp(2);
        set[1].HighWatermark.ShouldBe(2);
    }

    [Fact]
    public void ARefusedProposal_CountsForNothingAnyMore()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Elect(1, 1);
        set.CatchUp(2);
        var proposal = set[1].ProposeIsr(set.NowMs, set).ShouldNotBeNull();
        set.Fenced.Add(2);
        var (error, _) = set.AlterPartition(proposal);
        set[1].IsrAnswered(proposal, error, null, set.NowMs).ShouldBeTrue();

        set[1].ProposeIsr(set.NowMs, set);
        set.Append(1, "a");

        set[1].HighWatermark.ShouldBe(1);
    }

    [Fact]
    public void AnAnswerOfAnotherEpoch_ChangesNothing()
    {
        var set = ReplicaSet.Led(1, 1, 2, 3);
        set.Elect(1, 1);
        set.CatchUp(2);
        var proposal = set[1].ProposeIsr(set.NowMs, set).ShouldNotBeNull();
        var (_, accepted) = set.AlterPartition(proposal);
        set.Elect(2, 2);
        set.Elect(1, 1, 3);

        set[1].IsrAnswered(proposal, ErrorCode.None, accepted, set.NowMs).ShouldBeFalse();

        set[1].Isr.ShouldBe([1, 3]);
        set[1].LeaderEpoch.ShouldBe(set.State.LeaderEpoch);
    }

    [Fact]
    public void NewsThatIsKnown_DoesNotForgetWhatIsAskedFor()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Elect(1, 1);
        set.CatchUp(2);
        set[1].ProposeIsr(set.NowMs, set).ShouldNotBeNull();

        set.Tell(1);
        set.NowMs += 5_000;
        set.Append(1, "a");

        set[1].HighWatermark.ShouldBe(0, "the proposal is still open");
    }

    [Fact]
    public void WhoIsNotWell_IsNotProposed()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Elect(1, 1);
        set.Fenced.Add(2);
        set.CatchUp(2);

        set[1].ProposeIsr(set.NowMs, set).ShouldBeNull();
        set.Append(1, "a");
        set[1].HighWatermark.ShouldBe(1, "nothing waits for it");
    }

    [Fact]
    public void AFetchThatIsOutOfRange_OrOfAnotherHistory_CountsForNothing()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        Fetch(offset: 7, lastEpoch: -1).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
        Fetch(offset: 1, lastEpoch: 0).DivergingEpoch.ShouldNotBeNull();
        Fetch(offset: 2, lastEpoch: 1).DivergingEpoch.ShouldNotBeNull();
        set[1].HighWatermark.ShouldBe(0);

        set.NowMs += 30_001;
        Fetch(offset: 7, lastEpoch: -1);
        Ids(set[1].ProposeIsr(set.NowMs, set)).ShouldBe([1], "it has not caught up by asking for nonsense");

        PartitionRead Fetch(long offset, int lastEpoch) => set[1].ReadForFollower(
            new FollowerFetch(2, -1, offset, lastEpoch, 0, 1), 1000, minOneBatch: true, set.NowMs);
    }

    [Fact]
    public void AFetchOfAnEarlierLifeOfTheFollower_IsNotTakenForThisOnes()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        var before = set[2].FollowerPosition;
        set.Take(2, set.Ask(2, 1, brokerEpoch: 10));
        set.Ask(2, 1, brokerEpoch: 20);

        set[1].ReadForFollower(
                new FollowerFetch(2, 10, before.FetchOffset, -1, 0, 1), 1000, minOneBatch: true, set.NowMs)
            .Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
    }

    [Fact]
    public void AFetchOfABrokerThatHasNoReplica_IsRefused()
    {
        var set = ReplicaSet.Led(1, 1, 2);

        set[1].ReadForFollower(new FollowerFetch(9, -1, 0, -1, 0, 1), 1000, minOneBatch: true, set.NowMs)
            .Error.ShouldBe(ErrorCode.UnknownLeaderEpoch);
    }

    [Fact]
    public void OnABusyLog_AFollowerThatIsNeverQuiteAtTheEnd_GetsInAllTheSame()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Elect(1, 1);
        IsrProposal? proposal = null;
        for (var round = 0; round < 5 && proposal is null; round++)
        {
            // Every fetch finds a record that came after the one before was answered.
            set.Append(1, $"record {round}");
            set.NowMs += 10;
            set.Take(2, set.Ask(2, 1));
            set.Append(1, "and one more");
            proposal = set.AlterIsr(1);
        }

        Ids(proposal).ShouldBe([1, 2]);
    }

    [Fact]
    public void AFollowerThatDiesAfterItLeftTheIsr_HoldsNothingUp()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.CatchUp(2);
        set[1].ProposeIsr(set.NowMs, set);

        // The controller saw it die, and says so a moment later.
        set.NowMs += 100;
        set.Append(1, "b");
        set[1].Apply(new LeaderAndIsr(1, set.State.LeaderEpoch, set.State.PartitionEpoch + 1, [1, 2], [1]), set.NowMs);

        set[1].HighWatermark.ShouldBe(2);
    }

    [Fact]
    public void AFollowerThatDiesWhileItJoins_HoldsTheWatermarkForNoMoreThanAMoment()
    {
        var set = ReplicaSet.Led(1, 1, 2, 3);
        set.Elect(1, 1, 3);
        set.Append(1, "a");
        set.CatchUp(2, 3);
        var proposal = set[1].ProposeIsr(set.NowMs, set).ShouldNotBeNull();
        set[1].IsrAnswered(proposal, ErrorCode.IneligibleReplica, null, set.NowMs);
        set.Append(1, "b");
        set.CatchUp(3);
        set[1].HighWatermark.ShouldBe(1, "2 is about to join, as soon as the controller lets it");

        set.NowMs += 1_001;
        set.CatchUp(3);

        set[1].HighWatermark.ShouldBe(2);
    }

    [Fact]
    public void BelowMinInSyncReplicas_NothingIsCommitted_UntilOneIsBack()
    {
        var set = ReplicaSet.Led(1, 1, 2, 3);
        set[1].MinInSyncReplicas = 2;
        var waiting = new Ack();
        set[1].AwaitCommit(set.Append(1, acksAll: true, "a").NextOffset, long.MaxValue, waiting);

        set[1].Apply(set.State with { PartitionEpoch = 5, Isr = [1] }, set.NowMs);

        waiting.Error.ShouldBe(ErrorCode.NotEnoughReplicasAfterAppend);
        set[1].HighWatermark.ShouldBe(0);
        set.Append(1, acksAll: true, "b").Error.ShouldBe(ErrorCode.NotEnoughReplicas);
        set.Append(1, "c").Error.ShouldBe(ErrorCode.None);
        var late = new Ack();
        set[1].AwaitCommit(2, long.MaxValue, late);
        late.Error.ShouldBe(ErrorCode.NotEnoughReplicasAfterAppend);

        set.Take(2, set.Ask(2, 1));
        set.Ask(2, 1);
        set[1].Apply(set.State with { PartitionEpoch = 6, Isr = [1, 2] }, set.NowMs);
        set[1].HighWatermark.ShouldBe(2);
    }

    [Fact]
    public void AReassignment_CountsWhoIsInTheIsr_WhoeverComesAndGoes()
    {
        var set = ReplicaSet.Led(1, 1, 2, 3);
        set.Append(1, "a");
        set.CatchUp(2, 3);

        // 3 is to go: the controller has taken it out of the ISR, then of the replicas.
        set[1].Apply(new LeaderAndIsr(1, 1, 7, [1, 2, 3], [1, 2]), set.NowMs);
        set.Append(1, "b");
        set.Take(2, set.Ask(2, 1));
        set.Ask(2, 1);
        set[1].HighWatermark.ShouldBe(2);
        set[1].Apply(new LeaderAndIsr(1, 1, 8, [1, 2], [1, 2]), set.NowMs);

        set.Ask(3, 1).Read.Error.ShouldBe(ErrorCode.UnknownLeaderEpoch);
    }
}
