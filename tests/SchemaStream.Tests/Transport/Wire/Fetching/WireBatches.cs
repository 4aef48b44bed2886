using System.Text;
using SchemaStream.Compression;
using SchemaStream.Protocol.Records;
using SchemaStream.Transport;
using SchemaStream.Transport.Wire.Fetching;

namespace SchemaStream.Tests.Transport.Wire.Fetching;

/// <summary>Record batches as brokers send them, and what comes of them.</summary>
internal static class WireBatches
{
    public const long StartTimeMs = 1_700_000_000_000;

    /// <summary>A batch whose values are its offsets.</summary>
    public static byte[] Batch(
        long offset,
        int count,
        Protocol.Records.CompressionType compression = Protocol.Records.CompressionType.None,
        long producerId = -1,
        int leaderEpoch = 0)
    {
        var builder = new RecordBatchBuilder
        {
            BaseOffset = offset,
            PartitionLeaderEpoch = leaderEpoch,
            Compression = compression,
            Compressor = RecordCompression.Compress,
            ProducerId = producerId,
            ProducerEpoch = (short)(producerId < 0 ? -1 : 0),
            BaseSequence = producerId < 0 ? -1 : 0,
            IsTransactional = producerId >= 0,
        };
        for (var index = 0; index < count; index++)
        {
            builder.Add(StartTimeMs + index, Encoding.UTF8.GetBytes("k"), Encoding.UTF8.GetBytes($"{offset + index}"));
        }

        return builder.Build();
    }

    /// <summary>The marker that ends a producer's transaction.</summary>
    public static byte[] Marker(long offset, long producerId, bool isCommit)
    {
        var batch = new EndTransactionMarker(isCommit, 0).ToBatch(producerId, 0, StartTimeMs);
        RecordBatchHeader.WriteBaseOffset(batch, offset);
        return batch;
    }

    public static byte[] Join(params byte[][] batches) => [.. batches.SelectMany(batch => batch)];

    /// <summary>What is handed to the reader of such bytes.</summary>
    public static List<(long Offset, string Value)> Unpack(
        byte[] bytes, long from = 0, FetchSettings? settings = null, params AbortedRange[] aborted)
    {
        var unpacker = new RecordUnpacker(settings ?? new FetchSettings());
        var cursor = new PartitionCursor(new AssignedPartition("notes", 0));
        unpacker.Begin(new FetchedRecords(cursor, bytes, new FetchedMemory([]), [.. aborted]) { Offset = from });
        var records = new List<(long, string)>();
        try
        {
            while (unpacker.TryNext(out var batch))
            {
                for (var index = 0; index < batch.Count; index++)
                {
                    var record = batch.Read(index);
                    records.Add((record.Offset, Encoding.UTF8.GetString(record.Value)));
                }

                batch.Dispose();
            }
        }
        finally
        {
            unpacker.Drop();
        }

        return records;
    }
}
