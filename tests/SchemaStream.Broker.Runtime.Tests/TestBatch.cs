using System.Text;
using SchemaStream.Compression;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Tests;

/// <summary>Batches as producers send them.</summary>
internal static class TestBatch
{
    public static byte[] Of(params string[] values) => Of(CompressionType.None, values);

    public static byte[] Of(CompressionType compression, params string[] values)
    {
        var builder = new RecordBatchBuilder { Compression = compression, Compressor = RecordCompression.Compress };
        foreach (var value in values)
        {
            builder.Add(Now, Encoding.UTF8.GetBytes("key"), Encoding.UTF8.GetBytes(value));
        }

        return builder.Build();
    }

    public static byte[] WithoutKey(string value) => new RecordBatchBuilder().Add(Now, null, Encoding.UTF8.GetBytes(value)).Build();

    public static byte[] At(long timestamp, string value) =>
        new RecordBatchBuilder().Add(timestamp, null, Encoding.UTF8.GetBytes(value)).Build();

    public static byte[] Idempotent(long producerId, int sequence, params string[] values)
    {
        var builder = new RecordBatchBuilder { ProducerId = producerId, ProducerEpoch = 0, BaseSequence = sequence };
        foreach (var value in values)
        {
            builder.Add(Now, null, Encoding.UTF8.GetBytes(value));
        }

        return builder.Build();
    }

    public static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
