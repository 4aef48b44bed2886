using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Replication.Tests;

/// <summary>What a follower takes from its leader, and what consumers see of it there.</summary>
public sealed class FollowerStories
{
    [Fact]
    public void AFollowersHighWatermark_IsTheLeaders_AsFarAsItHasTheRecords()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a", "b");
        set.Append(1, "c");

        set.Take(2, set.Ask(2, 1, maxBytes: 10));
        (set[2].LogEndOffset, set[2].HighWatermark).ShouldBe((2, 0));
        set.Take(2, set.Ask(2, 1));
        (set[1].HighWatermark, set[2].LogEndOffset, set[2].HighWatermark).ShouldBe((2, 3, 2));
        set.Take(2, set.Ask(2, 1));
        (set[1].HighWatermark, set[2].HighWatermark).ShouldBe((3, 3));
    }

    [Fact]
    public void AFollowersLog_BeginsWhereItsLeadersDoes()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.Append(1, "b");
        set.CatchUp(2);

        set[1].DeleteRecordsBefore(1).ShouldBe(ErrorCode.None);
        set.CatchUp(2);

        set[2].LogStartOffset.ShouldBe(1);
    }

    [Fact]
    public void AFollowerThatWasAwayForTooLong_BeginsAnewWhereTheLeaderDoes()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.CatchUp(2);
        set.Elect(1, 1);
        set.Append(1, "b");
        set.Append(1, "c");
        set[1].DeleteRecordsBefore(2);

        var restarted = set.Take(2, set.Ask(2, 1)).ShouldNotBeNull();
        set.CatchUp(2);

        (restarted.FormerEndOffset, restarted.EndOffset, restarted.LostCommitted).ShouldBe((1, 2, false));
        (set[2].LogStartOffset, set[2].LogEndOffset, set[2].HighWatermark).ShouldBe((2, 3, 3));
        set.Values(2).ShouldBe(["c"]);
    }

    [Fact]
    public void AnEmptyReplicaBeyondTheLeadersEnd_BeginsWhereTheLeaderDoes()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set[2].RestartAt(set[2].FollowerPosition, 50).Outcome.ShouldBe(FollowerOutcome.Taken);
        set[2].LogEndOffset.ShouldBe(50);

        set.CatchUp(2);

        set.Values(2).ShouldBe(["a"]);
    }

    [Fact]
    public void ALogThatBeginsInsideABatch_IsReplicatedWithThatBatch()
    {
        var set = ReplicaSet.Led(1, 1);
        set.Append(1, "a", "b", "c");
        set.Append(1, "d");
        set[1].DeleteRecordsBefore(2).ShouldBe(ErrorCode.None);
        var late = new ReplicaSet(2);
        var state = new LeaderAndIsr(1, 1, 2, [1, 2], [1]);
        set[1].Apply(state, 0);
        late[2].Apply(state, 0);

        late[2].RestartAt(late[2].FollowerPosition, 2);
        using var slice = set[1].Read(2, 1000, true, -1, ReadBound.LogEnd).Slice.ShouldNotBeNull();
        var bytes = new byte[slice.Length];
        slice.Read(bytes);
        late[2].AppendAsFollower(late[2].FollowerPosition, bytes, 4, 2, ReplicaSet.WallMs).Outcome.ShouldBe(FollowerOutcome.Taken);

        (late[2].LogStartOffset, late[2].LogEndOffset, late[2].HighWatermark).ShouldBe((2, 4, 4));
        late.Values(2).ShouldBe(["a", "b", "c", "d"], "the batch came whole; what is before the start is hidden from readers");
    }

    [Fact]
    public void WhatComesDamaged_OrOutOfOrder_IsRefused()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.Append(1, "b");
        var answer = set.Ask(2, 1);
        var damaged = (byte[])answer.Batches.Clone();
        damaged[^1] ^= 1;
        var swapped = (byte[])answer.Batches.Clone();
        RecordBatchHeader.WriteBaseOffset(swapped, 7);

        set[2].AppendAsFollower(answer.Asked, damaged, 0, 0, 0).Fault.ShouldBe(RecordBatchFault.ChecksumMismatch);
        set[2].AppendAsFollower(answer.Asked, swapped, 0, 0, 0).Outcome.ShouldBe(FollowerOutcome.Refused);
        set[2].LogEndOffset.ShouldBe(0);
        set.Take(2, answer);
        set.Values(2).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void BatchesOfAnEarlierLeader_BehindThoseOfALaterOne_AreRefused()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Elect(1, 1, 2);
        set.Append(1, "a");
        set.CatchUp(2);
        var old = ReplicaSet.Batch("b");
        RecordBatchHeader.WriteBaseOffset(old, 1);
        RecordBatchHeader.WritePartitionLeaderEpoch(old, 1);

        set[2].AppendAsFollower(set[2].FollowerPosition, old, 0, 0, 0).Error.ShouldBe(ErrorCode.FencedLeaderEpoch);
    }

    [Fact]
    public void Consumers_MayReadFromAFollower_WhatItKnowsToBeCommitted()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.Append(1, "b");
        set.Take(2, set.Ask(2, 1, maxBytes: 10));
        set.Take(2, set.Ask(2, 1, maxBytes: 10));
        (set[2].LogEndOffset, set[2].HighWatermark).ShouldBe((2, 1));

        Read(0, ReadFrom.Leader).Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
        var first = Read(0, ReadFrom.AnyReplica);
        (first.Error, first.HighWatermark).ShouldBe((ErrorCode.None, 1));
        first.Slice.ShouldNotBeNull().NextOffset.ShouldBe(1);
        first.Slice.Dispose();
        Read(1, ReadFrom.AnyReplica).ShouldSatisfyAllConditions(
            read => read.Error.ShouldBe(ErrorCode.None), read => read.Slice.ShouldBeNull());
        Read(3, ReadFrom.AnyReplica).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
        Read(0, ReadFrom.AnyReplica, epoch: 0).Error.ShouldBe(ErrorCode.FencedLeaderEpoch);
        Read(0, ReadFrom.AnyReplica, epoch: 2).Error.ShouldBe(ErrorCode.UnknownLeaderEpoch);

        PartitionRead Read(long offset, ReadFrom from, int epoch = -1) =>
            set[2].Read(offset, 1000, minOneBatch: true, epoch, ReadBound.HighWatermark, from);
    }

    [Fact]
    public void AReaderOfAnotherHistory_IsToldWhereItParted()
    {
        var set = ReplicaSet.Led(1, 1);
        set.Append(1, "a");
        set.Elect(1, 1);
        set.Elect(1, 1);
        set.Append(1, "b", "c");

        set[1].Read(2, 1000, true, -1, ReadBound.HighWatermark, lastFetchedEpoch: 2).DivergingEpoch
            .ShouldBe(new Storage.EpochEndOffset(1, 1));
        using var slice = set[1].Read(1, 1000, true, -1, ReadBound.HighWatermark, lastFetchedEpoch: 1).Slice;
        slice.ShouldNotBeNull();
    }

    [Fact]
    public void ConsumersThatWaitAtAFollower_AreToldOfEveryByteThatBecomesReadable()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        var (atLeader, atFollower) = (new Waiter(), new Waiter());
        set[1].PendingFetches.Add(atLeader);
        set[2].PendingFetches.Add(atFollower);
        for (var i = 0; i < 20; i++)
        {
            set.Append(1, "value", "value", "value");
            if (i % 3 == 0)
            {
                set.Take(2, set.Ask(2, 1, maxBytes: 150));
            }
        }

        set.CatchUp(2);

        atFollower.Bytes.ShouldBe(atLeader.Bytes);
        set[2].ReadableBytes(ReadBound.HighWatermark).ShouldBe(atLeader.Bytes);
        set[2].ReadableBytes(ReadBound.LogEnd).ShouldBe(set[1].ReadableBytes(ReadBound.LogEnd));
    }

    [Fact]
    public void AConsumerAtAFollower_IsWokenByAWatermarkInTheMiddleOfAFetch()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        var waiter = new Waiter();
        set[2].PendingFetches.Add(waiter);
        set.Append(1, "a");
        set.Append(1, "b");
        var answer = set.Ask(2, 1);

        set[2].AppendAsFollower(answer.Asked, answer.Batches, leaderHighWatermark: 1, 0, ReplicaSet.WallMs);
        var half = waiter.Bytes;
        half.ShouldBeInRange(1, answer.Batches.Length - 1);
        set[2].AppendAsFollower(set[2].FollowerPosition, ReadOnlyMemory<byte>.Empty, leaderHighWatermark: 2, 0, ReplicaSet.WallMs);

        waiter.Bytes.ShouldBe(answer.Batches.Length);
    }

    [Fact]
    public void AnUncleanElection_WakesWhoWaitsForWhatIsGone()
    {
        var set = ReplicaSet.Led(1, 1, 2, 3);
        set.Append(1, "a");
        set.CatchUp(2);
        set.Elect(1, 1, 2);
        set.Append(1, "b");
        set.CatchUp(2);
        set[2].HighWatermark.ShouldBe(2);
        set.Elect(3, 3);
        set.Append(3, "c");
        var waiter = new Waiter();
        set[2].PendingFetches.Add(waiter);

        var truncation = set.Take(2, set.Ask(2, 3)).ShouldNotBeNull();

        truncation.LostCommitted.ShouldBeTrue();
        waiter.Interruptions.ShouldBe(1);
        set.CatchUp(2);
        set.Values(2).ShouldBe(["c"]);
    }

    [Fact]
    public void AReplicaThatRestarts_KnowsTheHighWatermarkThatWasCheckpointed()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        set.Append(1, "a");
        set.Append(1, "b");
        set.CatchUp(2);

        set.Restart(1, checkpointedHighWatermark: 1);
        set[1].HighWatermark.ShouldBe(1);
        set.Restart(1, checkpointedHighWatermark: 9);
        set[1].HighWatermark.ShouldBe(2);
    }

    [Fact]
    public void AReplica_MayLeadAndFollowInTurns()
    {
        var set = ReplicaSet.Led(1, 1, 2);
        for (var turn = 0; turn < 10; turn++)
        {
            var (leader, follower) = turn % 2 == 0 ? (1, 2) : (2, 1);
            set.Elect(leader, 1, 2);
            var waiter = new Ack();
            set[leader].AwaitCommit(set.Append(leader, $"turn {turn}").NextOffset, long.MaxValue, waiter);
            set.CatchUp(follower);
            waiter.Error.ShouldBe(ErrorCode.None);
        }

        set.Values(1).ShouldBe(Enumerable.Range(0, 10).Select(turn => $"turn {turn}"));
        set.Values(2).ShouldBe(set.Values(1));
    }
}
