using System.Text;

namespace SchemaStream.Transport.Wire.Producing;

/// <summary>Writes a record's parts into memory whose room was seen to before.</summary>
/// <param name="bytes">The memory.</param>
/// <param name="at">Where to begin.</param>
internal ref struct VarintWriter(Span<byte> bytes, int at)
{
    private readonly Span<byte> _bytes = bytes;
    private int _at = at;

    /// <summary>Where the next part goes.</summary>
    public readonly int Position => _at;

    public void WriteByte(byte value) => _bytes[_at++] = value;

    /// <summary>A zigzag varint.</summary>
    public void Write(int value)
    {
        var raw = (uint)((value << 1) ^ (value >> 31));
        while (raw >= 0x80)
        {
            _bytes[_at++] = (byte)(raw | 0x80);
            raw >>= 7;
        }

        _bytes[_at++] = (byte)raw;
    }

    /// <summary>A zigzag varint of up to ten bytes.</summary>
    public void WriteLong(long value)
    {
        var raw = (ulong)((value << 1) ^ (value >> 63));
        while (raw >= 0x80)
        {
            _bytes[_at++] = (byte)(raw | 0x80);
            raw >>= 7;
        }

        _bytes[_at++] = (byte)raw;
    }

    public void Write(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_bytes[_at..]);
        _at += value.Length;
    }

    /// <summary>A text, its length before it.</summary>
    public void Write(string text)
    {
        Write(Encoding.UTF8.GetByteCount(text));
        _at += Encoding.UTF8.GetBytes(text, _bytes[_at..]);
    }
}
