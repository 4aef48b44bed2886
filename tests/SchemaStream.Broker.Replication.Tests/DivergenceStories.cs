using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication.Tests;

/// <summary>How logs come apart when leaders change, and together again: the scenarios of KIP-101 and KIP-279.</summary>
public sealed class DivergenceStories
{
    [Fact]
    public void AFollowerThatRestarts_KeepsWhatIsBeyondItsHighWatermark_AndCanLeadWithIt()
    {
        // KIP-101, first scenario: cutting back to the high watermark would lose m2 for good.
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "m1");
        set.Append(1, "m2");
        set.Take(2, set.Ask(2, 1));
        set[2].HighWatermark.ShouldBe(0, "the leader learns of it with the next fetch, this follower after that");

        set.Restart(2);
        set.Tell(2);
        set.Take(2, set.Ask(2, 1)).ShouldBeNull();
        set.Elect(2, 2);

        set.Values(2).ShouldBe(["m1", "m2"]);
        set[2].HighWatermark.ShouldBe(2);
    }

    [Fact]
    public void TwoReplicasThatWroteDifferentRecordsAtOneOffset_EndWithTheLeaders()
    {
        // KIP-101, second scenario: power is lost at both, the one with less comes back first.
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "m1");
        set.CatchUp(2);
        set.Append(1, "m2");
        set.Restart(1);
        set.Restart(2);
        set.Elect(2, 2);
        set.Append(2, "m3");

        var truncation = set.Take(1, set.Ask(1, 2)).ShouldNotBeNull();
        set.CatchUp(1);

        (truncation.FormerEndOffset, truncation.EndOffset, truncation.LostCommitted).ShouldBe((2, 1, false));
        set.Values(1).ShouldBe(["m1", "m3"]);
        set[1].FollowerPosition.LastFetchedEpoch.ShouldBe(2);
    }

    [Fact]
    public void EpochsThatTheLeaderNeverSaw_AreGoneThroughOneByOne()
    {
        // KIP-279: 1 led twice without anyone hearing of it, 2 led in between and after.
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.CatchUp(2);
        set.Append(1, "b-only-1");
        set.Elect(2, 2);
        set.Append(2, "c");
        set.Decide(1, 1);
        set.Tell(1);
        set.Append(1, "d-only-1");
        set.Decide(1, 1);
        set.Tell(1);
        set.Append(1, "e-only-1");
        set.Elect(2, 2);
        set.Append(2, "f");
        set.Values(1).ShouldBe(["a", "b-only-1", "d-only-1", "e-only-1"]);

        var first = set.Take(1, set.Ask(1, 2)).ShouldNotBeNull();
        first.EndOffset.ShouldBe(2, "epochs 3 and 4 are not the leader's");
        var second = set.Take(1, set.Ask(1, 2)).ShouldNotBeNull();
        second.EndOffset.ShouldBe(1, "epoch 1 ended there in the leader's log");
        set.CatchUp(1);

        set.Values(1).ShouldBe(["a", "c", "f"]);
        set.Values(1).ShouldBe(set.Values(2));
    }

    [Fact]
    public void ALeaderThatHasNotWrittenYet_KnowsThatItsEpochEndsWhereItsLogDoes()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.CatchUp(2);
        set.Append(1, "b");
        set.Elect(2, 2);

        set.Ask(1, 2).Read.DivergingEpoch.ShouldBe(new EpochEndOffset(1, 1));
        set.CatchUp(1);

        set.Values(1).ShouldBe(["a"]);
    }

    [Fact]
    public void ALeaderWithAnEmptyLog_TakesAllFromTheFollower_AndThatIsReported()
    {
        var set = ReplicaSet.Led(1, 1, 2, 3);
        set.Append(1, "a");
        set.CatchUp(2, 3);
        set[2].HighWatermark.ShouldBe(1);
        var empty = new ReplicaSet(1, 2, 3);

        // An unclean election: node 1 lost its disk.
        empty[1].Apply(new LeaderAndIsr(1, 5, 9, [1, 2, 3], [1]), 0);
        set[2].Apply(new LeaderAndIsr(1, 5, 9, [1, 2, 3], [1]), 0);
        var asked = set[2].FollowerPosition;
        var read = empty[1].ReadForFollower(new FollowerFetch(2, -1, 1, 1, 0, 5), 1000, minOneBatch: true, 0);
        var truncation = set[2].TruncateForDivergence(asked, read.DivergingEpoch.ShouldNotBeNull());

        (truncation.Outcome, truncation.EndOffset, truncation.FormerHighWatermark).ShouldBe((FollowerOutcome.Taken, 0, 1));
        truncation.LostCommitted.ShouldBeTrue();
        set[2].HighWatermark.ShouldBe(0);
    }

    [Fact]
    public void AnAnswerOfALeaderThatIsNoLongerFollowed_IsDropped()
    {
        var set = ReplicaSet.Led(1, 1, 2, 3);
        set.Append(1, "a");
        var late = set.Ask(3, 1);

        set.Elect(2, 2, 3);
        set.Take(3, late);

        set.Values(3).ShouldBeEmpty();
        set[3].AppendAsFollower(late.Asked, late.Batches, 1, 0, ReplicaSet.WallMs).Outcome.ShouldBe(FollowerOutcome.Stale);
        set[3].TruncateForDivergence(late.Asked, new EpochEndOffset(0, 0)).Outcome.ShouldBe(FollowerOutcome.Stale);
        set[3].RestartAt(late.Asked, 100).Outcome.ShouldBe(FollowerOutcome.Stale);
    }

    [Fact]
    public void AnAnswerThatComesTwice_IsTakenOnce()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        var answer = set.Ask(2, 1);

        set.Take(2, answer);
        set.Take(2, answer);

        set.Values(2).ShouldBe(["a"]);
    }

    [Fact]
    public void AnAnswerToTheSameOffset_OfALogThatWasAnother_IsDropped()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "only-1");
        set.Elect(2, 2);
        set.Append(2, "a");
        var diverging = set.Ask(1, 2);
        set.Take(1, diverging);
        set.CatchUp(1);
        set[1].LogEndOffset.ShouldBe(diverging.Asked.FetchOffset);

        set.Take(1, diverging).ShouldNotBeNull().Outcome.ShouldBe(FollowerOutcome.Stale);

        set.Values(1).ShouldBe(["a"]);
    }

    [Fact]
    public void ALeaderThatWasReplacedAndReplacedBack_IsFencedInBetween()
    {
        // A fast fail-over: 1 leads, 2 leads, 1 leads again, and 2 hears of its own reign when it is over.
        var set = ReplicaSet.Led(1, 1, 2, 3);
        set.Append(1, "a");
        set.CatchUp(2, 3);
        set.Decide(2, 1, 2, 3);
        var reignOf2 = set.State;
        set.Elect(1, 1, 2, 3);
        set[2].Apply(reignOf2, set.NowMs);

        set[2].Role.ShouldBe(PartitionRole.Follower);
        set.Append(2, "never").Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
        set.Append(1, "b");
        set.CatchUp(2, 3);
        set.Values(2).ShouldBe(["a", "b"]);
        set.Values(3).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void AZombieLeader_CannotCommitWithAFollowerThatWentOver()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.CatchUp(2);
        set.Decide(2, 1, 2);
        set.Tell(2);

        // 1 has not heard of it, and takes a record.
        set.Append(1, "lost");
        var atTheZombie = set[1].ReadForFollower(
            new FollowerFetch(2, -1, 2, 1, 0, set[2].LeaderEpoch), 1000, minOneBatch: true, set.NowMs);

        atTheZombie.Error.ShouldBe(ErrorCode.UnknownLeaderEpoch);
        set[1].HighWatermark.ShouldBe(1);
        set.Append(2, "b");
        set.Tell(1);
        set.CatchUp(1);
        set.Values(1).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void BatchesOfALeaderYetToBeHeardOf_WaitUntilItIsAsked()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.Decide(1, 1, 2);
        set.Tell(1);
        set.Append(1, "b");

        // The follower's view is an epoch old, and it is given a batch of the new one all the same.
        var asked = set[2].FollowerPosition;
        var read = set[1].Read(0, 1000, true, -1, ReadBound.LogEnd);
        using var slice = read.Slice.ShouldNotBeNull();
        var bytes = new byte[slice.Length];
        slice.Read(bytes);
        var appended = set[2].AppendAsFollower(asked, bytes, 2, 0, ReplicaSet.WallMs);

        appended.Outcome.ShouldBe(FollowerOutcome.Taken);
        appended.AppendedBytes.ShouldBeInRange(1, bytes.Length - 1);
        set.Values(2).ShouldBe(["a"]);
        set[2].AppendAsFollower(set[2].FollowerPosition, bytes.AsMemory(appended.AppendedBytes), 2, 0, ReplicaSet.WallMs)
            .Error.ShouldBe(ErrorCode.UnknownLeaderEpoch);
    }

    [Fact]
    public void AnAnswerThatCutsNothing_IsRefused_RatherThanAskedForAgainForEver()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.CatchUp(2);

        set[2].TruncateForDivergence(set[2].FollowerPosition, new EpochEndOffset(1, 5)).Outcome
            .ShouldBe(FollowerOutcome.Refused);
        set[2].TruncateForDivergence(set[2].FollowerPosition, EpochEndOffset.Undefined).Outcome
            .ShouldBe(FollowerOutcome.Refused);
        set[2].RestartAt(set[2].FollowerPosition, 0).Outcome.ShouldBe(FollowerOutcome.Refused);
        set.Values(2).ShouldBe(["a"]);
    }
}
