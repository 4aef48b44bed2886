using System.Runtime.InteropServices;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Compression;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Batches;

/// <summary>
/// Looks at what a client wants appended, on the connection's side, so that the lane only writes. Every record is looked
/// at, compressed or not: what gets past here would stop every consumer of the partition.
/// </summary>
internal static class ProducedBatch
{
    /// <summary>The most that one batch may unpack to: a few kilobytes can claim to be gigabytes.</summary>
    private const int LargestUnpackedBytes = 128 * 1024 * 1024;

    /// <summary>Memory to begin unpacking with, as a multiple of the packed size.</summary>
    private const int UsualRatio = 4;

    public static BatchVerdict Check(ReadOnlyMemory<byte> batches, TopicConfig config, long nowMs)
    {
        var rules = Rules(config, nowMs);
        var batch = batches.Span;
        var fault = RecordBatches.ValidateProduced(batch, rules, out var size, out var maxTimestamp);
        if (fault is RecordBatchFault.TimestampOutOfRange or RecordBatchFault.MissingKey)
        {
            return RefuseRecords(fault, batch[..size], rules);
        }

        if (fault != RecordBatchFault.None)
        {
            return BatchVerdict.Refused(fault);
        }

        if (size != batches.Length)
        {
            return BatchVerdict.Refused(RecordBatchFault.MoreThanOneBatch);
        }

        var header = new RecordBatchHeader(batch);
        if (header.BaseOffset != 0)
        {
            return BatchVerdict.Refused(RecordBatchFault.NonZeroBaseOffset);
        }

        if (header.TimestampType == TimestampType.LogAppendTime && !config.LogAppendTime)
        {
            return BatchVerdict.Refused(
                ErrorCode.InvalidTimestamp, "The record batch claims the broker's time, but the topic keeps the producer's.");
        }

        var target = TargetCompression(config, header.Compression);
        if (header.Compression == CompressionType.None && target == CompressionType.None)
        {
            CorrectMaxTimestamp(batches, config, maxTimestamp);
            return new BatchVerdict(ErrorCode.None, null, batches);
        }

        return CheckPacked(batches, config, rules, target);
    }

    private static BatchVerdict CheckPacked(
        ReadOnlyMemory<byte> batches, TopicConfig config, in ProducedBatchRules rules, CompressionType target)
    {
        var batch = batches.Span;
        var header = new RecordBatchHeader(batch);
        var packed = batch[RecordBatchHeader.Size..];
        using var unpacked = new PooledBufferWriter(Math.Clamp(packed.Length * UsualRatio, 4096, 1 << 20));
        try
        {
            RecordCompression.Decompress(header.Compression, packed, unpacked, LargestUnpackedBytes);
        }
        catch (CompressionException broken)
        {
            return BatchVerdict.Refused(ErrorCode.InvalidRecord, "The record batch does not decompress: " + broken.Message);
        }

        var fault = RecordBatches.ValidateRecords(header, unpacked.WrittenSpan, rules, out var maxTimestamp);
        if (fault != RecordBatchFault.None)
        {
            return BatchVerdict.Refused(fault, header, unpacked.WrittenSpan, rules);
        }

        if (target == header.Compression)
        {
            CorrectMaxTimestamp(batches, config, maxTimestamp);
            return new BatchVerdict(ErrorCode.None, null, batches);
        }

        var rewritten = Repack(batch, unpacked.WrittenSpan, target);
        if (rewritten.WrittenCount > rules.MaxMessageBytes)
        {
            rewritten.Dispose();
            return BatchVerdict.Refused(RecordBatchFault.TooLarge);
        }

        CorrectMaxTimestamp(rewritten.Written, config, maxTimestamp);
        return new BatchVerdict(ErrorCode.None, null, rewritten.Written, rewritten);
    }

    /// <summary>Names the records that are at fault, which takes unpacking them; what is refused may cost that.</summary>
    private static BatchVerdict RefuseRecords(RecordBatchFault fault, ReadOnlySpan<byte> batch, in ProducedBatchRules rules)
    {
        var header = new RecordBatchHeader(batch);
        var records = batch[RecordBatchHeader.Size..];
        if (header.Compression == CompressionType.None)
        {
            return BatchVerdict.Refused(fault, header, records, rules);
        }

        using var unpacked = new PooledBufferWriter(Math.Clamp(records.Length * UsualRatio, 4096, 1 << 20));
        try
        {
            RecordCompression.Decompress(header.Compression, records, unpacked, LargestUnpackedBytes);
            return BatchVerdict.Refused(fault, header, unpacked.WrittenSpan, rules);
        }
        catch (CompressionException)
        {
            return BatchVerdict.Refused(fault);
        }
    }

    /// <summary>The same batch with its records in another compression.</summary>
    private static PooledBufferWriter Repack(ReadOnlySpan<byte> batch, ReadOnlySpan<byte> records, CompressionType target)
    {
        var output = new PooledBufferWriter(RecordBatchHeader.Size + records.Length);
        batch[..RecordBatchHeader.Size].CopyTo(output.GetSpan(RecordBatchHeader.Size));
        output.Advance(RecordBatchHeader.Size);
        RecordCompression.Compress(target, records, output);
        RecordBatchHeader.WriteCompression(output.WrittenSpan, target);
        return output;
    }

    /// <summary>Indexes and retention go by the header's newest timestamp, so a header that lies is put right.</summary>
    private static void CorrectMaxTimestamp(ReadOnlyMemory<byte> batch, TopicConfig config, long maxTimestamp)
    {
        // The broker's own time is stamped on the lane, in the order of the appends.
        if (!config.LogAppendTime && new RecordBatchHeader(batch.Span).MaxTimestamp != maxTimestamp)
        {
            RecordBatchHeader.WriteMaxTimestamp(MemoryMarshal.AsMemory(batch).Span, TimestampType.CreateTime, maxTimestamp);
        }
    }

    private static CompressionType TargetCompression(TopicConfig config, CompressionType own) => config.CompressionType switch
    {
        "uncompressed" => CompressionType.None,
        "gzip" => CompressionType.Gzip,
        "snappy" => CompressionType.Snappy,
        "lz4" => CompressionType.Lz4,
        "zstd" => CompressionType.Zstd,
        _ => own,
    };

    private static ProducedBatchRules Rules(TopicConfig config, long nowMs) => new()
    {
        MaxMessageBytes = config.MaxMessageBytes,
        RequireKeys = config.CleanupCompact,
        // With the broker's own time the producer's does not matter.
        MinTimestamp = config.LogAppendTime || config.MessageTimestampBeforeMaxMs > nowMs
            ? long.MinValue
            : nowMs - config.MessageTimestampBeforeMaxMs,
        MaxTimestamp = config.LogAppendTime || config.MessageTimestampAfterMaxMs > long.MaxValue - nowMs
            ? long.MaxValue
            : nowMs + config.MessageTimestampAfterMaxMs,
    };
}
