using System.Globalization;
using System.Text;
using SchemaStream.Broker.Storage.Compaction;
using SchemaStream.Compression;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Tests.Compaction;

/// <summary>A record as a reader of a compacted topic sees it.</summary>
internal sealed record Seen(long Offset, string? Key, string? Value, long Timestamp);

/// <summary>A compacted log on a disk in memory, and the cleaner that a runtime would run beside it.</summary>
internal sealed class CompactedWorld
{
    public static readonly LogConfig Small = new()
    {
        SegmentBytes = 1000,
        IndexIntervalBytes = 150,
        CleanupPolicy = CleanupPolicy.Compact,
        DeleteRetentionMs = 1000,
    };

    public CompactedWorld(LogConfig? config = null) => World = new LogWorld(config ?? Small);

    public LogWorld World { get; }

    public PartitionLog Log => World.Log;

    public long NowMs { get; set; } = LogWorld.Now;

    public long? CleanedTo { get; set; }

    public static RecordCodecs Codecs { get; } = new(RecordCompression.Decompress, RecordCompression.Compress);

    public static string Key(int key) => string.Create(CultureInfo.InvariantCulture, $"key-{key}");

    /// <summary>Appends one batch of keys and values; a null value is a tombstone.</summary>
    public long Append(params (string? Key, string? Value)[] records) => Append(new RecordBatchBuilder(), records);

    public long Append(RecordBatchBuilder builder, params (string? Key, string? Value)[] records)
    {
        foreach (var (key, value) in records)
        {
            builder.Add(NowMs, Bytes(key), Bytes(value));
        }

        var result = Log.AppendAsLeader(builder.Build(), 0, NowMs, AppendOrigin.Coordinator);
        result.Error.ShouldBe(ErrorCode.None);
        return result.BaseOffset;
    }

    public long AppendInTransaction(long producerId, int sequence, params (string? Key, string? Value)[] records) => Append(
        new RecordBatchBuilder { ProducerId = producerId, ProducerEpoch = 0, BaseSequence = sequence, IsTransactional = true },
        records);

    public long End(long producerId, bool commit, int epoch = 0)
    {
        var marker = new RecordBatchBuilder
        {
            ProducerId = producerId,
            ProducerEpoch = 0,
            IsTransactional = true,
            IsControlBatch = true,
        }.Add(NowMs, new byte[] { 0, 0, 0, commit ? (byte)1 : (byte)0 }, new byte[] { 0, 0, 0, 0, 0, 0 }).Build();
        return Log.AppendAsLeader(marker, epoch, NowMs, AppendOrigin.Coordinator).BaseOffset;
    }

    /// <summary>Closes the active segment, so that all there is can be compacted.</summary>
    public void Roll()
    {
        Log.Roll(NowMs);
        Log.Flush();
    }

    public CleaningRun? Begin(CleanerLimits? limits = null, long? lastStableOffset = null)
    {
        Log.CommittedTo(Log.LogEndOffset);
        var stable = lastStableOffset ?? Math.Min(Log.LogEndOffset, Log.FirstUnstableOffset ?? long.MaxValue);
        var need = Log.MeasureCompaction(CleanedTo, stable, NowMs);
        return Log.BeginCompaction(need, limits ?? new CleanerLimits { IoBufferBytes = 300 }, Codecs, NowMs);
    }

    /// <summary>A whole compaction; false when there was nothing to do.</summary>
    public bool Compact(CleanerLimits? limits = null, long? lastStableOffset = null)
    {
        using var run = Begin(limits, lastStableOffset);
        if (run is null)
        {
            return false;
        }

        Finish(run);
        return true;
    }

    public void Finish(CleaningRun run)
    {
        Exhaust(run.BuildMap());
        while (TrySwapNext(run))
        {
        }

        CleanedTo = run.EndOffset;
    }

    public bool TrySwapNext(CleaningRun run)
    {
        Exhaust(run.CleanNext());
        if (run.Cleaned is not { } cleaned)
        {
            return false;
        }

        Log.TrySwap(cleaned, out var replaced).ShouldBeTrue();
        run.Swapped();
        replaced.DeleteFiles();
        return true;
    }

    public List<Seen> Read(long from = -1) => Read(Log, from);

    public static List<Seen> Read(PartitionLog log, long from = -1, bool withMarkers = false)
    {
        var seen = new List<Seen>();
        foreach (var batch in Batches(log, from).Where(batch => withMarkers || !batch.Header.IsControlBatch))
        {
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            RecordCompression.Decompress(batch.Header.Compression, batch.Records.Span, output, 1 << 20);
            foreach (var record in new RecordBatchReader(batch.Header, output.WrittenSpan))
            {
                seen.Add(new Seen(
                    record.Offset,
                    record.HasKey ? Encoding.UTF8.GetString(record.Key) : null,
                    record.HasValue ? Encoding.UTF8.GetString(record.Value) : null,
                    record.Timestamp));
            }
        }

        return seen;
    }

    public static List<RecordBatch> Batches(PartitionLog log, long from = -1)
    {
        var batches = new List<RecordBatch>();
        var next = from < 0 ? log.LogStartOffset : from;
        while (LogWorld.ReadBytes(log, next, long.MaxValue, 400) is { Length: > 0 } bytes)
        {
            foreach (var batch in RecordBatches.Split(bytes))
            {
                RecordBatches.Validate(batch.Memory.Span, out _).ShouldBe(RecordBatchFault.None);
                batches.Add(batch);
                next = batch.Header.NextOffset;
            }
        }

        return batches;
    }

    private static void Exhaust(IEnumerable<int> steps)
    {
        foreach (var bytes in steps)
        {
            bytes.ShouldBeGreaterThanOrEqualTo(0);
        }
    }

    public static ReadOnlyMemory<byte>? Bytes(string? text) =>
        text is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(text);
}
