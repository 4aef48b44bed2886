using System.Text;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Replication.Tests;

/// <summary>
/// Appending and fetching cost no memory, whatever they do to the disk. The simulated disk's own files grow by doubling,
/// so a few of many calls are let off.
/// </summary>
public sealed class AllocationTests
{
    private const int WarmUp = 300;
    private const int Measured = 200;
    private const int RecordsPerBatch = 500;

    [Fact]
    public void ALeadersAppend_AllocatesNothing()
    {
        var partition = Open(1, leader: 1);
        var batch = Batch();
        var follower = 0L;

        CountAllocating(() =>
        {
            Require(partition.Append(batch, AppendOrigin.CheckedClient, 1, requireInSync: true, nowMs: 1).Error == ErrorCode.None);
            follower += RecordsPerBatch;
        }).ShouldBeLessThan(4);
        partition.LogEndOffset.ShouldBe(follower);
    }

    [Fact]
    public void AFollowersAppend_AllocatesNothing()
    {
        var partition = Open(2, leader: 1);
        var batch = Batch();
        RecordBatchHeader.WritePartitionLeaderEpoch(batch, 1);

        CountAllocating(() =>
        {
            var asked = partition.FollowerPosition;
            RecordBatchHeader.WriteBaseOffset(batch, asked.FetchOffset);
            Require(partition.AppendAsFollower(asked, batch, asked.FetchOffset, 0, 1).Outcome == FollowerOutcome.Taken);
        }).ShouldBeLessThan(4);
        partition.HighWatermark.ShouldBe(partition.LogEndOffset - RecordsPerBatch);
    }

    [Fact]
    public void AFollowersFetch_AllocatesNothing_ButForTheSliceThatItGets()
    {
        var partition = Open(1, leader: 1);
        var batch = Batch();
        var offset = 0L;
        long Fetch()
        {
            var read = partition.ReadForFollower(
                new FollowerFetch(2, 7, offset, offset == 0 ? -1 : 1, 0, 1), 1_000_000, minOneBatch: true, 1);
            Require(read.Error == ErrorCode.None);
            using var slice = read.Slice;
            return slice?.Length ?? 0;
        }

        CountAllocating(() => Require(Fetch() == 0)).ShouldBe(0);
        CountAllocating(
            () =>
            {
                Require(Fetch() == batch.Length);
                offset += RecordsPerBatch;
            },
            allowedBytes: 80,
            before: () => partition.Append(batch, AppendOrigin.CheckedClient, 1, requireInSync: true, nowMs: 1)).ShouldBe(0);
        partition.HighWatermark.ShouldBe(offset - RecordsPerBatch);
    }

    private static int CountAllocating(Action action, long allowedBytes = 0, Action? before = null)
    {
        var allocating = 0;
        for (var i = 0; i < WarmUp + Measured; i++)
        {
            before?.Invoke();
            var start = GC.GetAllocatedBytesForCurrentThread();
            action();
            var allocated = GC.GetAllocatedBytesForCurrentThread() - start;
            allocating += i >= WarmUp && allocated > allowedBytes ? 1 : 0;
        }

        return allocating;
    }

    // An assertion library boxes what it compares.
    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("not as expected");
        }
    }

    private static Partition Open(int id, int leader)
    {
        var log = PartitionLog.Open(
            new MemoryDisk().Directory("orders-0"), LogConfig.Default, new LogFileCache(16), new LogOpenOptions(), nowMs: 1);
        var partition = new Partition("orders-0", id, log);
        partition.Apply(new LeaderAndIsr(leader, 1, 1, [1, 2], [1, 2]), nowMs: 1);
        return partition;
    }

    private static byte[] Batch()
    {
        var builder = new RecordBatchBuilder();
        for (var i = 0; i < RecordsPerBatch; i++)
        {
            builder.Add(1, null, Encoding.UTF8.GetBytes("0123456789"));
        }

        return builder.Build();
    }
}
