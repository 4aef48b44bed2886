using System.Buffers.Binary;
using System.Text;

namespace SchemaStream.Bench.Serialization.HandWritten;

/// <summary>The pieces of straight-line code that a careful developer writes for one schema: no reflection, no interfaces.</summary>
internal static class SpanWriter
{
    /// <summary>A length below this takes one byte.</summary>
    private const int ShortText = 64;

    public static int Long(Span<byte> output, int position, long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        while (zigzag >= 0x80)
        {
            output[position++] = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }

        output[position++] = (byte)zigzag;
        return position;
    }

    public static int Text(Span<byte> output, int position, string value)
    {
        if (value.Length < ShortText)
        {
            // Nearly always ASCII, so the length is known to take one byte before the text is written behind it.
            var written = Encoding.UTF8.GetBytes(value, output[(position + 1)..]);
            if (written < ShortText)
            {
                output[position] = (byte)(written << 1);
                return position + 1 + written;
            }
        }

        position = Long(output, position, Encoding.UTF8.GetByteCount(value));
        return position + Encoding.UTF8.GetBytes(value, output[position..]);
    }

    public static int NullableText(Span<byte> output, int position, string? value)
    {
        if (value is null)
        {
            output[position] = 0;
            return position + 1;
        }

        output[position] = 2;
        return Text(output, position + 1, value);
    }

    public static int Double(Span<byte> output, int position, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(output[position..], value);
        return position + sizeof(double);
    }

    public static int Float(Span<byte> output, int position, float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(output[position..], value);
        return position + sizeof(float);
    }

    public static int Boolean(Span<byte> output, int position, bool value)
    {
        output[position] = value ? (byte)1 : (byte)0;
        return position + 1;
    }

    public static int Uuid(Span<byte> output, int position, Guid value)
    {
        output[position] = 72;
        value.TryFormat(output.Slice(position + 1, 36), out _);
        return position + 37;
    }

    public static int Instant(Span<byte> output, int position, DateTimeOffset value) =>
        Long(output, position, (value.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    /// <summary>A decimal of scale 2 whose unscaled value fits 64 bits.</summary>
    public static int Money(Span<byte> output, int position, decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var unscaled = (long)((uint)bits[0] | ((ulong)(uint)bits[1] << 32));
        for (var scale = (bits[3] >> 16) & 0xFF; scale < 2; scale++)
        {
            unscaled *= 10;
        }

        unscaled = bits[3] < 0 ? -unscaled : unscaled;
        var size = 1;
        while (size < sizeof(long) && unscaled >> (8 * size - 1) is not (0 or -1))
        {
            size++;
        }

        output[position++] = (byte)(size << 1);
        for (var i = size - 1; i >= 0; i--)
        {
            output[position++] = (byte)(unscaled >> (8 * i));
        }

        return position;
    }
}
