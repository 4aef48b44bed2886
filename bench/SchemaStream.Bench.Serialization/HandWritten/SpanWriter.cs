using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace SchemaStream.Bench.Serialization.HandWritten;

/// <summary>
/// The pieces of straight-line code that a developer who counts nanoseconds writes for one schema: no reflection, no
/// interfaces, short texts narrowed eight characters at a time. It is the limit that serializers are held against.
/// </summary>
internal static class SpanWriter
{
    /// <summary>A length below this takes one byte.</summary>
    private const int ShortText = 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Long(Span<byte> output, int position, long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        if (zigzag < 0x80)
        {
            output[position] = (byte)zigzag;
            return position + 1;
        }

        return LongerLong(output, position, zigzag);
    }

    public static int Text(Span<byte> output, int position, string value)
    {
        if (value.Length < ShortText && output.Length - position > ShortText && Narrow(value, output[(position + 1)..]))
        {
            // Nearly always ASCII, so the length is known to take one byte before the text is written behind it.
            output[position] = (byte)(value.Length << 1);
            return position + 1 + value.Length;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Double(Span<byte> output, int position, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(output[position..], value);
        return position + sizeof(double);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Float(Span<byte> output, int position, float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(output[position..], value);
        return position + sizeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        var bits = Unsafe.BitCast<decimal, DecimalBits>(value);
        var scale = (bits.Flags >> 16) & 0xFF;
        var unscaled = (long)bits.Low;
        for (; scale < 2; scale++)
        {
            unscaled *= 10;
        }

        unscaled = bits.Flags < 0 ? -unscaled : unscaled;
        var size = (72 - BitOperations.LeadingZeroCount((ulong)(unscaled ^ (unscaled >> 63)))) >> 3;
        output[position++] = (byte)(size << 1);
        BinaryPrimitives.WriteInt64BigEndian(output[position..], unscaled << (64 - (8 * size)));
        return position + size;
    }

    /// <summary>How a decimal lies in memory, in this process and in interop.</summary>
    private readonly record struct DecimalBits(int Flags, uint High, ulong Low);

    private static int LongerLong(Span<byte> output, int position, ulong zigzag)
    {
        while (zigzag >= 0x80)
        {
            output[position++] = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }

        output[position++] = (byte)zigzag;
        return position;
    }

    /// <summary>Characters to bytes as long as all are ASCII; the target is known to have room.</summary>
    private static bool Narrow(string text, Span<byte> output)
    {
        ref var source = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text.AsSpan()));
        ref var target = ref MemoryMarshal.GetReference(output);
        if (text.Length < Vector128<ushort>.Count)
        {
            var each = 0;
            for (var i = 0; i < text.Length; i++)
            {
                each |= text[i];
                Unsafe.Add(ref target, i) = (byte)text[i];
            }

            return each < 0x80;
        }

        var last = (nuint)(text.Length - Vector128<ushort>.Count);
        var seen = Vector128<ushort>.Zero;
        for (nuint i = 0; i < last; i += (nuint)Vector128<ushort>.Count)
        {
            seen |= NarrowEight(ref source, ref target, i);
        }

        seen |= NarrowEight(ref source, ref target, last);
        return (seen & Vector128.Create((ushort)0xff80)) == Vector128<ushort>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> NarrowEight(ref ushort source, ref byte target, nuint index)
    {
        var characters = Vector128.LoadUnsafe(ref source, index);
        Vector128.Narrow(characters, characters).GetLower().StoreUnsafe(ref target, index);
        return characters;
    }
}
