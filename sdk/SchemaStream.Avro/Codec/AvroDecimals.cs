using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SchemaStream.Avro.Codec;

/// <summary>.NET's decimals as Avro's unscaled big-endian two's-complement integers, and back.</summary>
internal static class AvroDecimals
{
    /// <summary>The most bytes that a decimal of .NET takes: 97 bits and a sign.</summary>
    public const int MaxBytes = 16;

    /// <summary>The most fractional digits that a decimal of .NET has.</summary>
    public const int MaxScale = 28;

    /// <summary>The most digits that 127 bits always hold.</summary>
    public const int MaxPrecision = 38;

    /// <summary>Digits after the point that a payload may say of itself: more than that are no number that someone wrote.</summary>
    private const int MaxOwnScale = 1000;

    /// <summary>A decimal lies in memory as it does in interop; should that ever change, the slower way is taken.</summary>
    private static readonly bool IsLayoutKnown =
        Unsafe.BitCast<decimal, DecimalParts>(new decimal(1, 2, 3, true, 4)) == new DecimalParts((4 << 16) | int.MinValue, 3, 1 | (2UL << 32));

    /// <summary>The most digits that every number of 64 bits with a sign has room for.</summary>
    private const int SmallDigits = 18;

    private static readonly BigInteger MaxMagnitude = (BigInteger)decimal.MaxValue;

    private static readonly UInt128[] PowersOfTen = MakePowers();

    private static readonly ulong[] SmallPowersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    /// <summary>The unscaled value where all of it is 64-bit arithmetic, as it is for nearly every price; false for any other, right or wrong.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryUnscaleSmall(decimal value, int precision, int scale, out long unscaled)
    {
        unscaled = 0;
        if (!IsLayoutKnown)
        {
            return false;
        }

        var parts = Unsafe.BitCast<decimal, DecimalParts>(value);
        var shift = scale - ((parts.Flags >> 16) & 0xFF);
        if (parts.High != 0 || (uint)shift > SmallDigits)
        {
            return false;
        }

        var magnitude = parts.Low;
        if (shift != 0)
        {
            var high = Math.BigMul(magnitude, SmallPowersOfTen[shift], out magnitude);
            if (high != 0)
            {
                return false;
            }
        }

        if (magnitude >= SmallPowersOfTen[Math.Min(precision, SmallDigits)])
        {
            return false;
        }

        unscaled = parts.Flags < 0 ? -(long)magnitude : (long)magnitude;
        return true;
    }

    /// <summary>The value times ten to the scale; refused when that is no whole number of at most <paramref name="precision"/> digits.</summary>
    public static Int128 Unscaled(decimal value, int precision, int scale, string path)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var low = (uint)parts[0] | ((ulong)(uint)parts[1] << 32);
        UInt128 magnitude = new((uint)parts[2], low);
        var shift = scale - ((parts[3] >> 16) & 0xFF);
        if (shift > 0)
        {
            magnitude = magnitude <= ulong.MaxValue && shift < 20
                ? Product((ulong)magnitude, (ulong)PowersOfTen[shift])
                : Scaled(magnitude, shift, value, path);
        }
        else if (shift < 0)
        {
            magnitude = Exact(magnitude, -shift, scale, value, path);
        }

        // 38 digits are also what 127 bits hold.
        if (magnitude >= PowersOfTen[Math.Min(precision, MaxPrecision)])
        {
            throw new AvroDataException($"{path}: {value} has more than {precision - scale} digits before the point; give the member others with [AvroDecimal]");
        }

        return parts[3] < 0 ? -(Int128)magnitude : (Int128)magnitude;
    }

    /// <summary>The decimal of an unscaled value.</summary>
    public static decimal Scale(ReadOnlySpan<byte> unscaled, int scale, bool keepScale)
    {
        if (unscaled.Length <= sizeof(long) && scale <= MaxScale)
        {
            var small = ReadSmall(unscaled);
            var magnitude = small < 0 ? (ulong)-small : (ulong)small;
            if (!keepScale)
            {
                (magnitude, scale) = WithoutTrailingZeros(magnitude, scale);
            }

            return new decimal((int)magnitude, (int)(magnitude >> 32), 0, small < 0, (byte)scale);
        }

        return ScaleLarge(unscaled, scale, keepScale);
    }

    /// <summary>The decimal that another library keeps as an unscaled value and a scale.</summary>
    public static decimal FromUnscaled(BigInteger unscaled, int scale) =>
        ScaleLarge(unscaled.ToByteArray(isUnsigned: false, isBigEndian: true), scale, keepScale: true);

    /// <summary>The whole number of an unscaled value of scale 0.</summary>
    public static ulong ToUInt64(ReadOnlySpan<byte> unscaled, int scale) => ToUInt64(ScaleLarge(unscaled, scale, keepScale: false));

    /// <summary>A decimal without a fraction as a whole number.</summary>
    public static ulong ToUInt64(decimal value) => value >= 0 && value <= ulong.MaxValue && decimal.IsInteger(value)
        ? (ulong)value
        : throw new AvroDataException($"{value} is not a whole number from 0 to {ulong.MaxValue}", isAfterValue: true);

    /// <summary>The decimal of an unscaled value whose scale comes with it, and may be negative.</summary>
    public static decimal ScaleBy(ReadOnlySpan<byte> unscaled, int scale)
    {
        if (scale is >= 0 and <= MaxOwnScale)
        {
            return Scale(unscaled, scale, keepScale: true);
        }

        var value = new BigInteger(unscaled, isUnsigned: false, isBigEndian: true);
        if (value.IsZero)
        {
            return 0;
        }

        return scale is < 0 and >= -MaxScale && BigInteger.Abs(value) <= MaxMagnitude / BigInteger.Pow(10, -scale)
            ? (decimal)(value * BigInteger.Pow(10, -scale))
            : throw TooManyDigits();
    }

    private static AvroDataException TooManyDigits() => new("the decimal has more digits than a C# decimal holds", isAfterValue: true);

    private static decimal ScaleLarge(ReadOnlySpan<byte> unscaled, int scale, bool keepScale)
    {
        var value = new BigInteger(unscaled, isUnsigned: false, isBigEndian: true);
        var magnitude = BigInteger.Abs(value);
        if (magnitude.GetBitLength() > 96 + (4L * scale))
        {
            // Not all of it can be after the point, so it need not be divided to know.
            throw TooManyDigits();
        }

        while (scale > MaxScale || !keepScale || magnitude.GetBitLength() > 96)
        {
            var (quotient, remainder) = BigInteger.DivRem(magnitude, 10);
            if (scale == 0 || !remainder.IsZero || magnitude.IsZero)
            {
                break;
            }

            (magnitude, scale) = (quotient, scale - 1);
        }

        if (magnitude.IsZero)
        {
            return new decimal(0, 0, 0, false, (byte)(keepScale ? Math.Min(scale, MaxScale) : 0));
        }

        if (scale > MaxScale || magnitude.GetBitLength() > 96)
        {
            throw TooManyDigits();
        }

        var bits = (UInt128)magnitude;
        return new decimal((int)(uint)bits, (int)(uint)(bits >> 32), (int)(uint)(bits >> 64), value.Sign < 0, (byte)scale);
    }

    private static long ReadSmall(ReadOnlySpan<byte> unscaled)
    {
        if (unscaled.IsEmpty)
        {
            return 0;
        }

        long value = (sbyte)unscaled[0];
        for (var i = 1; i < unscaled.Length; i++)
        {
            value = (value << 8) | unscaled[i];
        }

        return value;
    }

    private static (ulong Magnitude, int Scale) WithoutTrailingZeros(ulong magnitude, int scale)
    {
        if (magnitude == 0)
        {
            return (0, 0);
        }

        while (scale >= 8 && magnitude % 100_000_000 == 0)
        {
            (magnitude, scale) = (magnitude / 100_000_000, scale - 8);
        }

        if (scale >= 4 && magnitude % 10_000 == 0)
        {
            (magnitude, scale) = (magnitude / 10_000, scale - 4);
        }

        if (scale >= 2 && magnitude % 100 == 0)
        {
            (magnitude, scale) = (magnitude / 100, scale - 2);
        }

        while (scale >= 1 && magnitude % 10 == 0)
        {
            (magnitude, scale) = (magnitude / 10, scale - 1);
        }

        return (magnitude, scale);
    }

    /// <summary>The digits of a value as one whole number, and how many of them are after the point.</summary>
    public static (Int128 Unscaled, int Scale) Parts(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var magnitude = (Int128)new UInt128((uint)parts[2], (uint)parts[0] | ((ulong)(uint)parts[1] << 32));
        return (parts[3] < 0 ? -magnitude : magnitude, (parts[3] >> 16) & 0xFF);
    }

    /// <summary>Appends the fewest bytes that hold a value, behind their count. Needs room for 18 bytes.</summary>
    public static int Write(ref byte start, int position, Int128 value)
    {
        var small = (long)value;
        if (small == value)
        {
            return WriteSmall(ref start, position, small);
        }

        var bytes = 16;
        while (bytes > 9 && value >> ((8 * bytes) - 9) is var top && (top == 0 || top == -1))
        {
            bytes--;
        }

        Unsafe.Add(ref start, position++) = (byte)(bytes << 1);
        return WriteFixed(ref start, position, bytes, value);
    }

    /// <summary>Appends the fewest bytes that hold a value, behind their count. Needs room for 9 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteSmall(ref byte start, int position, long value)
    {
        var count = BytesOf(value);
        Unsafe.Add(ref start, position) = (byte)(count << 1);
        var shifted = value << (64 - (8 * count));
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref start, position + 1),
            BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(shifted) : shifted);
        return position + 1 + count;
    }

    /// <summary>Writes exactly <paramref name="size"/> bytes, sign-extended. The value is known to fit.</summary>
    public static int WriteFixed(ref byte start, int position, int size, Int128 value)
    {
        for (var i = size - 1; i >= 0; i--)
        {
            Unsafe.Add(ref start, position + i) = (byte)value;
            value >>= 8;
        }

        return position + size;
    }

    private static int BytesOf(long value)
    {
        // One bit of sign besides the bits that differ from it.
        var bits = 65 - BitOperations.LeadingZeroCount((ulong)(value ^ (value >> 63)));
        return (bits + 7) >> 3;
    }

    private readonly record struct DecimalParts(int Flags, uint High, ulong Low);

    private static UInt128 Product(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return new UInt128(high, low);
    }

    private static UInt128 Scaled(UInt128 magnitude, int shift, decimal value, string path) =>
        magnitude <= UInt128.MaxValue / 10 / PowersOfTen[shift]
            ? magnitude * PowersOfTen[shift]
            : throw new AvroDataException($"{path}: {value} has too many digits before the point; give the member others with [AvroDecimal]");

    private static UInt128 Exact(UInt128 magnitude, int shift, int scale, decimal value, string path)
    {
        var (quotient, remainder) = UInt128.DivRem(magnitude, PowersOfTen[shift]);
        return remainder == 0
            ? quotient
            : throw new AvroDataException(
                $"{path}: {value} has more than {scale} digits after the point; round it, or give the member more with [AvroDecimal]");
    }

    private static UInt128[] MakePowers()
    {
        var powers = new UInt128[MaxPrecision + 1];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
