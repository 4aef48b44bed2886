using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Partitions;

namespace SchemaStream.Broker.Metadata.Tests.Partitions;

/// <summary>The rules one by one, on a partition by itself.</summary>
public sealed class PartitionChangeTests
{
    private static readonly PartitionRegistration Whole = new()
    {
        Replicas = [1, 2, 3], Isr = [1, 2, 3], Leader = 1, LeaderEpoch = 5, PartitionEpoch = 9,
    };

    private static readonly PartitionRegistration Leaderless = Whole with { Isr = [], Leader = PartitionRegistration.NoLeader };

    [Fact]
    public void NoChange_IsNone()
    {
        Build(new PartitionChange(Whole, 1)).ShouldBeNull();
        Build(new PartitionChange(Whole, 1) { Isr = [1, 2, 3], Replicas = [1, 2, 3] }).ShouldBeNull();
        Build(new PartitionChange(Whole, 1) { BumpsPartitionEpoch = true })!.PartitionEpoch.ShouldBe(10);
    }

    [Fact]
    public void Shrink_KeepsLeaderAndItsEpoch()
    {
        var after = Build(new PartitionChange(Whole, 1) { Isr = [1] })!;
        (after.Leader, after.LeaderEpoch, after.PartitionEpoch).ShouldBe((1, 5, 10));
        after.Elr.ShouldBeEmpty();
    }

    [Fact]
    public void Elr_TakesWhoLeavesAnIsrThatIsTooSmall_AndIsEmptiedWhenItIsLargeEnough()
    {
        var small = Build(new PartitionChange(Whole, 2) { Isr = [1] })!;
        small.Elr.ShouldBe([2, 3]);
        var grown = Build(new PartitionChange(small, 2) { Isr = [1, 3] })!;
        grown.Elr.ShouldBeEmpty();
    }

    [Fact]
    public void Elr_LosesWhoStoppedUncleanly()
    {
        var small = Build(new PartitionChange(Whole, 3) { Isr = [1] })!;
        var after = Build(new PartitionChange(small, 3) { StoppedUncleanly = 2 })!;
        after.Elr.ShouldBe([3]);
    }

    [Fact]
    public void MinIsr_IsNeverMoreThanTheReplicas() =>
        Build(new PartitionChange(Whole with { Replicas = [1, 2], Isr = [1, 2], Elr = [] }, 5) { Isr = [1] })!.Elr.ShouldBe([2]);

    [Fact]
    public void Election_IsFromTheIsrInTheReplicasOrder()
    {
        var after = Build(new PartitionChange(Whole with { Replicas = [1, 3, 2] }, 1) { Isr = [2, 3] }, 2, 3)!;
        (after.Leader, after.LeaderEpoch).ShouldBe((3, 6));
    }

    [Fact]
    public void Election_IsFromTheElr_WhereTheIsrIsEmpty()
    {
        var after = Build(new PartitionChange(Leaderless with { Elr = [2, 3] }, 2), 3)!;
        (after.Leader, after.LeaderEpoch).ShouldBe((3, 6));
        after.Isr.ShouldBe([3]);
        after.Elr.ShouldBe([2]);
    }

    [Fact]
    public void Election_FromTheElr_ThatMakesTheIsrLargeEnough_EmptiesIt() =>
        Build(new PartitionChange(Leaderless with { Elr = [2, 3] }, 1), 3)!.Elr.ShouldBeEmpty("3 alone may commit now what 2 does not have");

    [Fact]
    public void Election_IsOfTheLastKnownLeader_WhereNoOneElseIsKnown()
    {
        var after = Build(new PartitionChange(Leaderless with { LastKnownElr = [2] }, 2), 1, 2, 3)!;
        (after.Leader, after.LeaderEpoch).ShouldBe((2, 6));
        after.Isr.ShouldBe([2]);
        after.LastKnownElr.ShouldBeEmpty();
    }

    [Fact]
    public void Election_IsNotOfTheLastKnownLeader_WhileSomeoneHasAll() =>
        Build(new PartitionChange(Leaderless with { Elr = [3], LastKnownElr = [2] }, 2), 1, 2).ShouldBeNull();

    [Fact]
    public void Election_IsUncleanOnlyIfAsked()
    {
        Build(new PartitionChange(Leaderless with { Elr = [3] }, 2), 1, 2).ShouldBeNull();
        var after = Build(new PartitionChange(Leaderless with { Elr = [3] }, 2) { Election = ElectionKind.Unclean }, 2, 1)!;
        after.Leader.ShouldBe(1, "the first replica that lives");
        after.Isr.ShouldBe([1]);
        after.Elr.ShouldBeEmpty("3's log is not what counts any more");
    }

    [Fact]
    public void Election_UncleanOrNot_IsCleanWhereItCanBe() =>
        Build(new PartitionChange(Whole, 1) { Isr = [3], Election = ElectionKind.Unclean }, 2, 3)!.Leader.ShouldBe(3);

    [Fact]
    public void Election_OfThePreferred_MovesOnlyToOneInSync()
    {
        var moved = Whole with { Leader = 2 };
        Build(new PartitionChange(moved, 1), 1, 2, 3).ShouldBeNull();
        Build(new PartitionChange(moved, 1) { Election = ElectionKind.Preferred }, 1, 2, 3)!.Leader.ShouldBe(1);
        Build(new PartitionChange(moved with { Isr = [2, 3] }, 1) { Election = ElectionKind.Preferred }, 1, 2, 3).ShouldBeNull();
        Build(new PartitionChange(moved, 1) { Election = ElectionKind.Preferred }, 2, 3).ShouldBeNull();
    }

    [Fact]
    public void NoLeader_RemembersTheLastOne()
    {
        var after = Build(new PartitionChange(Whole with { Isr = [1] }, 1) { Isr = [] })!;
        (after.Leader, after.LeaderEpoch).ShouldBe((PartitionRegistration.NoLeader, 6));
        after.LastKnownElr.ShouldBe([1]);
        after.Elr.ShouldBe([1]);
    }

    [Fact]
    public void NoLeader_InMetadataFromBeforeElrs_RemembersTheLastInSync()
    {
        var old = Leaderless with { Isr = [2] };
        Build(new PartitionChange(old, 1) { StoppedUncleanly = 2 })!.LastKnownElr.ShouldBe([2]);
    }

    [Fact]
    public void Reassignment_IsCompleteWhenTheWholeTargetIsInSync()
    {
        var moving = Whole with { Replicas = [4, 1, 2, 3], AddingReplicas = [4], RemovingReplicas = [2, 3] };
        var adding = Build(new PartitionChange(moving with { Isr = [1, 2] }, 1) { Isr = [2, 4] }, 1, 2, 3, 4)!;
        adding.IsReassigning.ShouldBeTrue("1 belongs to the target and is not in sync");

        var done = Build(new PartitionChange(moving, 1) { Isr = [1, 2, 3, 4] }, 1, 2, 3, 4)!;
        done.Replicas.ShouldBe([4, 1]);
        done.Isr.ShouldBe([1, 4]);
        done.IsReassigning.ShouldBeFalse();
        (done.Leader, done.LeaderEpoch).ShouldBe((1, 6), "2 and 3 must learn that they are out");
    }

    [Fact]
    public void Reassignment_ThatTakesTheLeaderAway_ElectsAnother()
    {
        var moving = Whole with { Replicas = [4, 2, 1, 3], AddingReplicas = [4], RemovingReplicas = [1, 3] };
        var done = Build(new PartitionChange(moving, 1) { Isr = [1, 2, 4] }, 1, 2, 3, 4)!;
        (done.Leader, done.LeaderEpoch).ShouldBe((4, 6));
        done.Replicas.ShouldBe([4, 2]);
    }

    [Fact]
    public void Reassignment_ThatAnElectionCompletes_LeavesNoneOfTheRemovedEligible()
    {
        var moving = Leaderless with { Replicas = [1, 2, 3], RemovingReplicas = [2, 3], Elr = [1, 2] };
        var done = Build(new PartitionChange(moving, 3), 1)!;
        done.Replicas.ShouldBe([1]);
        (done.Leader, done.IsReassigning).ShouldBe((1, false));
        done.Isr.ShouldBe([1]);
        done.Elr.ShouldBeEmpty();
    }

    private static PartitionRegistration? Build(PartitionChange change, params int[] live) =>
        change.Build(broker => live.Length == 0 ? broker == 1 && change.Isr.Contains(1) : live.Contains(broker));
}
