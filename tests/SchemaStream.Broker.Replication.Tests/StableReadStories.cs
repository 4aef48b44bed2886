using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Replication.Tests;

/// <summary>What readers of committed records see, and what wakes them.</summary>
public sealed class StableReadStories
{
    private readonly PartitionWorld _world = PartitionWorld.Leading(1, 2);

    [Fact]
    public void LastStableOffset_WaitsForTheMarker_AndForItsReplication()
    {
        _world.Append();
        InTransaction(0);
        _world.Append();
        _world.FollowerFetches(2, 3);
        Offsets().ShouldBe((3, 1));

        End(commit: true);
        Offsets().ShouldBe((3, 1), "another leader may not have the marker");

        _world.FollowerFetches(2, 4);
        Offsets().ShouldBe((4, 4));
    }

    [Fact]
    public void Poll_OfCommittedRecords_IsWokenByWhatBecameStable()
    {
        var (stable, committed) = (new Waiter(), new Waiter());
        _world.Partition.PendingFetchesAt(ReadBound.LastStableOffset).Add(stable);
        _world.Partition.PendingFetchesAt(ReadBound.HighWatermark).Add(committed);
        InTransaction(0);
        _world.FollowerFetches(2, 1);
        committed.Bytes.ShouldBeGreaterThan(0);
        stable.Bytes.ShouldBe(0);

        End(commit: true);
        _world.FollowerFetches(2, 2);

        stable.Bytes.ShouldBe(committed.Bytes);
        _world.Partition.ReadableBytes(ReadBound.LastStableOffset).ShouldBe(_world.Partition.ReadableBytes(ReadBound.HighWatermark));
    }

    [Fact]
    public void Transaction_ThatIsOpenForLong_IsCountedAllTheSame()
    {
        var stable = new Waiter();
        _world.Partition.PendingFetchesAt(ReadBound.LastStableOffset).Add(stable);
        InTransaction(0);
        for (var i = 0; i < 3000; i++)
        {
            _world.Append();
        }

        End(commit: true);
        _world.FollowerFetches(2, 3002);

        stable.Bytes.ShouldBe(_world.Partition.ReadableBytes(ReadBound.HighWatermark));
    }

    [Fact]
    public void Read_OfCommittedRecords_NamesWhatWasAborted()
    {
        InTransaction(0);
        End(commit: false);
        _world.FollowerFetches(2, 2);

        using var slice = Read(ReadBound.LastStableOffset, out var aborted);
        aborted.ShouldNotBeNull().ShouldBe([new AbortedTransaction(7, 0)]);
        using var other = Read(ReadBound.HighWatermark, out var none);
        none.ShouldBeNull();
    }

    [Fact]
    public void Search_ByTime_StopsAtWhatIsStable()
    {
        _world.Append();
        _world.NowMs = 2_000;
        InTransaction(0);
        _world.FollowerFetches(2, 2);

        Find(2_000, ReadBound.HighWatermark).Offset.ShouldBe(1);
        Find(2_000, ReadBound.LastStableOffset).Offset.ShouldBe(-1);
        _world.Partition.OffsetOfMaxTimestamp(-1, ReadBound.HighWatermark, NoDecompressor).Offset.ShouldBe(1);
        _world.Partition.OffsetOfMaxTimestamp(-1, ReadBound.LastStableOffset, NoDecompressor).Offset.ShouldBe(-1);
    }

    private static RecordDecompressor NoDecompressor => (_, _, _, _) => throw new NotSupportedException();

    private OffsetLookup Find(long timestampMs, ReadBound bound) =>
        _world.Partition.OffsetForTimestamp(timestampMs, -1, bound, NoDecompressor);

    private LogSlice? Read(ReadBound bound, out IReadOnlyList<AbortedTransaction>? aborted)
    {
        var read = _world.Partition.Read(0, 1000, minOneBatch: true, currentLeaderEpoch: -1, bound);
        aborted = read.AbortedTransactions;
        return read.Slice;
    }

    private void InTransaction(int sequence)
    {
        var batch = new RecordBatchBuilder { ProducerId = 7, ProducerEpoch = 0, BaseSequence = sequence, IsTransactional = true }
            .Add(_world.NowMs, null, new byte[] { 1 }).Build();
        _world.Partition.Append(batch, AppendOrigin.Client, -1, requireInSync: false, _world.NowMs).Error.ShouldBe(ErrorCode.None);
    }

    private void End(bool commit) => _world.Partition.Append(
        new EndTransactionMarker(commit, CoordinatorEpoch: 0).ToBatch(7, 0, _world.NowMs),
        AppendOrigin.Coordinator, -1, requireInSync: false, _world.NowMs).Error.ShouldBe(ErrorCode.None);

    private (long HighWatermark, long LastStableOffset) Offsets() =>
        (_world.Partition.HighWatermark, _world.Partition.LastStableOffset);
}
