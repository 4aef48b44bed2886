using System.Buffers.Binary;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Tests;

public sealed class PartitionLogAppendTests
{
    private readonly LogWorld _world = new(LogConfig.Default);

    private PartitionLog Log => _world.Log;

    [Fact]
    public void Append_GivesConsecutiveOffsets()
    {
        Log.AppendAsLeader(LogWorld.Batch(3), 0, LogWorld.Now).ShouldBe(new AppendResult(ErrorCode.None, 0, 2, -1, 0));
        Log.AppendAsLeader(LogWorld.Batch(2), 0, LogWorld.Now).ShouldBe(new AppendResult(ErrorCode.None, 3, 4, -1, 0));

        Log.LogEndOffset.ShouldBe(5);
        _world.ReadOffsets().ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public void Append_StampsOffsetAndEpochInTheCallersBuffer_AndNothingElse()
    {
        _world.Append(5);
        var sent = LogWorld.Batch(2);
        var batch = (byte[])sent.Clone();

        Log.AppendAsLeader(batch, leaderEpoch: 9, LogWorld.Now).IsSuccess.ShouldBeTrue();

        new RecordBatchHeader(batch).BaseOffset.ShouldBe(5);
        new RecordBatchHeader(batch).PartitionLeaderEpoch.ShouldBe(9);
        batch[8..12].ShouldBe(sent[8..12]);
        batch[16..].ShouldBe(sent[16..]);
        LogWorld.ReadBytes(Log, 5, long.MaxValue, 1000).ShouldBe(batch);
    }

    [Fact]
    public void Append_IsOneWrite()
    {
        _world.Append();
        var before = _world.Disk.Operations[DiskOperation.Write];

        Log.AppendAsLeader(LogWorld.Batch(100), 0, LogWorld.Now).IsSuccess.ShouldBeTrue();

        (_world.Disk.Operations[DiskOperation.Write] - before).ShouldBe(1);
    }

    [Fact]
    public void Append_InSteadyState_AllocatesNothing()
    {
        var plain = LogWorld.Batch(10);
        var idempotent = LogWorld.Batch(10, producerId: 5, epoch: 0, sequence: 0);
        using var real = new TemporaryLog(LogConfig.Default with { IndexIntervalBytes = 1024 });
        var sequence = 0;
        Run(100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(1000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                RecordBatchHeader.WriteBaseOffset(plain, 0);
                RecordBatchHeader.WriteBaseOffset(idempotent, 0);
                BinaryPrimitives.WriteInt32BigEndian(idempotent.AsSpan(53), sequence);
                RecordBatchHeader.WriteCrc(idempotent);
                sequence += 10;
                if (!real.Log.AppendAsLeader(plain, 0, LogWorld.Now).IsSuccess
                    || !real.Log.AppendAsLeader(idempotent, 0, LogWorld.Now).IsSuccess)
                {
                    throw new InvalidOperationException("an append failed");
                }
            }
        }
    }

    [Fact]
    public void Append_WithLogAppendTime_StampsTheBrokersTimeAndAChecksumThatFits()
    {
        Log.UpdateConfig(LogConfig.Default with { TimestampType = TimestampType.LogAppendTime });

        var result = Log.AppendAsLeader(LogWorld.Batch(2, timestamp: 5), 0, LogWorld.Now);

        result.LogAppendTimeMs.ShouldBe(LogWorld.Now);
        var bytes = LogWorld.ReadBytes(Log, 0, long.MaxValue, 1000);
        RecordBatches.Validate(bytes, out _).ShouldBe(RecordBatchFault.None);
        new RecordBatchHeader(bytes).TimestampType.ShouldBe(TimestampType.LogAppendTime);
        new RecordBatchHeader(bytes).MaxTimestamp.ShouldBe(LogWorld.Now);
    }

    [Fact]
    public void Append_OfABatchWhoseMaxTimestampLies_StoresTheTruth()
    {
        var batch = LogWorld.Batch(1, timestamp: 1000);
        RecordBatchHeader.WriteMaxTimestamp(batch, TimestampType.CreateTime, LogWorld.Now);

        Log.AppendAsLeader(batch, 0, LogWorld.Now).IsSuccess.ShouldBeTrue();

        Log.OffsetOfMaxTimestamp().ShouldBe(new TimestampedOffset(1000, 0, 0));
    }

    [Fact]
    public void Append_WhenLeaderEpochIsStale_IsFenced()
    {
        _world.Append(epoch: 4);

        Log.AppendAsLeader(LogWorld.Batch(), 3, LogWorld.Now).Error.ShouldBe(ErrorCode.FencedLeaderEpoch);
    }

    [Fact]
    public void Append_OfBadBatches_AnswersWithKafkasErrorAndLeavesTheLogAlone()
    {
        byte[] corrupt = LogWorld.Batch();
        corrupt[^1] ^= 1;
        byte[] old = LogWorld.Batch();
        old[16] = 1;
        byte[] shifted = LogWorld.Batch();
        RecordBatchHeader.WriteBaseOffset(shifted, 7);

        Error(corrupt).ShouldBe((ErrorCode.CorruptMessage, RecordBatchFault.ChecksumMismatch));
        Error(LogWorld.Batch()[..50]).ShouldBe((ErrorCode.CorruptMessage, RecordBatchFault.Truncated));
        Error(old).ShouldBe((ErrorCode.UnsupportedForMessageFormat, RecordBatchFault.OldMagic));
        Error([]).ShouldBe((ErrorCode.InvalidRecord, RecordBatchFault.Empty));
        Error([.. LogWorld.Batch(), .. LogWorld.Batch()]).ShouldBe((ErrorCode.InvalidRecord, RecordBatchFault.MoreThanOneBatch));
        Error(shifted).ShouldBe((ErrorCode.InvalidRecord, RecordBatchFault.NonZeroBaseOffset));
        Error(LogWorld.Marker(1, 0)).ShouldBe((ErrorCode.InvalidRecord, RecordBatchFault.ControlBatch));
        Error(LogWorld.Batch(valueBytes: 2_000_000)).ShouldBe((ErrorCode.MessageTooLarge, RecordBatchFault.TooLarge));
        Error(LogWorld.Batch(timestamp: LogWorld.Now + 4_000_000)).ShouldBe((ErrorCode.InvalidTimestamp, RecordBatchFault.TimestampOutOfRange));
        Log.LogEndOffset.ShouldBe(0);
        Log.SizeInBytes.ShouldBe(0);

        (ErrorCode, RecordBatchFault) Error(byte[] batch)
        {
            var result = Log.AppendAsLeader(batch, 0, LogWorld.Now);
            return (result.Error, result.Fault);
        }
    }

    [Fact]
    public void Append_OfMoreThanASegmentHolds_IsRefused()
    {
        var world = new LogWorld(LogWorld.Small with { SegmentBytes = 100 });

        world.Log.AppendAsLeader(LogWorld.Batch(10), 0, LogWorld.Now).Error.ShouldBe(ErrorCode.RecordListTooLarge);
    }

    [Fact]
    public void Append_ByACoordinator_MayHaveSeveralBatchesAndControlBatches()
    {
        byte[] batches = [.. LogWorld.Batch(2), .. LogWorld.Marker(1, 0), .. LogWorld.Batch(1)];

        var result = Log.AppendAsLeader(batches, 0, LogWorld.Now, AppendOrigin.Coordinator);

        result.ShouldBe(new AppendResult(ErrorCode.None, 0, 3, -1, 0));
        _world.ReadOffsets().ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void AppendAsFollower_KeepsOffsetsAndEpochs_AndLeavesAnIncompleteBatchOut()
    {
        var leader = new LogWorld(LogConfig.Default);
        leader.Append(3, epoch: 1);
        leader.Append(2, epoch: 4);
        var bytes = LogWorld.ReadBytes(leader.Log, 0, long.MaxValue, 100_000);

        Log.AppendAsFollower(bytes.AsMemory(0, bytes.Length - 1), LogWorld.Now).LastOffset.ShouldBe(3);
        Log.AppendAsFollower(bytes.AsMemory(bytes.Length / 5 * 4), LogWorld.Now).LastOffset.ShouldBe(4);

        LogWorld.ReadBytes(Log, 0, long.MaxValue, 100_000).ShouldBe(bytes);
        Log.LatestEpoch.ShouldBe(4);
        Log.EndOffsetForEpoch(1).ShouldBe(new EpochEndOffset(1, 3));
    }

    [Fact]
    public void AppendAsFollower_OfWhatIsThereAlready_IsRefused()
    {
        _world.Append(3);
        var bytes = LogWorld.ReadBytes(Log, 0, long.MaxValue, 100_000);

        Log.AppendAsFollower(bytes, LogWorld.Now).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
    }

    [Fact]
    public void AppendAsFollower_OfACorruptBatch_IsRefused()
    {
        var batch = LogWorld.Batch();
        batch[^1] ^= 1;

        Log.AppendAsFollower(batch, LogWorld.Now).Error.ShouldBe(ErrorCode.CorruptMessage);
        Log.AppendAsFollower(Array.Empty<byte>(), LogWorld.Now).Error.ShouldBe(ErrorCode.InvalidRecord);
    }
}
