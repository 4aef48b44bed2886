using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace SchemaStream.Bench.Serialization.HandWritten;

/// <summary>The counterpart of <see cref="SpanWriter"/>: bounds are checked by the span, nothing else is.</summary>
internal static class SpanReader
{
    public static long Long(ReadOnlySpan<byte> input, ref int position)
    {
        ulong value = 0;
        var shift = 0;
        byte next;
        do
        {
            next = input[position++];
            value |= (ulong)(next & 0x7f) << shift;
            shift += 7;
        }
        while (next >= 0x80);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public static string Text(ReadOnlySpan<byte> input, ref int position)
    {
        var length = (int)Long(input, ref position);
        var text = Encoding.UTF8.GetString(input.Slice(position, length));
        position += length;
        return text;
    }

    public static string? NullableText(ReadOnlySpan<byte> input, ref int position) =>
        Long(input, ref position) == 0 ? null : Text(input, ref position);

    public static double Double(ReadOnlySpan<byte> input, ref int position)
    {
        var value = BinaryPrimitives.ReadDoubleLittleEndian(input[position..]);
        position += sizeof(double);
        return value;
    }

    public static float Float(ReadOnlySpan<byte> input, ref int position)
    {
        var value = BinaryPrimitives.ReadSingleLittleEndian(input[position..]);
        position += sizeof(float);
        return value;
    }

    public static bool Boolean(ReadOnlySpan<byte> input, ref int position) => input[position++] != 0;

    public static Guid Uuid(ReadOnlySpan<byte> input, ref int position)
    {
        var length = (int)Long(input, ref position);
        var text = input.Slice(position, length);
        position += length;
        return Utf8Parser.TryParse(text, out Guid value, out _) ? value : throw new FormatException("not a UUID");
    }

    public static DateTimeOffset Instant(ReadOnlySpan<byte> input, ref int position) =>
        new((Long(input, ref position) * TimeSpan.TicksPerMicrosecond) + DateTime.UnixEpoch.Ticks, TimeSpan.Zero);

    public static decimal Money(ReadOnlySpan<byte> input, ref int position)
    {
        var length = (int)Long(input, ref position);
        long unscaled = (sbyte)input[position];
        for (var i = 1; i < length; i++)
        {
            unscaled = (unscaled << 8) | input[position + i];
        }

        position += length;
        var magnitude = (ulong)Math.Abs(unscaled);
        return new decimal((int)magnitude, (int)(magnitude >> 32), 0, unscaled < 0, 2);
    }
}
