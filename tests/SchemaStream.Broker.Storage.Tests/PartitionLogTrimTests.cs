using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Storage.Tests;

public sealed class PartitionLogTrimTests
{
    private readonly LogWorld _world = new();

    private PartitionLog Log => _world.Log;

    [Fact]
    public void TruncateTo_EveryOffset_LeavesExactlyWhatIsBefore()
    {
        for (var target = 0; target <= 60; target++)
        {
            var world = new LogWorld();
            world.Append(60);

            world.Log.TruncateTo(target);

            world.Log.LogEndOffset.ShouldBe(target);
            world.ReadOffsets().ShouldBe(Enumerable.Range(0, target).Select(i => (long)i));
            world.Append(20);
            world.ReadOffsets().ShouldBe(Enumerable.Range(0, target + 20).Select(i => (long)i));
            world.Restart();
            world.Log.Recovery.HasFindings.ShouldBeFalse();
            world.ReadOffsets().Count.ShouldBe(target + 20);
        }
    }

    [Fact]
    public void TruncateTo_TheMiddleOfABatch_TakesTheBatchAsAWhole()
    {
        _world.Append(2);
        Log.AppendAsLeader(LogWorld.Batch(5), 0, LogWorld.Now);

        Log.TruncateTo(4);

        Log.LogEndOffset.ShouldBe(2);
    }

    [Fact]
    public void TruncateTo_TakesEpochsBackToo()
    {
        _world.Append(10, epoch: 1);
        _world.Append(10, epoch: 2);
        _world.Append(10, epoch: 5);

        Log.TruncateTo(20);

        Log.LatestEpoch.ShouldBe(2);
        Log.EndOffsetForEpoch(2).ShouldBe(new EpochEndOffset(2, 20));
        Log.EndOffsetForEpoch(5).ShouldBe(EpochEndOffset.Undefined);
    }

    [Fact]
    public void TruncateTo_TakesTheRecoveryPointBack()
    {
        _world.Append(10);
        Log.Flush();
        Log.RecoveryPoint.ShouldBe(10);

        Log.TruncateTo(5);
        _world.Append(5);

        Log.RecoveryPoint.ShouldBe(5);
    }

    [Fact]
    public void TruncateFullyAndStartAt_LeavesAnEmptyLogThatBeginsThere()
    {
        _world.Append(50, epoch: 3);

        Log.TruncateFullyAndStartAt(1000);

        (Log.LogStartOffset, Log.LogEndOffset, Log.SizeInBytes, Log.LatestEpoch).ShouldBe((1000, 1000, 0, -1));
        _world.Restart();
        _world.Append(2, epoch: 4).LastOffset.ShouldBe(1001);
        _world.ReadOffsets().ShouldBe([1000, 1001]);
    }

    [Fact]
    public void WhatIsWrittenBehindATruncation_IsCheckedAfterACrash_ThoughTheCheckpointVouchesForIt()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var world = new LogWorld();
            world.Append(60, epoch: 1);
            world.Log.Flush();
            var checkpointed = world.Log.RecoveryPoint;

            world.Log.TruncateTo(10);
            world.Append(45, epoch: 2);
            world.LosePower(new Random(seed), checkpointed);

            var end = world.Log.LogEndOffset;
            end.ShouldBeInRange(10, 55);
            world.ReadOffsets().ShouldBe(Enumerable.Range(0, (int)end).Select(i => (long)i));
            world.Log.EndOffsetForEpoch(1).EndOffset.ShouldBe(10);
            world.Log.LatestEpoch.ShouldBe(end > 10 ? 2 : 1);
        }
    }

    [Fact]
    public void TruncateTo_WhatWasCutOff_DoesNotComeBackWithThePower()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var world = new LogWorld();
            world.Append(60, epoch: 1);
            world.Log.Flush();

            world.Log.TruncateTo(25);
            world.LosePower(new Random(seed), recoveryPoint: 60);

            world.Log.LogEndOffset.ShouldBe(25);
            world.Log.SegmentCount.ShouldBe(world.Files(".log").Length);
        }
    }

    [Fact]
    public void TruncateTo_WhenTheDiskFailsAtAnyMoment_LeavesALogWithoutAHole()
    {
        for (var failing = 0; failing < 25; failing++)
        {
            var world = new LogWorld();
            world.Append(60, epoch: 1);
            world.Log.Flush();
            var operations = 0;
            world.Disk.Fault = (operation, _) =>
                operation is DiskOperation.Delete or DiskOperation.Truncate or DiskOperation.Flush or DiskOperation.SyncDirectory
                    && operations++ == failing
                    ? "broken"
                    : null;
            try
            {
                world.Log.TruncateTo(25);
            }
            catch (LogStorageException)
            {
                world.Log.IsOffline.ShouldBeTrue();
            }

            world.Disk.Fault = null;
            world.LosePower(new Random(failing), recoveryPoint: 60);

            var end = world.Log.LogEndOffset;
            end.ShouldBeGreaterThanOrEqualTo(25);
            world.ReadOffsets().ShouldBe(Enumerable.Range(0, (int)end).Select(i => (long)i));
        }
    }

    [Fact]
    public void TruncateTo_ForgetsTheSequencesOfWhatItTook_AndKnowsThoseBefore()
    {
        for (var i = 0; i < 30; i++)
        {
            _world.Produce(7, 0, sequence: i).BaseOffset.ShouldBe(i);
        }

        Log.TruncateTo(20);

        _world.Produce(7, 0, sequence: 25).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        _world.Produce(7, 0, sequence: 19).IsDuplicate.ShouldBeTrue();
        _world.Produce(7, 0, sequence: 20).BaseOffset.ShouldBe(20);
    }

    [Fact]
    public void TruncateTo_ReopensTheTransactionWhoseEndItTook()
    {
        _world.Produce(7, 0, sequence: 0, transactional: true);
        Log.AppendAsLeader(LogWorld.Marker(7, 0), 0, LogWorld.Now, AppendOrigin.Coordinator).BaseOffset.ShouldBe(1);
        Log.CommittedTo(1);
        Log.FirstUnstableOffset.ShouldBe(0);

        Log.TruncateTo(1);

        Log.CommittedTo(1);
        Log.FirstUnstableOffset.ShouldBe(0);
    }

    [Fact]
    public void AWriteThatFailed_LeavesNoEpochBehind()
    {
        _world.Append(3, epoch: 1);
        _world.Disk.Fault = (operation, path) =>
            operation == DiskOperation.Write && path.EndsWith(".log", StringComparison.Ordinal) ? "broken" : null;
        Should.Throw<LogStorageException>(() => Log.AppendAsLeader(LogWorld.Batch(), 2, LogWorld.Now));

        _world.Disk.Fault = null;
        Log.BringOnline();

        Log.LatestEpoch.ShouldBe(1);
        _world.Append(1, epoch: 3);
        Log.EndOffsetForEpoch(2).ShouldBe(new EpochEndOffset(1, 3));
    }

    [Fact]
    public void ADiskThatIsStillFull_KeepsTheLogOffline_AndLeavesNothingInIt()
    {
        _world.Append(3);
        var size = Log.SizeInBytes;
        _world.Disk.Fault = (operation, path) =>
            operation == DiskOperation.Write && path.EndsWith(".log", StringComparison.Ordinal) ? "full" : null;
        Should.Throw<LogStorageException>(() => _world.Append(1));

        Should.Throw<LogStorageException>(Log.BringOnline);
        Log.IsOffline.ShouldBeTrue();

        _world.Disk.Fault = null;
        Log.BringOnline();
        Log.SizeInBytes.ShouldBe(size);
        _world.Append(1);
        Log.LogEndOffset.ShouldBe(4);
    }

    [Fact]
    public void SizeInBytesFrom_IsWhatLiesBehindAnOffset()
    {
        _world.Append(30);
        var batch = Log.SizeInBytes / 30;

        Log.SizeInBytesFrom(0).ShouldBe(Log.SizeInBytes);
        Log.SizeInBytesFrom(29).ShouldBe(batch);
        Log.SizeInBytesFrom(12).ShouldBe(18 * batch);
        Log.SizeInBytesFrom(30).ShouldBe(0);
    }

    [Fact]
    public void EndOffsetForEpoch_AnswersAsFollowersNeedIt()
    {
        Log.EndOffsetForEpoch(0).ShouldBe(EpochEndOffset.Undefined);
        _world.Append(10, epoch: 2);
        _world.Append(10, epoch: 4);

        Log.EndOffsetForEpoch(-1).ShouldBe(EpochEndOffset.Undefined);
        Log.EndOffsetForEpoch(1).ShouldBe(new EpochEndOffset(1, 0));
        Log.EndOffsetForEpoch(2).ShouldBe(new EpochEndOffset(2, 10));
        Log.EndOffsetForEpoch(3).ShouldBe(new EpochEndOffset(2, 10));
        Log.EndOffsetForEpoch(4).ShouldBe(new EpochEndOffset(4, 20));
        Log.EndOffsetForEpoch(5).ShouldBe(EpochEndOffset.Undefined);
        Log.EpochForOffset(9).ShouldBe(2);
        Log.EpochForOffset(10).ShouldBe(4);
        _world.Restart();
        Log.EndOffsetForEpoch(3).ShouldBe(new EpochEndOffset(2, 10));
    }

    [Fact]
    public void AdvanceLogStartOffset_HidesRecords_AndGivesSegmentsToRetention()
    {
        _world.Append(50);
        var segments = Log.SegmentCount;

        Log.AdvanceLogStartOffset(30).ShouldBeTrue();
        Log.AdvanceLogStartOffset(20).ShouldBeFalse();
        Log.AdvanceLogStartOffset(51).ShouldBeFalse();

        Log.Read(29, 100, long.MaxValue, true, out _).ShouldBe(ErrorCode.OffsetOutOfRange);
        _world.ReadOffsets().ShouldBe(Enumerable.Range(30, 20).Select(i => (long)i));
        var result = Log.ApplyRetention(RetentionPolicy.KeepAll, LogWorld.Now, 50);
        result.SegmentsDeleted.ShouldBeGreaterThan(0);
        Log.SegmentCount.ShouldBe(segments - result.SegmentsDeleted);
        Log.LogStartOffset.ShouldBe(30);
        _world.Restart();
        Log.LogStartOffset.ShouldBe(30);
    }

    [Fact]
    public void Retention_BySize_KeepsAtLeastThatMuch()
    {
        _world.Append(100);
        var size = Log.SizeInBytes;

        var result = Log.ApplyRetention(new RetentionPolicy(-1, 3000), LogWorld.Now, 100);

        Log.SizeInBytes.ShouldBe(size - result.BytesDeleted);
        Log.SizeInBytes.ShouldBeGreaterThanOrEqualTo(3000);
        Log.SizeInBytes.ShouldBeLessThan(3000 + 1000);
        _world.ReadOffsets()[^1].ShouldBe(99);
    }

    [Fact]
    public void Retention_ByTime_TakesSegmentsWhoseNewestRecordIsTooOld()
    {
        for (var i = 0; i < 100; i++)
        {
            _world.Append(timestamp: LogWorld.Now + i);
        }

        Log.ApplyRetention(new RetentionPolicy(1000, -1), LogWorld.Now + 1000, 100).SegmentsDeleted.ShouldBe(0);
        Log.ApplyRetention(new RetentionPolicy(1000, -1), LogWorld.Now + 1050, 100).SegmentsDeleted.ShouldBeGreaterThan(0);

        Log.LogStartOffset.ShouldBeGreaterThan(30);
        Log.LogStartOffset.ShouldBeLessThanOrEqualTo(50);
    }

    [Fact]
    public void Retention_OfALogThatExpiredAltogether_LeavesAnEmptySegmentThatKeepsTheOffsets()
    {
        _world.Append(30);

        var result = Log.ApplyRetention(new RetentionPolicy(1000, -1), LogWorld.Now + 5000, 30);

        (Log.LogStartOffset, Log.LogEndOffset, Log.SizeInBytes, Log.SegmentCount).ShouldBe((30, 30, 0, 1));
        _world.Files(".deleted").ShouldNotBeEmpty();
        result.DeleteFiles();
        _world.Files(".deleted").ShouldBeEmpty();
        Log.ApplyRetention(new RetentionPolicy(1000, -1), LogWorld.Now + 5000, 30).SegmentsDeleted.ShouldBe(0);
        _world.Restart();
        _world.Append().BaseOffset.ShouldBe(30);
    }

    [Fact]
    public void Retention_DoesNotTouchWhatIsNotCommitted()
    {
        _world.Append(50);

        Log.ApplyRetention(new RetentionPolicy(0, 0), LogWorld.Now + 5000, highWatermark: 10);

        Log.LogStartOffset.ShouldBeLessThanOrEqualTo(10);
        _world.ReadOffsets()[^1].ShouldBe(49);
    }

    [Fact]
    public void Retention_OfRecordsWithoutTimestamps_GoesByTheFilesTime()
    {
        _world.Append(30, timestamp: -1);

        Log.ApplyRetention(new RetentionPolicy(1000, -1), LogWorld.Now + 1000, 30).SegmentsDeleted.ShouldBe(0);
        Log.ApplyRetention(new RetentionPolicy(1000, -1), LogWorld.Now + 1001, 30).SegmentsDeleted.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Retention_ThatWasInterrupted_IsFinishedByTheNextStart()
    {
        _world.Append(50);
        Log.ApplyRetention(new RetentionPolicy(-1, 0), LogWorld.Now, 50);
        _world.Files(".deleted").ShouldNotBeEmpty();

        _world.Crash();

        _world.Files(".deleted").ShouldBeEmpty();
        Log.LogEndOffset.ShouldBe(50);
    }

    [Fact]
    public void RetentionPolicy_OfACompactedTopic_KeepsAll()
    {
        RetentionPolicy.Of(LogConfig.Default with { CleanupPolicy = CleanupPolicy.Compact }).ShouldBe(RetentionPolicy.KeepAll);
        RetentionPolicy.Of(LogConfig.Default).RetentionMs.ShouldBe(7L * 24 * 3600 * 1000);
    }

    [Fact]
    public void Roll_ComesWithSizeTimeAndFullIndexes()
    {
        var bySize = new LogWorld(LogConfig.Default with { SegmentBytes = 250 });
        bySize.Append(4);
        bySize.Log.SegmentCount.ShouldBe(2);

        var byTime = new LogWorld(LogConfig.Default with { SegmentMs = 100, SegmentJitterMs = 10 });
        byTime.Append(timestamp: LogWorld.Now);
        byTime.Append(timestamp: LogWorld.Now + 90);
        byTime.Log.SegmentCount.ShouldBe(1);
        byTime.Append(timestamp: LogWorld.Now + 91);
        byTime.Log.SegmentCount.ShouldBe(2);

        var byIndex = new LogWorld(LogConfig.Default with { SegmentIndexBytes = 12 * 5, IndexIntervalBytes = 1 });
        byIndex.Append(50);
        byIndex.Log.SegmentCount.ShouldBeGreaterThan(5);
        byIndex.ReadOffsets().Count.ShouldBe(50);

        var byHand = new LogWorld();
        byHand.Log.Roll(LogWorld.Now);
        byHand.Log.SegmentCount.ShouldBe(1, "an empty segment is not rolled");
        byHand.Append();
        byHand.Log.Roll(LogWorld.Now);
        byHand.Log.ActiveSegmentBaseOffset.ShouldBe(1);
    }
}
