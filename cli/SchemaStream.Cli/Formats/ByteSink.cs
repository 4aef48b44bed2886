using System.Buffers.Binary;
using System.Text;

namespace SchemaStream.Cli.Formats;

/// <summary>Bytes that are being written, the last of which can be taken back.</summary>
internal sealed class ByteSink
{
    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public void Clear() => Length = 0;

    /// <summary>Forgets what was written after a place.</summary>
    public void CutBackTo(int length) => Length = Math.Min(Length, length);

    public byte[] ToArray() => _bytes.AsSpan(0, Length).ToArray();

    public void Add(byte value) => Take(1)[0] = value;

    public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>A varint of seven bits a byte, the low ones first.</summary>
    public void AddVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Add((byte)(value | 0x80));
        }

        Add((byte)value);
    }

    /// <summary>A signed number, small ones in few bytes.</summary>
    public void AddZigzag(long value) => AddVarint((ulong)((value << 1) ^ (value >> 63)));

    public void AddFixed32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void AddFixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    public void AddText(string text) => Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetByteCount(text)));

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(Length + count)));
        }

        var taken = _bytes.AsSpan(Length, count);
        Length += count;
        return taken;
    }
}
