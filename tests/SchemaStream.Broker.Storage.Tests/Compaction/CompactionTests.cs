using SchemaStream.Broker.Storage.Compaction;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Tests.Compaction;

public sealed class CompactionTests
{
    private IReadOnlyList<AbortedTransaction> Aborted() => _world.Log.AbortedTransactions(0, _world.Log.LogEndOffset) ?? [];

    private readonly CompactedWorld _world = new();

    [Fact]
    public void Compact_LeavesTheNewestRecordOfEachKey_AtItsOffset()
    {
        for (var i = 0; i < 60; i++)
        {
            _world.Append((CompactedWorld.Key(i % 4), $"value {i}"));
        }

        _world.Roll();
        _world.Compact().ShouldBeTrue();

        _world.Read().Select(seen => (seen.Offset, seen.Key, seen.Value)).ShouldBe(
        [
            (56, "key-0", "value 56"), (57, "key-1", "value 57"), (58, "key-2", "value 58"), (59, "key-3", "value 59"),
        ]);
        _world.Log.LogEndOffset.ShouldBe(60);
        _world.Log.LogStartOffset.ShouldBe(0);
        _world.CleanedTo.ShouldBe(60);
        _world.Compact().ShouldBeFalse();
    }

    [Fact]
    public void Compact_OfSmallSegments_MakesOneOfThem()
    {
        for (var i = 0; i < 60; i++)
        {
            _world.Append((CompactedWorld.Key(i % 4), $"value {i}"));
        }

        _world.Roll();
        _world.Compact();
        _world.Append(("key-0", "again"));
        _world.Roll();
        _world.Compact();

        _world.Log.SegmentCount.ShouldBe(2);
        _world.Read().Count.ShouldBe(4);
        _world.World.Files(".deleted").ShouldBeEmpty();
        _world.World.Files(".cleaned").ShouldBeEmpty();
    }

    [Fact]
    public void Compact_OfSegmentsOfWhichNothingStays_LeavesNoRowOfEmptyOnes()
    {
        for (var i = 0; i < 200; i++)
        {
            _world.Append(("a", $"value {i}"));
        }

        _world.Roll();
        _world.Log.SegmentCount.ShouldBeGreaterThan(10);
        _world.Compact();

        // A client that is given nothing but batches without records, several times over, takes them for too large.
        _world.Log.SegmentCount.ShouldBe(2);
        CompactedWorld.Batches(_world.Log).Count.ShouldBe(1);
        _world.Read().Select(seen => seen.Value).ShouldBe(["value 199"]);
    }

    [Fact]
    public void Compact_TouchesNothing_FromTheActiveSegmentOn()
    {
        _world.Append(("a", "1"), ("a", "2"));
        _world.Roll();
        _world.Append(("a", "3"), ("a", "4"));

        _world.Compact();

        _world.Read().Select(seen => seen.Value).ShouldBe(["2", "3", "4"]);
    }

    [Fact]
    public void Compact_KeepsATombstone_ForDeleteRetention_AndItsTime()
    {
        _world.Append(("a", "1"), ("b", "1"), ("a", null));
        _world.Roll();
        var writtenMs = _world.NowMs;
        _world.Compact();
        _world.Read().ShouldBe([new Seen(1, "b", "1", writtenMs), new Seen(2, "a", null, writtenMs)]);

        var batch = CompactedWorld.Batches(_world.Log)[0].Header;
        batch.HasDeleteHorizon.ShouldBeTrue();
        batch.BaseTimestamp.ShouldBe(writtenMs + 1000);

        CompactAgainAfter(999);
        _world.Read().Count.ShouldBe(3);
        CompactAgainAfter(2);
        _world.Read().Select(seen => seen.Key).ShouldBe(["b", "other"]);
    }

    [Fact]
    public void Compact_RewritesCompressedBatches_WithTheirCodec()
    {
        foreach (var codec in new[] { CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd })
        {
            _world.Append(
                new RecordBatchBuilder { Compression = codec, Compressor = CompactedWorld.Codecs.Compress },
                ("a", codec.ToString()), (codec.ToString(), "x"), ("a", codec.ToString()));
        }

        _world.Roll();
        _world.Compact();

        _world.Read().Select(seen => (seen.Offset, seen.Key)).ShouldBe(
            [(1, "Gzip"), (4, "Snappy"), (7, "Lz4"), (10, "Zstd"), (11, "a")]);
        CompactedWorld.Batches(_world.Log).Select(batch => batch.Header.Compression).ShouldBe(
            [CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd]);
    }

    [Fact]
    public void Compact_DropsWhatWasAborted_WhichSupersedesNothing()
    {
        _world.Append(("a", "committed"));
        _world.AppendInTransaction(7, 0, ("a", "aborted"), ("b", "aborted"));
        _world.End(7, commit: false);
        _world.AppendInTransaction(8, 0, ("c", "committed"));
        _world.End(8, commit: true);
        _world.Roll();
        _world.Compact();

        _world.Read().Select(seen => (seen.Key, seen.Value)).ShouldBe([("a", "committed"), ("c", "committed")]);
    }

    [Fact]
    public void Compact_KeepsTellingOfAnAbort_ForAsLongAsItsMarkerIsThere()
    {
        _world.AppendInTransaction(7, 0, ("a", "aborted"));
        _world.End(7, commit: false);
        _world.AppendInTransaction(7, 1, ("z", "committed"));
        _world.End(7, commit: true);
        _world.Roll();
        _world.Compact();
        Aborted().ShouldBe([new AbortedTransaction(7, 0)]);

        CompactAgainAfter(10);
        _world.World.Restart();
        Aborted().ShouldBe([new AbortedTransaction(7, 0)]);
        CompactAgainAfter(1001);
        Aborted().ShouldBeEmpty("without the marker readers would leave out all that the producer writes from then on");
    }

    [Fact]
    public void Compact_DropsMarkers_OnceTheirRecordsAreGoneAndTheirTimeHasCome()
    {
        // The producers wrote again since: their last batches are elsewhere.
        _world.AppendInTransaction(7, 0, ("a", "aborted"));
        _world.End(7, commit: false);
        _world.AppendInTransaction(7, 1, ("z", "committed"));
        _world.End(7, commit: true);
        _world.Roll();
        _world.Compact();
        Markers().ShouldBe([1, 3]);

        CompactAgainAfter(10);
        Markers().ShouldBe([1, 3]);
        CompactAgainAfter(1001);
        Markers().ShouldBe([3]);
    }

    [Fact]
    public void Compact_StopsBeforeATransaction_WhoseEndIsNotCommittedBelowTheBound()
    {
        _world.Append(("a", "old"));
        _world.Roll();
        _world.AppendInTransaction(7, 0, ("a", "aborted"));
        _world.Roll();
        _world.End(7, commit: false);

        // The marker lies in the active segment.
        _world.Compact();
        _world.CleanedTo.ShouldBe(1);
        _world.Read().Select(seen => seen.Value).ShouldBe(["old", "aborted"]);

        _world.Roll();
        _world.Compact();
        _world.Read().Select(seen => seen.Value).ShouldBe(["old"]);
    }

    [Fact]
    public void Compact_KeepsEachProducersLastBatch_SoThatItsNextSequenceIsKnownAfterARestart()
    {
        var producer = new RecordBatchBuilder { ProducerId = 9, ProducerEpoch = 0, BaseSequence = 0 };
        _world.Append(producer, ("a", "1"), ("a", "2"));
        _world.Append(("a", "3"));
        _world.Roll();
        _world.Compact();
        _world.World.Files(".snapshot").ToList().ForEach(_world.World.Directory.Delete);
        _world.World.Crash(_world.Log.RecoveryPoint);

        _world.Read().Select(seen => seen.Value).ShouldBe(["3"]);
        CompactedWorld.Batches(_world.Log)[0].Header.RecordCount.ShouldBe(0);
        var again = LogWorld.Batch(2, producerId: 9, epoch: 0, sequence: 0);
        _world.Log.AppendAsLeader(again, 0, _world.NowMs).IsDuplicate.ShouldBeTrue();
        _world.World.Produce(9, 0, 2).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Compact_KeepsAProducersLastCommittedBatch_ThoughItWroteSince()
    {
        _world.Append(new RecordBatchBuilder { ProducerId = 9, ProducerEpoch = 0, BaseSequence = 0 }, ("a", "1"), ("a", "2"));
        _world.Append(("a", "3"));
        _world.Roll();
        _world.Append(new RecordBatchBuilder { ProducerId = 9, ProducerEpoch = 0, BaseSequence = 2 }, ("b", "not committed"));
        _world.Log.Flush();
        _world.Compact();

        _world.Log.TruncateTo(3);
        _world.World.Files(".snapshot").ToList().ForEach(_world.World.Directory.Delete);
        _world.World.Crash(_world.Log.RecoveryPoint);

        _world.World.Produce(9, 0, sequence: 2).Error.ShouldBe(ErrorCode.None);
        _world.World.Produce(9, 0, sequence: 7).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
    }

    [Fact]
    public void Compact_WithAFullMap_GoesOnWhereItStopped()
    {
        for (var i = 0; i < 200; i++)
        {
            _world.Append((CompactedWorld.Key(i % 40), $"value {i}"));
        }

        _world.Roll();
        var tiny = new CleanerLimits { DedupeBufferBytes = 24 * 20, IoBufferBytes = 300 };
        var rounds = 0;
        while (_world.Compact(tiny))
        {
            (++rounds).ShouldBeLessThan(40);
        }

        rounds.ShouldBeGreaterThan(2);
        _world.Read().Select(seen => seen.Offset).ShouldBe(Enumerable.Range(160, 40).Select(offset => (long)offset));
    }

    [Fact]
    public void Compact_HonoursTheLags()
    {
        _world.World.Log.UpdateConfig(CompactedWorld.Small with { MinCompactionLagMs = 500, MaxCompactionLagMs = 2000 });
        _world.Append(("a", "1"), ("a", "2"));
        _world.Roll();

        _world.Compact().ShouldBeFalse();
        _world.NowMs += 501;
        var need = _world.Log.MeasureCompaction(null, 2, _world.NowMs);
        (need.DirtyRatio, need.IsOverdue).ShouldBe((1.0, false));
        _world.Log.MeasureCompaction(null, 2, _world.NowMs + 2000).IsOverdue.ShouldBeTrue();
        _world.Log.MeasureCompaction(null, lastStableOffset: 1, _world.NowMs).DirtyBytes.ShouldBe(0);
        _world.Compact().ShouldBeTrue();
    }

    [Fact]
    public void ReaderOfAnOldSegment_ReadsOn_WhenItIsSwappedAway()
    {
        for (var i = 0; i < 20; i++)
        {
            _world.Append(("a", $"value {i}"));
        }

        _world.Roll();
        _world.Log.Read(0, 300, long.MaxValue, minOneBatch: true, out var slice).ShouldBe(ErrorCode.None);
        _world.Compact();

        using (slice)
        {
            var bytes = new byte[slice.Length];
            slice.Read(bytes).ShouldBe(bytes.Length);
            new RecordBatchHeader(bytes).BaseOffset.ShouldBe(0);
        }

        _world.Read().Count.ShouldBe(1);
    }

    [Fact]
    public void Swap_IsRefused_WhenRetentionOrATruncationWasThereFirst()
    {
        for (var i = 0; i < 60; i++)
        {
            _world.Append(("a", $"value {i}"));
        }

        _world.Roll();
        using (var run = _world.Begin()!)
        {
            foreach (var _ in run.BuildMap().Concat(run.CleanNext()))
            {
            }

            _world.Log.TruncateTo(3);
            _world.Log.TrySwap(run.Cleaned!, out var replaced).ShouldBeFalse();
            replaced.SegmentsDeleted.ShouldBe(0);
        }

        _world.World.Files(".cleaned").ShouldBeEmpty();
        _world.Read().Count.ShouldBe(3);
    }

    [Fact]
    public void ADamagedBatch_FailsTheCompaction_AndNothingElse()
    {
        _world.Append(("a", "1"));
        _world.Append(("a", "2"));
        _world.Roll();
        using (var file = _world.World.Directory.Open("00000000000000000000.log"))
        {
            file.Write(file.Length - 3, [0xFF]);
        }

        Should.Throw<LogStorageException>(() => _world.Compact()).Message.ShouldContain("00000000000000000000.log");
        _world.Log.IsOffline.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Compact_OfSegmentsThatGoMeanwhile_IsOutdated_NotDamaged(bool byRetention)
    {
        for (var i = 0; i < 60; i++)
        {
            _world.Append(("a", $"value {i}"));
        }

        _world.Roll();
        using var run = _world.Begin()!;
        using var steps = run.BuildMap().GetEnumerator();
        steps.MoveNext().ShouldBeTrue();
        run.IsOutdated.ShouldBeFalse();

        if (byRetention)
        {
            _world.Log.AdvanceLogStartOffset(60);
            _world.Log.ApplyRetention(RetentionPolicy.KeepAll, _world.NowMs, highWatermark: 60).SegmentsDeleted.ShouldBeGreaterThan(1);
        }
        else
        {
            _world.Log.TruncateTo(3);
        }

        Should.Throw<LogStorageException>(() =>
        {
            while (steps.MoveNext())
            {
            }
        });
        run.IsOutdated.ShouldBeTrue();
    }

    [Fact]
    public void ADamagedLength_TakesNoMoreMemory_ThanTheSegmentHasBytes()
    {
        for (var i = 0; i < 20; i++)
        {
            _world.Append(("a", $"value {i}"));
        }

        _world.Roll();
        using (var file = _world.World.Directory.Open("00000000000000000000.log"))
        {
            // The length of the first batch, behind its offset.
            file.Write(8, [0x7F, 0, 0, 0]);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<LogStorageException>(() => _world.Compact()).Message.ShouldContain("00000000000000000000.log");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100_000_000);
    }

    [Fact]
    public void Times_AreFound_InACompactedLog()
    {
        for (var i = 0; i < 60; i++)
        {
            _world.NowMs += 10;
            _world.Append((CompactedWorld.Key(i % 7), $"value {i}"));
        }

        _world.Roll();
        _world.Compact();

        var third = _world.Read()[2];
        _world.Log.OffsetForTimestamp(third.Timestamp, long.MaxValue)!.Value.Offset.ShouldBe(third.Offset);
        _world.Log.OffsetForTimestamp(0, long.MaxValue)!.Value.Offset.ShouldBe(_world.Read()[0].Offset);
    }

    private List<long> Markers() =>
        [.. CompactedWorld.Batches(_world.Log).Where(batch => batch.Header.IsControlBatch).Select(batch => batch.Header.BaseOffset)];

    private void CompactAgainAfter(long ms)
    {
        _world.NowMs += ms;
        _world.Append(("other", "1"), ("other", "2"));
        _world.Roll();
        _world.Compact();
    }
}
