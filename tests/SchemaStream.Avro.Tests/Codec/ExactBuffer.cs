using System.Buffers;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Gives spans of exactly the size asked for, which no pool does.</summary>
internal sealed class ExactBuffer : IBufferWriter<byte>
{
    private byte[] _last = [];

    public byte[] Written { get; private set; } = [];

    public void Advance(int count) => Written = [.. Written, .. _last.AsSpan(0, count)];

    public Memory<byte> GetMemory(int sizeHint = 0) => _last = new byte[sizeHint];

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
