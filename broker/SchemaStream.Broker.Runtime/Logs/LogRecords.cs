using System.Buffers;
using SchemaStream.Compression;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Logs;

/// <summary>A record of one of the broker's own logs, as memory of its own.</summary>
/// <param name="ProducerId">In whose transaction it was written; -1 outside of one.</param>
/// <param name="Ends">Not a record but the marker that ended the producer's transaction: true for a commit.</param>
internal readonly record struct LogRecord(
    long Offset, ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value, long ProducerId = -1, bool? Ends = null);

/// <summary>Takes the records out of batches of the broker's own logs. Not for the way of clients' records.</summary>
internal static class LogRecords
{
    /// <summary>How much of a log is read at a time while it is loaded.</summary>
    public const int ChunkBytes = 1024 * 1024;

    private const int LargestUnpackedBytes = 128 * 1024 * 1024;

    /// <summary>Typed, because a bare null beside bytes would become empty bytes, and a tombstone a broken record.</summary>
    private static ReadOnlyMemory<byte>? Nothing => null;

    /// <summary>All records of the batches from an offset on, and the markers of transactions; no other control records.</summary>
    /// <returns>The offset behind the last batch.</returns>
    public static long Read(ReadOnlyMemory<byte> batches, long fromOffset, ICollection<LogRecord> records)
    {
        var nextOffset = fromOffset;
        foreach (var batch in RecordBatches.Split(batches))
        {
            nextOffset = batch.Header.NextOffset;
            if (!batch.Header.IsControlBatch)
            {
                Read(batch, fromOffset, records);
            }
            else if (batch.Header.HasProducerId && EndTransactionMarker.TryRead(batch.Memory.Span, out var marker))
            {
                records.Add(new LogRecord(batch.Header.BaseOffset, null, null, batch.Header.ProducerId, marker.IsCommit));
            }
        }

        return nextOffset;
    }

    private static void Read(RecordBatch batch, long fromOffset, ICollection<LogRecord> records)
    {
        var header = batch.Header;
        var bytes = batch.Records.Span;
        if (header.Compression != CompressionType.None)
        {
            var unpacked = new ArrayBufferWriter<byte>();
            RecordCompression.Decompress(header.Compression, bytes, unpacked, LargestUnpackedBytes);
            bytes = unpacked.WrittenSpan;
        }

        foreach (var record in new RecordBatchReader(header, bytes))
        {
            if (record.Offset >= fromOffset)
            {
                records.Add(new LogRecord(
                    record.Offset,
                    record.HasKey ? new ReadOnlyMemory<byte>(record.Key.ToArray()) : Nothing,
                    record.HasValue ? new ReadOnlyMemory<byte>(record.Value.ToArray()) : Nothing,
                    header.IsTransactional ? header.ProducerId : -1));
            }
        }
    }
}
