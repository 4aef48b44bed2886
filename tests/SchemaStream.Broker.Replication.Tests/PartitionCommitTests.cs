using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication.Tests;

public sealed class PartitionCommitTests
{
    [Fact]
    public void HighWatermark_OfALoneReplica_IsItsEnd()
    {
        var world = PartitionWorld.Leading(1);

        var appended = world.Append(records: 3);

        (appended.BaseOffset, appended.NextOffset).ShouldBe((0, 3));
        world.Partition.HighWatermark.ShouldBe(3);
        world.Await(appended.NextOffset).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void HighWatermark_IsTheLeastEndOfTheIsr()
    {
        var world = PartitionWorld.Leading(1, 2, 3);
        world.Append(records: 5);
        world.Partition.HighWatermark.ShouldBe(0);

        world.FollowerFetches(2, 4);
        world.Partition.HighWatermark.ShouldBe(0);
        world.FollowerFetches(3, 2);
        world.Partition.HighWatermark.ShouldBe(2);
        world.FollowerFetches(3, 5);
        world.Partition.HighWatermark.ShouldBe(4);
    }

    [Fact]
    public void HighWatermark_DoesNotWaitForWhoIsNotInSync()
    {
        var world = new PartitionWorld(1, 2, 3);
        world.Tell(leader: 1, leaderEpoch: 1, 1, 2);
        world.Append();

        world.FollowerFetches(2, 1);

        world.Partition.HighWatermark.ShouldBe(1);
    }

    [Fact]
    public void HighWatermark_NeverGoesBack()
    {
        var world = PartitionWorld.Leading(1, 2);
        world.Append(records: 2);
        world.FollowerFetches(2, 2);

        world.FollowerFetches(2, 0);
        world.Append();

        world.Partition.HighWatermark.ShouldBe(2);
    }

    [Fact]
    public void ShrunkenIsr_CommitsWhatOnlyTheLostReplicaHeldBack()
    {
        var world = PartitionWorld.Leading(1, 2);
        var ack = world.Await(world.Append().NextOffset);
        ack.Error.ShouldBeNull();

        world.Tell(leader: 1, leaderEpoch: 1, 1);

        ack.Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Append_WithTooFewInSync_IsRefusedBeforeAnythingIsWritten()
    {
        var world = new PartitionWorld(1, 2, 3);
        world.Partition.MinInSyncReplicas = 2;
        world.Tell(leader: 1, leaderEpoch: 1, 1);

        world.Append(requireInSync: true).Error.ShouldBe(ErrorCode.NotEnoughReplicas);
        world.Partition.LogEndOffset.ShouldBe(0);
        world.Append(requireInSync: false).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Append_WhenTheIsrShrinksWhileItWaits_SaysThatTooFewHaveIt()
    {
        var world = PartitionWorld.Leading(1, 2);
        world.Partition.MinInSyncReplicas = 2;
        var ack = world.Await(world.Append(requireInSync: true).NextOffset);

        world.Tell(leader: 1, leaderEpoch: 1, 1);

        ack.Error.ShouldBe(ErrorCode.NotEnoughReplicasAfterAppend);
    }

    [Fact]
    public void MinInSyncReplicas_AboveTheReplicaCount_CountsAsTheReplicaCount()
    {
        var world = PartitionWorld.Leading(1);
        world.Partition.MinInSyncReplicas = 2;

        world.Append(requireInSync: true).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Readers_SeeWhatIsCommitted_FollowersSeeAll()
    {
        var world = PartitionWorld.Leading(1, 2);
        world.Append();

        world.Partition.Read(0, 1000, true, -1, ReadBound.HighWatermark).Slice.ShouldBeNull();
        using var slice = world.Partition.Read(0, 1000, true, -1, ReadBound.LogEnd).Slice;
        slice.ShouldNotBeNull().IsEmpty.ShouldBeFalse();
        world.Read(2).ShouldBe(ErrorCode.OffsetOutOfRange);
        world.Read(-1).ShouldBe(ErrorCode.OffsetOutOfRange);
    }

    [Fact]
    public void Waiters_AreToldOfTheBytesThatBecameReadable()
    {
        var world = PartitionWorld.Leading(1, 2);
        var (consumer, follower) = (new Waiter(), new Waiter());
        world.Partition.PendingFetches.Add(consumer);
        world.Partition.PendingReplicaFetches.Add(follower);

        world.Append();
        var bytes = follower.Bytes;
        bytes.ShouldBeGreaterThan(0);
        consumer.Bytes.ShouldBe(0);

        world.Append();
        world.FollowerFetches(2, 2);
        consumer.Bytes.ShouldBe(2 * bytes);
        world.Partition.ReadableBytes(ReadBound.HighWatermark).ShouldBe(2 * bytes);
    }

    [Fact]
    public void ProposedIsr_LeavesOutWhoHasNotCaughtUpForTooLong()
    {
        var world = PartitionWorld.Leading(1, 2, 3);
        world.Append();
        world.FollowerFetches(2, 1);
        world.NowMs += 30_001;
        world.Append();
        world.FollowerFetches(2, 2);

        world.ProposeIsr().ShouldNotBeNull().NewIsr.Select(member => member.BrokerId).ShouldBe([1, 2]);
    }

    [Fact]
    public void ProposedIsr_TakesInWhoHasAllThatIsCommittedAndTheEpochsBeginning()
    {
        var world = new PartitionWorld(1, 2, 3);
        world.Tell(leader: 1, leaderEpoch: 1, 1);
        world.Append(records: 2);
        world.FollowerFetches(2, 1);
        world.FollowerFetches(3, 2);

        world.ProposeIsr().ShouldNotBeNull().NewIsr.Select(member => member.BrokerId).ShouldBe([1, 3]);
    }

    [Fact]
    public void DeleteRecords_GoesNoFurtherThanWhatIsCommitted()
    {
        var world = PartitionWorld.Leading(1, 2);
        world.Append(records: 2);
        world.FollowerFetches(2, 1);

        world.Partition.DeleteRecordsBefore(2).ShouldBe(ErrorCode.OffsetOutOfRange);
        world.Partition.DeleteRecordsBefore(-1).ShouldBe(ErrorCode.None);
        world.Partition.EarliestOffset(-1).Offset.ShouldBe(1);
    }
}
