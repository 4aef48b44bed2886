using System.Buffers.Binary;

namespace SchemaStream.Bench.Cluster.Wire;

/// <summary>The fetch offset in an encoded request, so that the next fetch is the same bytes but for it.</summary>
internal sealed class OffsetInFrame
{
    private readonly byte[] _frame;
    private readonly int _position;
    private long _offset;

    public OffsetInFrame(byte[] frame, long offset)
    {
        Span<byte> wanted = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(wanted, offset);
        (_frame, _offset, _position) = (frame, offset, frame.AsSpan().LastIndexOf(wanted));
        if (_position < 0)
        {
            throw new ArgumentException($"The frame has no offset {offset}", nameof(frame));
        }
    }

    public void Advance(int records)
    {
        _offset += records;
        BinaryPrimitives.WriteInt64BigEndian(_frame.AsSpan(_position), _offset);
    }
}
