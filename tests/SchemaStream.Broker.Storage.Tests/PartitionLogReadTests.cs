using System.Buffers;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Tests;

public sealed class PartitionLogReadTests
{
    private static readonly int BatchBytes = LogWorld.Batch().Length;

    private readonly LogWorld _world = new();

    private PartitionLog Log => _world.Log;

    [Fact]
    public void Read_OutsideTheLog_IsOutOfRange()
    {
        _world.Append(3);

        Log.Read(-1, 100, long.MaxValue, true, out var before).ShouldBe(ErrorCode.OffsetOutOfRange);
        Log.Read(4, 100, long.MaxValue, true, out var behind).ShouldBe(ErrorCode.OffsetOutOfRange);
        Log.Read(3, 100, long.MaxValue, true, out var end).ShouldBe(ErrorCode.None);

        new[] { before, behind, end }.ShouldAllBe(slice => slice.IsEmpty);
    }

    [Fact]
    public void Read_GivesWholeBatchesWithinTheLimit()
    {
        _world.Append(5);

        Length(0, BatchBytes * 3).ShouldBe(BatchBytes * 3);
        Length(0, (BatchBytes * 3) - 1).ShouldBe(BatchBytes * 2);
        Length(0, (BatchBytes * 4) - 1).ShouldBe(BatchBytes * 3);
        Length(0, int.MaxValue).ShouldBe(BatchBytes * 5);
        Length(0, 10, minOneBatch: true).ShouldBe(BatchBytes);
        Length(0, 10, minOneBatch: false).ShouldBe(0);
        Length(0, 0, minOneBatch: true).ShouldBe(BatchBytes);
        Length(0, -5, minOneBatch: false).ShouldBe(0);
    }

    [Fact]
    public void Read_EndsBelowTheBound()
    {
        _world.Append(5);

        Length(0, int.MaxValue, upperBound: 2).ShouldBe(BatchBytes * 2);
        Length(1, int.MaxValue, upperBound: 2).ShouldBe(BatchBytes);
        Length(2, int.MaxValue, upperBound: 2).ShouldBe(0);
        Length(3, int.MaxValue, upperBound: 2).ShouldBe(0);
    }

    [Fact]
    public void Read_FromTheMiddleOfABatch_GivesTheWholeBatch()
    {
        Log.AppendAsLeader(LogWorld.Batch(10), 0, LogWorld.Now);

        Log.Read(7, int.MaxValue, long.MaxValue, true, out var slice).ShouldBe(ErrorCode.None);
        using (slice)
        {
            slice.Position.ShouldBe(0);
            slice.BaseOffset.ShouldBe(7);
            slice.NextOffset.ShouldBe(10);
        }

        Log.Read(3, int.MaxValue, 7, true, out slice).ShouldBe(ErrorCode.None);
        slice.IsEmpty.ShouldBeTrue("a batch is below the bound as a whole or not at all");
    }

    [Fact]
    public void Read_FromEveryOffsetWithEveryLimit_IsTheWholeLog()
    {
        _world.Append(100);
        Log.SegmentCount.ShouldBeGreaterThan(5);

        for (var from = 0; from < 100; from += 7)
        {
            for (var maxBytes = 1; maxBytes < 1500; maxBytes += 113)
            {
                _world.ReadOffsets(from, long.MaxValue, maxBytes).ShouldBe(Enumerable.Range(from, 100 - from).Select(i => (long)i));
            }
        }

        for (var bound = 0; bound <= 100; bound += 3)
        {
            _world.ReadOffsets(0, bound).ShouldBe(Enumerable.Range(0, bound).Select(i => (long)i));
        }
    }

    [Fact]
    public void Read_OnFromAnEarlierSlice_NeedsNeitherIndexNorHeaders()
    {
        _world.Append(8);
        Log.Read(0, BatchBytes * 4, long.MaxValue, true, out var slice);
        var next = slice.NextOffset;
        slice.Dispose();
        _world.Disk.Fault = (operation, _) => operation == DiskOperation.Read ? "no reading here" : null;

        Log.Read(next, int.MaxValue, long.MaxValue, true, out var following).ShouldBe(ErrorCode.None);

        following.Length.ShouldBe(BatchBytes * 4);
        following.Dispose();
    }

    [Fact]
    public void Slice_OfADeletedSegment_CanStillBeRead()
    {
        _world.Append(50);
        Log.Read(0, int.MaxValue, long.MaxValue, true, out var slice);

        var result = Log.ApplyRetention(new RetentionPolicy(-1, 0), LogWorld.Now, highWatermark: 50);
        result.DeleteFiles();

        Log.LogStartOffset.ShouldBeGreaterThan(slice.NextOffset);
        var bytes = new byte[slice.Length];
        slice.Read(bytes).ShouldBe(slice.Length);
        RecordBatches.Validate(bytes, out _).ShouldBe(RecordBatchFault.None);
        slice.Dispose();
    }

    [Fact]
    public async Task Slice_OfATruncatedLog_ReadsNothing()
    {
        _world.Append(5);
        Log.Read(0, int.MaxValue, long.MaxValue, true, out var slice);

        Log.TruncateTo(3);
        _world.Append(5, valueBytes: 30);

        slice.Read(new byte[slice.Length]).ShouldBe(0, "it would be of two minds");
        (await slice.ReadAsync(new byte[slice.Length], CancellationToken.None)).ShouldBe(0);
        slice.Dispose();
    }

    [Fact]
    public void Slice_ThatIsDisposed_IsNotRead()
    {
        _world.Append();
        Log.Read(0, int.MaxValue, long.MaxValue, true, out var slice);
        slice.Dispose();
        slice.Dispose();

        Should.Throw<ObjectDisposedException>(() => slice.Read(new byte[slice.Length]));
    }

    [Fact]
    public void Slice_OfAFileThatLostBytes_IsALogStorageException()
    {
        _world.Append(3);
        Log.Read(0, int.MaxValue, long.MaxValue, true, out var slice);
        using (var file = _world.Directory.Open("00000000000000000000.log"))
        {
            file.Truncate(50);
        }

        Should.Throw<LogStorageException>(() => slice.Read(new byte[slice.Length])).Path!.ShouldEndWith(".log");
        slice.Dispose();
    }

    [Fact]
    public void Log_WithFewerHandlesThanFiles_WorksAllTheSame()
    {
        var world = new LogWorld(cacheCapacity: 2);
        world.Append(200);

        world.ReadOffsets().Count.ShouldBe(200);
        world.Cache.OpenCount.ShouldBeLessThanOrEqualTo(2);
        world.Restart();
        world.ReadOffsets().Count.ShouldBe(200);
    }

    [Fact]
    public void OffsetForTimestamp_IsTheFirstRecordOfThatTimeOrLater()
    {
        for (var i = 0; i < 100; i++)
        {
            _world.Append(timestamp: 1000 + (i * 10));
        }

        Find(0).ShouldBe(new TimestampedOffset(1000, 0, 0));
        Find(1000).ShouldBe(new TimestampedOffset(1000, 0, 0));
        Find(1001).ShouldBe(new TimestampedOffset(1010, 1, 0));
        for (var i = 0; i < 100; i++)
        {
            Find(1000 + (i * 10)).ShouldBe(new TimestampedOffset(1000 + (i * 10), i, 0));
        }

        Find(1991).ShouldBeNull();
        Log.OffsetForTimestamp(1500, upperBoundOffset: 50).ShouldBeNull();
        Log.OffsetForTimestamp(1490, upperBoundOffset: 50)!.Value.Offset.ShouldBe(49);
    }

    [Fact]
    public void OffsetForTimestamp_WithTimesOutOfOrder_StillFindsTheFirst()
    {
        var random = new Random(3);
        var times = Enumerable.Range(0, 200).Select(_ => random.NextInt64(1000, 2000)).ToList();
        foreach (var time in times)
        {
            _world.Append(timestamp: time);
        }

        for (var target = 990L; target < 2010; target += 7)
        {
            var expected = times.FindIndex(time => time >= target);
            (Find(target)?.Offset ?? -1).ShouldBe(expected, $"time {target}");
        }

        Log.OffsetOfMaxTimestamp()!.Value.Offset.ShouldBe(times.IndexOf(times.Max()));
    }

    [Fact]
    public void OffsetForTimestamp_WithinABatch_IsExact()
    {
        Append(CompressionType.None);
        Append(CompressionType.Gzip);

        Find(1020)!.Value.Offset.ShouldBe(2);
        Log.AdvanceLogStartOffset(3);
        Find(0)!.Value.Offset.ShouldBe(3, "records before the log start offset are gone");
        Log.AdvanceLogStartOffset(5);
        Find(1020)!.Value.Offset.ShouldBe(5, "without a decompressor it is as exact as the batch");
        Log.OffsetForTimestamp(1020, long.MaxValue, Reverse)!.Value.ShouldBe(new TimestampedOffset(1020, 7, 0));
        Log.OffsetOfMaxTimestamp(Reverse)!.Value.Offset.ShouldBe(4);

        void Append(CompressionType compression)
        {
            var builder = new RecordBatchBuilder
            {
                Compression = compression,
                Compressor = (_, records, output) => output.Write(Reversed(records)),
            };
            for (var i = 0; i < 5; i++)
            {
                builder.Add(1000 + (10 * i), null, null);
            }

            Log.AppendAsLeader(builder.Build(), 0, LogWorld.Now).Error.ShouldBe(ErrorCode.None);
        }

        static void Reverse(CompressionType type, ReadOnlySpan<byte> payload, IBufferWriter<byte> output, int maxBytes) =>
            output.Write(Reversed(payload));
    }

    [Fact]
    public void OffsetOfMaxTimestamp_OfAnEmptyLogOrOneWithoutTimes_IsNothing()
    {
        Log.OffsetOfMaxTimestamp().ShouldBeNull();
        _world.Append(timestamp: -1);
        Log.OffsetOfMaxTimestamp().ShouldBeNull();
        Find(0).ShouldBeNull();
    }

    private static byte[] Reversed(ReadOnlySpan<byte> bytes)
    {
        var reversed = bytes.ToArray();
        Array.Reverse(reversed);
        return reversed;
    }

    private TimestampedOffset? Find(long timestamp) => Log.OffsetForTimestamp(timestamp, long.MaxValue);

    private int Length(long from, int maxBytes, long upperBound = long.MaxValue, bool minOneBatch = false)
    {
        Log.Read(from, maxBytes, upperBound, minOneBatch, out var slice).ShouldBe(ErrorCode.None);
        using (slice)
        {
            return slice.Length;
        }
    }
}
