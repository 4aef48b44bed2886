using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>
/// What compiled and generated encoders are made of: each method writes at a position and returns the next one. For
/// generated code; a program uses <see cref="AvroSerializer{T}"/>.
/// </summary>
/// <remarks>
/// The position travels in a register instead of a field of a writer: that is what makes compiled code as fast as
/// straight-line code. Methods without a length trust the caller to have checked that there is room
/// (<see cref="RoomOfLong"/> and the like); the others check for themselves and return <see cref="Full"/> when the span ends. The caller then starts
/// again with a larger span, so nothing in between has to grow anything.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static partial class AvroWriter
{
    /// <summary>The position that says: the span is too small.</summary>
    public const int Full = -1;

    /// <summary>Room that an int or an ordinal needs: up to five bytes, written eight at a time.</summary>
    public const int RoomOfInt = 8;

    /// <summary>Room that a long needs.</summary>
    public const int RoomOfLong = 10;

    /// <summary>Room that a decimal in bytes needs.</summary>
    public const int RoomOfDecimal = AvroDecimals.MaxBytes + 2;

    /// <summary>Room that a UUID's text needs.</summary>
    public const int RoomOfGuid = 37;

    private const ulong SevenBits = 0x7f7f7f7f7f7f7f7f;
    private const ulong Continued = 0x0080808080808080;

    /// <summary>A long, or anything that is one on the wire: a zigzag varint. Needs <see cref="RoomOfLong"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteLong(ref byte start, int position, long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        if (zigzag < 0x80)
        {
            Unsafe.Add(ref start, (nint)(uint)position) = (byte)zigzag;
            return position + 1;
        }

        return WriteVarint(ref start, position, zigzag);
    }

    /// <summary>An int or an ordinal: a zigzag varint. Needs <see cref="RoomOfInt"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteInt(ref byte start, int position, int value) => WriteLong(ref start, position, value);

    /// <summary>A boolean: one byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteBoolean(ref byte start, int position, bool value)
    {
        Unsafe.Add(ref start, (nint)(uint)position) = value ? (byte)1 : (byte)0;
        return position + 1;
    }

    /// <summary>A float: four bytes, little-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteFloat(ref byte start, int position, float value) =>
        WriteLittleEndian(ref start, position, BitConverter.SingleToUInt32Bits(value));

    /// <summary>A double: eight bytes, little-endian.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteDouble(ref byte start, int position, double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref start, (nint)(uint)position),
            BitConverter.IsLittleEndian ? bits : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(bits));
        return position + sizeof(ulong);
    }

    /// <summary>One byte that is known when the encoder is compiled: the number of a union's branch, as a rule.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WriteByte(ref byte start, int position, byte value)
    {
        Unsafe.Add(ref start, (nint)(uint)position) = value;
        return position + 1;
    }

    /// <summary>A decimal as bytes: its unscaled value, big-endian, behind the length. Needs <see cref="RoomOfDecimal"/>.</summary>
    public static int WriteDecimal(ref byte start, int position, decimal value, int precision, int scale, string path) =>
        AvroDecimals.TryUnscaleSmall(value, precision, scale, out var small)
            ? AvroDecimals.WriteSmall(ref start, position, small)
            : AvroDecimals.Write(ref start, position, AvroDecimals.Unscaled(value, precision, scale, path));

    /// <summary>A decimal in a fixed of <paramref name="size"/> bytes, sign-extended. Needs that many bytes.</summary>
    public static int WriteDecimalFixed(
        ref byte start, int position, decimal value, int precision, int scale, int size, string path)
    {
        // The precision of a fixed is such that every number of so many digits fits.
        return AvroDecimals.WriteFixed(ref start, position, size, AvroDecimals.Unscaled(value, precision, scale, path));
    }

    /// <summary>A decimal as bytes that say its scale too. Needs <see cref="RoomOfDecimal"/>.</summary>
    public static int WriteBigDecimal(ref byte start, int position, decimal value)
    {
        // At most 13 bytes behind their count, and a scale of one byte: the count of all has one byte too.
        var (unscaled, scale) = AvroDecimals.Parts(value);
        var end = WriteInt(ref start, AvroDecimals.Write(ref start, position + 1, unscaled), scale);
        Unsafe.Add(ref start, position) = (byte)((end - position - 1) << 1);
        return end;
    }

    /// <summary>A <see cref="ulong"/> as a decimal in bytes. Needs <see cref="RoomOfDecimal"/>.</summary>
    public static int WriteUInt64(ref byte start, int position, ulong value, int precision, int scale, string path) =>
        WriteDecimal(ref start, position, value, precision, scale, path);

    /// <summary>A UUID as its 36 lower-case characters.</summary>
    public static int WriteGuid(ref byte start, int position, Guid value)
    {
        const int length = 36;
        Unsafe.Add(ref start, position) = length << 1;
        value.TryFormat(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref start, position + 1), length), out _);
        return position + 1 + length;
    }

    /// <summary>A UUID as its sixteen bytes, most significant first.</summary>
    public static int WriteGuidBytes(ref byte start, int position, Guid value)
    {
        value.TryWriteBytes(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref start, position), 16), bigEndian: true, out _);
        return position + 16;
    }

    /// <summary>A time span as months, days and milliseconds.</summary>
    public static int WriteDuration(ref byte start, int position, TimeSpan value, string path)
    {
        if (value < TimeSpan.Zero || value.Days < 0)
        {
            throw new AvroDataException($"{path}: Avro's duration has no sign, found {value}");
        }

        position = WriteLittleEndian(ref start, position, 0);
        position = WriteLittleEndian(ref start, position, (uint)value.Days);
        return WriteLittleEndian(ref start, position, (uint)(value.Ticks % TimeSpan.TicksPerDay / TimeSpan.TicksPerMillisecond));
    }

    private static int WriteLittleEndian(ref byte start, int position, uint value)
    {
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref start, (nint)(uint)position),
            BitConverter.IsLittleEndian ? value : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value));
        return position + sizeof(uint);
    }

    private static int WriteVarint(ref byte start, int position, ulong value)
    {
        // Up to 56 bits, seven to a byte, in three instructions; what is written beyond the last byte is overwritten later.
        if (Bmi2.X64.IsSupported && value < 1UL << 56)
        {
            var bytes = (70 - BitOperations.LeadingZeroCount(value)) / 7;
            var spread = Bmi2.X64.ParallelBitDeposit(value, SevenBits) | (Continued & ((1UL << ((8 * bytes) - 8)) - 1));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref start, (nint)(uint)position), spread);
            return position + bytes;
        }

        while (value >= 0x80)
        {
            Unsafe.Add(ref start, position++) = (byte)(value | 0x80);
            value >>= 7;
        }

        Unsafe.Add(ref start, position++) = (byte)value;
        return position;
    }

    /// <summary>Refuses values that nest deeper than a reader accepts, and cycles of objects with them.</summary>
    public static void CheckDepth(int depth, string path)
    {
        if (depth > AvroLimits.MaxValueDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new AvroDataException(
                $"{path}: the value nests more than {AvroLimits.MaxValueDepth} levels deep, or refers to itself");
        }
    }

    /// <summary>Refuses a null where the schema has none.</summary>
    public static void ThrowNull(string path) =>
        throw new AvroDataException($"{path}: null where the schema has no null; declare the member nullable if it may be");

    /// <summary>Refuses a value of a type that its union does not have.</summary>
    public static void ThrowNoBranch(string path, object value) =>
        throw new AvroDataException($"{path}: a {value.GetType().Name} is none of the types of its union; name it with [AvroUnion]");

    /// <summary>Refuses a value that is no symbol of an enum's schema; never returns.</summary>
    public static int ThrowUnknownSymbol(string path, string value) =>
        throw new AvroDataException($"{path}: {value} is not a symbol of the enum's schema");
}
