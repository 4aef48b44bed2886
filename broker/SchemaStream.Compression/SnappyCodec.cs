using System.Buffers;
using System.Buffers.Binary;
using IronSnappy;

namespace SchemaStream.Compression;

/// <summary>
/// Snappy in both shapes that Kafka's clients write: one bare block (librdkafka), or xerial's stream of blocks
/// (Java, and what this codec writes): magic, version, lowest compatible version, then length-prefixed blocks.
/// </summary>
internal static class SnappyCodec
{
    private const int HeaderBytes = 16;
    private const int BlockBytes = 32 * 1024;

    private static ReadOnlySpan<byte> XerialMagic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    public static void Decompress(ReadOnlySpan<byte> payload, ref BoundedOutput output)
    {
        if (!payload.StartsWith(XerialMagic))
        {
            DecompressBlock(payload, ref output);
            return;
        }

        if (payload.Length < HeaderBytes)
        {
            throw CompressionException.Corrupt("Snappy", "the stream header is cut short");
        }

        for (var rest = payload[HeaderBytes..]; rest.Length > 0;)
        {
            if (rest.Length < sizeof(int))
            {
                throw CompressionException.Corrupt("Snappy", "a block length is cut short");
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            rest = rest[sizeof(int)..];
            if (length < 0 || length > rest.Length)
            {
                throw CompressionException.Corrupt("Snappy", $"a block says {length} bytes, {rest.Length} are left");
            }

            DecompressBlock(rest[..length], ref output);
            rest = rest[length..];
        }
    }

    public static void Compress(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        var header = output.GetSpan(HeaderBytes);
        XerialMagic.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], 1);
        BinaryPrimitives.WriteInt32BigEndian(header[12..], 1);
        output.Advance(HeaderBytes);
        while (payload.Length > 0)
        {
            var block = Snappy.Encode(payload[..Math.Min(payload.Length, BlockBytes)]);
            BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), block.Length);
            output.Advance(sizeof(int));
            output.Write(block);
            payload = payload[Math.Min(payload.Length, BlockBytes)..];
        }
    }

    private static void DecompressBlock(ReadOnlySpan<byte> block, ref BoundedOutput output)
    {
        output.Reserve(DeclaredLength(block));
        byte[] decoded;
        try
        {
            decoded = Snappy.Decode(block);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ArgumentException or IndexOutOfRangeException)
        {
            throw new CompressionException("Snappy: the payload is corrupt", e);
        }

        output.Write(decoded);
    }

    /// <summary>The block's preamble: its decompressed length as an unsigned varint of at most 32 bits.</summary>
    private static long DeclaredLength(ReadOnlySpan<byte> block)
    {
        long length = 0;
        for (var i = 0; i < 5 && i < block.Length; i++)
        {
            length |= (long)(block[i] & 0x7f) << (7 * i);
            if (block[i] < 0x80)
            {
                return length;
            }
        }

        throw CompressionException.Corrupt("Snappy", "a block has no length");
    }
}
