using System.Buffers;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Compression;

/// <summary>An output that refuses to grow past its bound.</summary>
internal ref struct BoundedOutput(IBufferWriter<byte> output, CompressionType type, int maxBytes)
{
    private const int ChunkBytes = 64 * 1024;

    private int _remaining = maxBytes;

    public int MaxBytes { get; } = maxBytes;

    /// <summary>Room for the next chunk; at least one byte, so that a codec with more to say is caught by <see cref="Advance"/>.</summary>
    public readonly Span<byte> NextChunk() => output.GetSpan(Math.Clamp(_remaining, 1, ChunkBytes));

    public void Advance(int bytes)
    {
        if (bytes > _remaining)
        {
            throw CompressionException.TooLarge(type.ToString(), MaxBytes);
        }

        output.Advance(bytes);
        _remaining -= bytes;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        output.Write(bytes);
        _remaining -= bytes.Length;
    }

    /// <summary>Refuses a length that is declared but not yet produced, before anything is allocated for it.</summary>
    public readonly void Reserve(long bytes)
    {
        if (bytes > _remaining)
        {
            throw CompressionException.TooLarge(type.ToString(), MaxBytes);
        }
    }
}
