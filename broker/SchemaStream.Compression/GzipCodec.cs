using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace SchemaStream.Compression;

/// <summary>RFC 1952, by the framework.</summary>
internal static class GzipCodec
{
    // A ten-byte header and an eight-byte trailer.
    private const int MinBytes = 18;

    /// <summary>What no data compresses to; the framework's stream writes nothing at all for it.</summary>
    private static ReadOnlySpan<byte> EmptyMember => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static unsafe void Decompress(ReadOnlySpan<byte> payload, ref BoundedOutput output)
    {
        if (payload.Length < MinBytes)
        {
            // The framework reads an empty or headless stream as no data; a batch that says gzip has a header.
            throw CompressionException.Corrupt("Gzip", $"{payload.Length} bytes, expected at least {MinBytes}");
        }

        fixed (byte* bytes = payload)
        {
            using var compressed = new UnmanagedMemoryStream(bytes, payload.Length);
            using var gzip = new GZipStream(compressed, CompressionMode.Decompress);
            try
            {
                uint written = 0;
                int read;
                while ((read = gzip.Read(output.NextChunk())) > 0)
                {
                    output.Advance(read);
                    written += (uint)read;
                }

                // The framework takes a stream that ends early for a whole one; the trailer's length tells.
                // Clients write one member a batch, so the last trailer speaks for all of it.
                if (BinaryPrimitives.ReadUInt32LittleEndian(payload[^sizeof(uint)..]) != written)
                {
                    throw CompressionException.Corrupt("Gzip", $"it ends after {written} bytes, its trailer says otherwise");
                }
            }
            catch (InvalidDataException e)
            {
                throw new CompressionException("Gzip: the payload is corrupt", e);
            }
        }
    }

    public static void Compress(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        if (payload.IsEmpty)
        {
            output.Write(EmptyMember);
            return;
        }

        using var gzip = new GZipStream(new BufferWriterStream(output), CompressionLevel.Fastest);
        gzip.Write(payload);
    }

    /// <summary>A write-only stream over a buffer writer: the framework's gzip speaks streams alone.</summary>
    private sealed class BufferWriterStream(IBufferWriter<byte> output) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
            // Nothing is held back here.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
