using System.Buffers;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Compaction;

/// <summary>The codecs that compaction needs to look into batches and to write them again.</summary>
public sealed record RecordCodecs(RecordDecompressor Decompress, RecordCompressor Compress);

/// <summary>
/// Decides batch by batch, in the log's order, what stays, and writes that: superseded records, records of aborted
/// transactions and expired tombstones go, offsets and sequences of what stays are as they were.
/// </summary>
internal sealed class BatchFilter(
    CompactionPlan plan,
    OffsetMap map,
    TransactionSurvey survey,
    RecordCodecs codecs,
    int maxDecompressedBytes,
    long endOffset,
    long nowMs)
{
    private const int LargestVarlong = 10;

    private readonly HashSet<long> _producersWithRecords = [];
    private readonly ArrayBufferWriter<byte> _kept = new();
    private readonly ArrayBufferWriter<byte> _decompressed = new();
    private readonly ArrayBufferWriter<byte> _compressed = new();
    private bool[] _keeps = new bool[64];

    public long RecordsRead { get; private set; }

    public long RecordsKept { get; private set; }

    /// <summary>Whether something was left out or changed since this was last set to false.</summary>
    public bool HasChanged { get; set; }

    /// <summary>Writes what stays of a batch.</summary>
    public void Filter(ReadOnlySpan<byte> batch, ArrayBufferWriter<byte> output)
    {
        var header = new RecordBatchHeader(batch);
        var isDiscardable = header.IsControlBatch ? IsMarkerWithoutRecords(header) : IsAborted(header);
        var hasDeleteHorizonPassed = header.HasDeleteHorizon && header.BaseTimestamp <= nowMs;
        var dropsRecords = isDiscardable && (!header.IsControlBatch || hasDeleteHorizonPassed);
        var staysEmpty = IsLastOfProducer(header);
        RecordsRead += header.RecordCount;
        if (dropsRecords && !staysEmpty)
        {
            HasChanged = true;
            return;
        }

        var records = dropsRecords ? default : Decompressed(header, batch);
        var keptCount = 0;
        var hasTombstones = false;
        if (!dropsRecords)
        {
            keptCount = Weigh(header, records, hasDeleteHorizonPassed, out hasTombstones);
        }

        RecordsKept += keptCount;
        var getsHorizon = (hasTombstones || (isDiscardable && header.IsControlBatch)) && !header.HasDeleteHorizon && keptCount > 0;
        if (keptCount == header.RecordCount && !getsHorizon && (keptCount > 0 || staysEmpty))
        {
            output.Write(batch);
            return;
        }

        HasChanged = true;
        if (keptCount > 0)
        {
            Rewrite(header, batch, records, keptCount, getsHorizon ? nowMs + plan.Config.DeleteRetentionMs : null, output);
        }
        else if (staysEmpty)
        {
            WriteEmpty(batch, output);
        }
    }

    /// <summary>Writes a batch without records, which says its offsets and its producer's sequence.</summary>
    public static void WriteEmpty(ReadOnlySpan<byte> batch, ArrayBufferWriter<byte> output)
    {
        var header = new RecordBatchHeader(batch);
        var emptied = output.GetSpan(RecordBatchHeader.Size)[..RecordBatchHeader.Size];
        batch[..RecordBatchHeader.Size].CopyTo(emptied);
        RecordBatchHeader.WriteCompacted(emptied, recordCount: 0, header.MaxTimestamp, deleteHorizonMs: null);
        output.Advance(RecordBatchHeader.Size);
    }

    /// <summary>Whether no record of the transaction that the marker ended was met: they are gone, and it may go some day.</summary>
    private bool IsMarkerWithoutRecords(RecordBatchHeader header) =>
        header.HasProducerId && !_producersWithRecords.Remove(header.ProducerId);

    private bool IsAborted(RecordBatchHeader header)
    {
        if (header.IsTransactional)
        {
            _producersWithRecords.Add(header.ProducerId);
        }

        return survey.IsAborted(header);
    }

    private bool IsLastOfProducer(RecordBatchHeader header) =>
        header.HasProducerId
        && plan.LastRecords.TryGetValue(header.ProducerId, out var last)
        && (last.LastDataOffset is { } offset
            ? header.LastOffset == offset || header.LastOffset == last.LastCompactedOffset
            : header.IsControlBatch && header.ProducerEpoch == last.ProducerEpoch);

    private ReadOnlySpan<byte> Decompressed(RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        var records = batch[RecordBatchHeader.Size..];
        if (header.Compression == CompressionType.None)
        {
            return records;
        }

        _decompressed.ResetWrittenCount();
        codecs.Decompress(header.Compression, records, _decompressed, maxDecompressedBytes);
        return _decompressed.WrittenSpan;
    }

    private int Weigh(RecordBatchHeader header, ReadOnlySpan<byte> bytes, bool hasDeleteHorizonPassed, out bool hasTombstones)
    {
        var kept = 0;
        hasTombstones = false;
        if (_keeps.Length < header.RecordCount)
        {
            _keeps = new bool[Math.Max(header.RecordCount, 2 * _keeps.Length)];
        }

        var records = new RawRecords(bytes, header.RecordCount);
        for (var i = 0; records.MoveNext(); i++)
        {
            _keeps[i] = header.IsControlBatch || Stays(header.BaseOffset + records.OffsetDelta, records, hasDeleteHorizonPassed);
            if (_keeps[i])
            {
                kept++;
                hasTombstones |= !records.HasValue;
            }
        }

        return kept;
    }

    private bool Stays(long offset, in RawRecords record, bool hasDeleteHorizonPassed)
    {
        if (offset >= endOffset)
        {
            // Not weighed in this round.
            return true;
        }

        // Without a key it can be neither superseded nor found: such a record is of before the topic was a compacted one.
        return record.HasKey && offset >= map.Find(record.Key) && (record.HasValue || !hasDeleteHorizonPassed);
    }

    private void Rewrite(
        RecordBatchHeader header,
        ReadOnlySpan<byte> batch,
        ReadOnlySpan<byte> bytes,
        int keptCount,
        long? deleteHorizonMs,
        ArrayBufferWriter<byte> output)
    {
        _kept.ResetWrittenCount();
        var newest = RecordBatchHeader.NoTimestamp;
        var records = new RawRecords(bytes, header.RecordCount);
        for (var i = 0; records.MoveNext(); i++)
        {
            if (_keeps[i])
            {
                newest = Math.Max(newest, header.BaseTimestamp + records.TimestampDelta);
                Copy(records, deleteHorizonMs is { } horizon ? header.BaseTimestamp - horizon : 0);
            }
        }

        var kept = _kept.WrittenSpan;
        if (header.Compression != CompressionType.None)
        {
            _compressed.ResetWrittenCount();
            codecs.Compress(header.Compression, kept, _compressed);
            kept = _compressed.WrittenSpan;
        }

        var size = RecordBatchHeader.Size + kept.Length;
        var rewritten = output.GetSpan(size)[..size];
        batch[..RecordBatchHeader.Size].CopyTo(rewritten);
        kept.CopyTo(rewritten[RecordBatchHeader.Size..]);
        newest = header.TimestampType == TimestampType.LogAppendTime ? header.MaxTimestamp : newest;
        RecordBatchHeader.WriteCompacted(rewritten, keptCount, newest, deleteHorizonMs);
        output.Advance(size);
    }

    /// <summary>Copies a record, whose timestamp becomes relative to another base if that moved.</summary>
    private void Copy(in RawRecords record, long moved)
    {
        if (moved == 0)
        {
            _kept.Write(record.Bytes);
            return;
        }

        Span<byte> start = stackalloc byte[1 + LargestVarlong];
        start[0] = record.Attributes;
        var startBytes = 1 + RawRecords.WriteVarlong(record.TimestampDelta + moved, start[1..]);
        Span<byte> length = stackalloc byte[LargestVarlong];
        var lengthBytes = RawRecords.WriteVarlong(startBytes + record.AfterTimestamp.Length, length);
        _kept.Write(length[..lengthBytes]);
        _kept.Write(start[..startBytes]);
        _kept.Write(record.AfterTimestamp);
    }
}
