using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication.Tests;

public sealed class PartitionLeadershipTests
{
    [Fact]
    public void Append_BeforeAnyLeaderIsKnown_IsRefused() =>
        new PartitionWorld(1).Append().Error.ShouldBe(ErrorCode.NotLeaderOrFollower);

    [Fact]
    public void Append_WhenAnotherNodeLeads_IsRefused()
    {
        var world = new PartitionWorld(1, 2);
        world.Tell(leader: 2, leaderEpoch: 1, 1, 2);

        world.Append().Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
        world.Read(0).ShouldBe(ErrorCode.NotLeaderOrFollower);
    }

    [Fact]
    public void Append_WhenLeaderEpochIsStale_IsFenced()
    {
        var world = new PartitionWorld(1);
        world.Tell(leader: 1, leaderEpoch: 5, 1);

        world.Append(currentLeaderEpoch: 4).Error.ShouldBe(ErrorCode.FencedLeaderEpoch);
        world.Append(currentLeaderEpoch: 6).Error.ShouldBe(ErrorCode.UnknownLeaderEpoch);
        world.Append(currentLeaderEpoch: 5).Error.ShouldBe(ErrorCode.None);
        world.Read(0, currentLeaderEpoch: 4).ShouldBe(ErrorCode.FencedLeaderEpoch);
        world.Read(0, currentLeaderEpoch: 6).ShouldBe(ErrorCode.UnknownLeaderEpoch);
    }

    [Fact]
    public void Apply_OfOlderNews_ChangesNothing()
    {
        var world = PartitionWorld.Leading(1, 2);
        var old = new LeaderAndIsr(2, 0, 0, world.Replicas, [2]);

        world.Partition.Apply(old, world.NowMs);

        world.Partition.LeaderId.ShouldBe(1);
        world.Partition.Role.ShouldBe(PartitionRole.Leader);
    }

    [Fact]
    public void LostLeadership_FailsWhoWaits()
    {
        var world = PartitionWorld.Leading(1, 2);
        var appended = world.Append();
        var ack = world.Await(appended.NextOffset);
        var waiter = new Waiter();
        world.Partition.PendingFetches.Add(waiter);

        world.Tell(leader: 2, leaderEpoch: 2, 1, 2);

        ack.Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
        waiter.Interruptions.ShouldBe(1);
        world.Await(appended.NextOffset).Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
    }

    [Fact]
    public void TakeOffline_AnswersWhoWaitsAndServesNothing()
    {
        var world = PartitionWorld.Leading(1, 2);
        var ack = world.Await(world.Append().NextOffset);

        world.Partition.TakeOffline(ErrorCode.KafkaStorageError);

        ack.Error.ShouldBe(ErrorCode.KafkaStorageError);
        world.Append().Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
    }

    [Fact]
    public void NewLeader_ForgetsWhatFollowersHadInAnotherEpoch()
    {
        var world = PartitionWorld.Leading(1, 2);
        world.Append();
        world.FollowerFetches(2, 1);
        world.Partition.HighWatermark.ShouldBe(1);

        world.Tell(leader: 1, leaderEpoch: 2, 1, 2);
        world.Append();

        world.Partition.HighWatermark.ShouldBe(1);
        world.FollowerFetches(2, 2);
        world.Partition.HighWatermark.ShouldBe(2);
    }

    [Fact]
    public void LatestOffset_UntilTheNewLeadersBeginningIsCommitted_IsNotTold()
    {
        var world = new PartitionWorld(1, 2);
        world.Tell(leader: 1, leaderEpoch: 1, 1);
        world.Append(records: 3);
        world.Tell(leader: 2, leaderEpoch: 2, 1, 2);
        var restarted = new Partition("orders-0", localId: 1, world.Log);
        restarted.Apply(new LeaderAndIsr(1, 3, 9, [1, 2], [1, 2]), world.NowMs);

        restarted.LatestOffset(-1, ReadBound.HighWatermark).Error.ShouldBe(ErrorCode.OffsetNotAvailable);
        restarted.ReadForFollower(new FollowerFetch(2, -1, 3, 1, 0, 3), 1000, minOneBatch: true, world.NowMs)
            .Error.ShouldBe(ErrorCode.None);
        restarted.LatestOffset(-1, ReadBound.HighWatermark).Offset.ShouldBe(3);
    }

    [Fact]
    public void EndOffsetForLeaderEpoch_TellsWhereEachEpochEnded()
    {
        var world = PartitionWorld.Leading(1);
        world.Append(records: 2);
        world.Tell(leader: 1, leaderEpoch: 4, 1);

        world.Partition.EndOffsetForLeaderEpoch(4, -1).ShouldBe(new OffsetLookup(ErrorCode.None, 2, -1, 4));
        world.Append();
        world.Partition.EndOffsetForLeaderEpoch(1, -1).ShouldBe(new OffsetLookup(ErrorCode.None, 2, -1, 1));
        world.Partition.EndOffsetForLeaderEpoch(3, -1).ShouldBe(new OffsetLookup(ErrorCode.None, 2, -1, 1));
        world.Partition.EndOffsetForLeaderEpoch(4, -1).ShouldBe(new OffsetLookup(ErrorCode.None, 3, -1, 4));
        world.Partition.EndOffsetForLeaderEpoch(4, currentLeaderEpoch: 3).Error.ShouldBe(ErrorCode.FencedLeaderEpoch);
    }
}
