using System.Buffers;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Compression;

/// <summary>Compresses and decompresses the records part of a record batch, as Kafka's clients do.</summary>
public static class RecordCompression
{
    /// <summary>Appends the decompressed payload to <paramref name="output"/>.</summary>
    /// <param name="type">The batch's codec; <see cref="CompressionType.None"/> copies.</param>
    /// <param name="payload">The records part of one batch.</param>
    /// <param name="output">Receives at most <paramref name="maxBytes"/>.</param>
    /// <param name="maxBytes">The bound: a small payload can claim to hold gigabytes.</param>
    /// <exception cref="CompressionException">The payload is corrupt, larger than the bound, or the codec's library is missing.</exception>
    public static void Decompress(CompressionType type, ReadOnlySpan<byte> payload, IBufferWriter<byte> output, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        var sink = new BoundedOutput(output, type, maxBytes);
        switch (type)
        {
            case CompressionType.None:
                sink.Write(payload);
                break;
            case CompressionType.Gzip:
                GzipCodec.Decompress(payload, ref sink);
                break;
            case CompressionType.Snappy:
                SnappyCodec.Decompress(payload, ref sink);
                break;
            case CompressionType.Lz4:
                Lz4Codec.Decompress(payload, ref sink);
                break;
            case CompressionType.Zstd:
                ZstdCodec.Decompress(payload, ref sink);
                break;
            default:
                throw new CompressionException($"compression type {(int)type} is unknown; expected 0 to 4");
        }
    }

    /// <summary>Appends the compressed payload to <paramref name="output"/>.</summary>
    /// <param name="type">The codec; <see cref="CompressionType.None"/> copies.</param>
    /// <param name="payload">The records part of one batch.</param>
    /// <param name="output">Receives the compressed bytes.</param>
    /// <exception cref="CompressionException">The codec's library is missing.</exception>
    public static void Compress(CompressionType type, ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        switch (type)
        {
            case CompressionType.None:
                output.Write(payload);
                break;
            case CompressionType.Gzip:
                GzipCodec.Compress(payload, output);
                break;
            case CompressionType.Snappy:
                SnappyCodec.Compress(payload, output);
                break;
            case CompressionType.Lz4:
                Lz4Codec.Compress(payload, output);
                break;
            case CompressionType.Zstd:
                ZstdCodec.Compress(payload, output);
                break;
            default:
                throw new CompressionException($"compression type {(int)type} is unknown; expected 0 to 4");
        }
    }
}
