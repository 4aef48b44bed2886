using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Tests;

public sealed class PartitionLogRecoveryTests
{
    private readonly LogWorld _world = new();

    private PartitionLog Log => _world.Log;

    [Fact]
    public void CleanRestart_ScansNothing()
    {
        _world.Append(200);
        Log.SegmentCount.ShouldBeGreaterThan(10);
        var readFiles = new HashSet<string>();
        Log.Close();
        _world.Disk.Fault = (operation, path) =>
        {
            if (operation == DiskOperation.Read && path.EndsWith(".log", StringComparison.Ordinal))
            {
                readFiles.Add(path);
            }

            return null;
        };

        _world.Restart();

        Log.LogEndOffset.ShouldBe(200);
        (Log.Recovery.SegmentsScanned, Log.Recovery.HasFindings).ShouldBe((0, false));
        readFiles.Count.ShouldBeLessThanOrEqualTo(1, "only the active segment's last batches are looked at");
    }

    [Fact]
    public void UncleanRestart_ScansFromTheRecoveryPointOn()
    {
        _world.Append(200);
        var segments = Log.SegmentCount;

        _world.Crash(recoveryPoint: 0);
        Log.Recovery.SegmentsScanned.ShouldBe(segments);
        _world.Crash(recoveryPoint: 195);
        Log.Recovery.SegmentsScanned.ShouldBeInRange(1, 2);

        Log.Recovery.HasFindings.ShouldBeFalse();
        Log.LogEndOffset.ShouldBe(200);
        _world.ReadOffsets().Count.ShouldBe(200);
    }

    [Fact]
    public void TornTail_AtEveryByteOfTheLastBatch_IsCut()
    {
        _world.Append(12);
        Log.SegmentCount.ShouldBe(2);
        var name = _world.Files(".log")[^1];
        Log.Dispose();
        var whole = _world.FileBytes(name);
        var batchBytes = LogWorld.Batch().Length;
        for (var left = 0; left < batchBytes; left++)
        {
            WriteFile(name, whole.AsSpan(0, whole.Length - batchBytes + left));

            _world.Crash();

            Log.LogEndOffset.ShouldBe(11, $"{left} bytes of the last batch are left");
            _world.ReadOffsets().Count.ShouldBe(11);
            _world.Directory.LengthOf(name).ShouldBe(whole.Length - batchBytes, "the tail is cut off the file itself");
            Log.Recovery.TruncatedBytes.ShouldBe(left);
            Log.Recovery.TruncatedAtOffset.ShouldBe(left == 0 ? null : 11);
            _world.Append().BaseOffset.ShouldBe(11);
        }
    }

    [Fact]
    public void TornTail_OfRandomBytes_IsCut()
    {
        var random = new Random(5);
        _world.Append(5);
        var name = _world.Files(".log")[^1];
        for (var round = 0; round < 50; round++)
        {
            Log.Dispose();
            var garbage = new byte[random.Next(1, 200)];
            random.NextBytes(garbage);
            var length = _world.Directory.LengthOf(name);
            using (var file = _world.Directory.Open(name))
            {
                file.Write(length, garbage);
            }

            _world.Crash();

            Log.Recovery.TruncatedBytes.ShouldBe(garbage.Length);
            _world.Directory.LengthOf(name).ShouldBe(length);
        }

        _world.ReadOffsets().ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public void CorruptBatch_InTheMiddle_CutsTheLogThere_AndTheSegmentsBehind()
    {
        _world.Append(40);
        var names = _world.Files(".log");
        var second = names[1];
        LogFileNames.TryParse(second, ".log", out var baseOffset);
        Log.Dispose();
        using (var file = _world.Directory.Open(second))
        {
            file.Write((LogWorld.Batch().Length * 3) + 80, [0xFF]);
        }

        _world.Crash();

        Log.LogEndOffset.ShouldBe(baseOffset + 3);
        Log.Recovery.Fault.ShouldBe(RecordBatchFault.ChecksumMismatch);
        Log.Recovery.SegmentsDeleted.ShouldBe(names.Length - 2);
        _world.Files(".log").ShouldBe(names[..2]);
        _world.Files(".index").Length.ShouldBe(2);
        _world.ReadOffsets().Count.ShouldBe((int)baseOffset + 3);
        _world.Append().BaseOffset.ShouldBe(baseOffset + 3);
        _world.Restart();
        Log.Recovery.HasFindings.ShouldBeFalse();
    }

    [Theory]
    [InlineData(CleanupPolicy.Delete)]
    [InlineData(CleanupPolicy.Compact)]
    public void BatchesThatALossOfPowerTook_FromASegmentsEnd_CutTheLogThere(CleanupPolicy policy)
    {
        var world = new LogWorld(LogWorld.Small with { CleanupPolicy = policy });
        world.Append(40);
        var names = world.Files(".log");
        LogFileNames.TryParse(names[2], ".log", out var third);
        world.Log.Dispose();
        using (var file = world.Directory.Open(names[1]))
        {
            file.Truncate(file.Length - LogWorld.Batch().Length);
        }

        world.Crash();

        world.Log.LogEndOffset.ShouldBe(third - 1, "a record is missing there, and what is behind it would hide that");
        world.Log.Recovery.SegmentsDeleted.ShouldBe(names.Length - 2);
        world.ReadOffsets().Count.ShouldBe((int)third - 1);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("short")]
    [InlineData("half an entry")]
    [InlineData("zeros")]
    [InlineData("garbage")]
    public void DamagedIndexes_AreMadeAnew(string damage)
    {
        for (var i = 0; i < 100; i++)
        {
            _world.Append(timestamp: 1000 + i);
        }

        Log.Close();
        var random = new Random(9);
        foreach (var name in _world.Files("index"))
        {
            var bytes = _world.FileBytes(name);
            switch (damage)
            {
                case "missing":
                    _world.Directory.Delete(name);
                    continue;
                case "empty":
                    bytes = [];
                    break;
                case "short":
                    bytes = bytes[..(bytes.Length / 24 * 12)];
                    break;
                case "half an entry":
                    bytes = bytes[..Math.Max(0, bytes.Length - 3)];
                    break;
                case "zeros":
                    Array.Clear(bytes);
                    break;
                default:
                    random.NextBytes(bytes);
                    break;
            }

            WriteFile(name, bytes);
        }

        _world.Restart();

        Log.LogEndOffset.ShouldBe(100);
        for (var i = 0; i < 100; i += 9)
        {
            _world.ReadOffsets(i).Count.ShouldBe(100 - i);
            _world.ReadOffsets(0, i).Count.ShouldBe(i);
        }

        _world.Append(20, timestamp: 2000);
        _world.ReadOffsets().Count.ShouldBe(120);
        Log.OffsetForTimestamp(1077, long.MaxValue)!.Value.Offset.ShouldBe(77);
    }

    [Fact]
    public void IndexesOfASegmentThatIsGone_AreDeleted()
    {
        _world.Append(50);
        Log.Close();
        _world.Directory.Delete("00000000000000000000.log");

        _world.Restart();

        _world.Files("index").ShouldNotContain(name => name.StartsWith("00000000000000000000", StringComparison.Ordinal));
        Log.LogStartOffset.ShouldBeGreaterThan(0);
        _world.ReadOffsets()[^1].ShouldBe(49);
    }

    [Fact]
    public void DamagedEpochs_AreMadeAnewFromTheLog()
    {
        _world.Append(20, epoch: 1);
        _world.Append(20, epoch: 6);
        Log.Close();
        _world.Directory.ReplaceText(LogFileNames.LeaderEpochCheckpoint, "0\n2\n1 0\n", durable: true);

        _world.Restart();

        Log.EndOffsetForEpoch(1).ShouldBe(new EpochEndOffset(1, 20));
        Log.LatestEpoch.ShouldBe(6);
        Log.Recovery.Notes.ShouldHaveSingleItem().ShouldContain(LogFileNames.LeaderEpochCheckpoint);
    }

    [Fact]
    public void CleanRestart_OfALogThatIsTornAllTheSame_CutsIt()
    {
        _world.Append(12);
        var name = _world.Files(".log")[^1];
        Log.Close();
        var bytes = _world.FileBytes(name);
        WriteFile(name, bytes.AsSpan(0, bytes.Length - 5));

        _world.Restart();

        (Log.LogEndOffset, Log.Recovery.TruncatedAtOffset).ShouldBe((11, 11));
        _world.ReadOffsets().Count.ShouldBe(11);
        _world.Append().BaseOffset.ShouldBe(11);
    }

    [Fact]
    public void CutBelowTheLogStart_BeginsTheLogAnewThere()
    {
        _world.Append(5);
        Log.AdvanceLogStartOffset(4);
        var name = _world.Files(".log")[0];
        WriteFile(name, []);

        _world.Crash();

        (Log.LogStartOffset, Log.LogEndOffset).ShouldBe((4, 4));
        Log.Recovery.HasFindings.ShouldBeTrue();
        _world.Append().BaseOffset.ShouldBe(4);
        _world.Restart();
        Log.LogEndOffset.ShouldBe(5);
    }

    [Fact]
    public void FailedWrite_IsNotAcknowledged_TakesTheLogOffline_AndIsCutBack()
    {
        _world.Append(3);
        var size = Log.SizeInBytes;
        var failing = true;
        _world.Disk.ShortWriteBytes = 30;
        _world.Disk.Fault = (operation, path) =>
            failing && operation == DiskOperation.Write && path.EndsWith(".log", StringComparison.Ordinal) ? "no space left" : null;

        var thrown = Should.Throw<LogStorageException>(() => Log.AppendAsLeader(LogWorld.Batch(), 0, LogWorld.Now));

        thrown.Path!.ShouldEndWith("00000000000000000000.log");
        Log.LogEndOffset.ShouldBe(3);
        Log.IsOffline.ShouldBeTrue();
        _world.Directory.LengthOf("00000000000000000000.log").ShouldBe(size);
        Log.AppendAsLeader(LogWorld.Batch(), 0, LogWorld.Now).Error.ShouldBe(ErrorCode.KafkaStorageError);
        Log.AppendAsFollower(LogWorld.Batch(), LogWorld.Now).Error.ShouldBe(ErrorCode.KafkaStorageError);
        Should.Throw<LogStorageException>(Log.Flush);
        _world.ReadOffsets().ShouldBe([0, 1, 2]);

        failing = false;
        Log.BringOnline();
        _world.Append().BaseOffset.ShouldBe(3);
        _world.Crash();
        Log.Recovery.HasFindings.ShouldBeFalse();
        _world.ReadOffsets().ShouldBe([0, 1, 2, 3]);
    }

    [Fact]
    public void FailedWrite_ThatCannotBeCutBack_IsCutBeforeTheNextAppend()
    {
        _world.Append(3);
        var failing = true;
        _world.Disk.ShortWriteBytes = 30;
        _world.Disk.Fault = (operation, _) => failing && operation is DiskOperation.Write or DiskOperation.Truncate && failing ? "broken" : null;
        Should.Throw<LogStorageException>(() => Log.AppendAsLeader(LogWorld.Batch(), 0, LogWorld.Now));
        Should.Throw<LogStorageException>(Log.BringOnline);
        Log.IsOffline.ShouldBeTrue();

        failing = false;
        Log.BringOnline();
        _world.Append(2);

        _world.Crash();
        Log.Recovery.HasFindings.ShouldBeFalse();
        _world.ReadOffsets().ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public void FullDisk_AtAnyByte_NeverLosesWhatWasAcknowledged()
    {
        for (long free = 0; free < 2500; free += 37)
        {
            var world = new LogWorld();
            world.Disk.CapacityBytes = 300 + free;
            var acknowledged = 0;
            try
            {
                while (true)
                {
                    world.Log.AppendAsLeader(LogWorld.Batch(), 0, LogWorld.Now).Error.ShouldBe(ErrorCode.None);
                    acknowledged++;
                }
            }
            catch (LogStorageException)
            {
                world.Log.IsOffline.ShouldBeTrue();
            }

            world.Disk.CapacityBytes = long.MaxValue;
            world.Log.BringOnline();
            world.Append(30);
            world.ReadOffsets().Count.ShouldBe(acknowledged + 30);
            world.Crash();
            world.Log.Recovery.TruncatedAtOffset.ShouldBeNull();
            world.ReadOffsets().Count.ShouldBe(acknowledged + 30);
        }
    }

    [Fact]
    public void FailedFlush_TakesTheLogOffline()
    {
        _world.Append();
        _world.Disk.Fault = (operation, _) => operation == DiskOperation.Flush ? "I/O error" : null;

        Should.Throw<LogStorageException>(Log.Flush);

        Log.IsOffline.ShouldBeTrue();
        Log.RecoveryPoint.ShouldBe(0);
        Should.Throw<LogStorageException>(Log.BringOnline, "what the disk holds is anyone's guess now");
    }

    [Fact]
    public void LossOfPower_KeepsEverythingBelowTheRecoveryPoint()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var world = new LogWorld();
            world.Append(random.Next(1, 40), epoch: 1);
            world.Log.Flush();
            var flushed = world.Log.RecoveryPoint;
            world.Append(random.Next(1, 40), epoch: 2);
            var written = world.Log.LogEndOffset;

            world.LosePower(random, flushed);

            world.Log.LogEndOffset.ShouldBeInRange(flushed, written, $"seed {seed}");
            world.ReadOffsets().Count.ShouldBe((int)world.Log.LogEndOffset);
            world.Log.EndOffsetForEpoch(1).EndOffset.ShouldBe(flushed);
            world.Append(20, epoch: 3);
            world.ReadOffsets().Count.ShouldBe((int)world.Log.LogEndOffset);
        }
    }

    [Fact]
    public void FlushPlan_ThatATruncationOvertook_DoesNotMoveTheRecoveryPoint()
    {
        _world.Append(10);
        using var plan = Log.BeginFlush();
        Log.TruncateTo(5);
        _world.Append(5);

        plan.Execute();
        Log.CompleteFlush(plan);

        Log.RecoveryPoint.ShouldBe(0);
        Log.Flush();
        Log.RecoveryPoint.ShouldBe(10);
    }

    [Fact]
    public void FlushPlan_ThatWasDropped_LeavesItsWorkToTheNext()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var world = new LogWorld();
            world.Append(30);
            world.Log.BeginFlush().Dispose();
            world.Log.RecoveryPoint.ShouldBe(0);
            world.Log.Flush();

            world.LosePower(new Random(seed), recoveryPoint: 30);

            world.Log.LogEndOffset.ShouldBe(30);
            world.ReadOffsets().Count.ShouldBe(30);
        }
    }

    [Fact]
    public void Flush_OfACleanLog_SyncsNoFile()
    {
        _world.Append(10);
        Log.Flush();
        var before = _world.Disk.Operations[DiskOperation.Flush];

        Log.Flush();

        _world.Disk.Operations[DiskOperation.Flush].ShouldBe(before);
    }

    private void WriteFile(string name, ReadOnlySpan<byte> bytes) => _world.Directory.Replace(name, bytes, durable: true);
}
