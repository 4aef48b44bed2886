using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace SchemaStream.Avro.Codec;

/// <content>Strings and bytes: their length comes before them, and is known only after them.</content>
public static partial class AvroWriter
{
    /// <summary>Up to so many characters, a text of ASCII has a length of one byte.</summary>
    private const int ShortText = 63;

    private const int MaxLengthBytes = 5;
    private const int MaxBytesPerChar = 3;

    /// <summary>A string: its UTF-8 behind its length. Checks the room itself; null and half surrogate pairs are refused.</summary>
    public static int WriteString(ref byte start, int position, int length, string value, string path)
    {
        if (value is null)
        {
            ThrowNull(path);
        }

        var count = value!.Length;

        // Almost all texts are short and ASCII: they are narrowed as they are checked, eight characters at a time.
        if (count <= ShortText && length - position > ShortText)
        {
            ref var source = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(value.AsSpan()));
            ref var target = ref Unsafe.Add(ref start, (nint)(uint)position + 1);
            if (count >= Vector128<ushort>.Count ? Narrow(ref source, ref target, count) : NarrowFew(ref source, ref target, count))
            {
                Unsafe.Add(ref start, (nint)(uint)position) = (byte)(count << 1);
                return position + 1 + count;
            }
        }

        return WriteLongerString(ref start, position, length, value, path);
    }

    /// <summary>A string, or null as the other branch of a union of two.</summary>
    public static int WriteNullableString(
        ref byte start, int position, int length, string? value, byte nullBranch, byte valueBranch, string path)
    {
        if (length - position < 1)
        {
            return Full;
        }

        if (value is null)
        {
            return WriteByte(ref start, position, nullBranch);
        }

        return WriteString(ref start, WriteByte(ref start, position, valueBranch), length, value, path);
    }

    /// <summary>Bytes behind their length. Checks the room itself.</summary>
    public static int WriteBytes(ref byte start, int position, int length, ReadOnlySpan<byte> value)
    {
        if ((long)length - position < (long)value.Length + RoomOfLong)
        {
            return Full;
        }

        position = WriteInt(ref start, position, value.Length);
        return Copy(ref start, position, value);
    }

    /// <summary>An array of bytes behind its length. Checks the room itself; null is refused.</summary>
    public static int WriteByteArray(ref byte start, int position, int length, byte[] value, string path)
    {
        if (value is null)
        {
            ThrowNull(path);
        }

        return WriteBytes(ref start, position, length, value);
    }

    /// <summary>A memory of bytes behind its length. Checks the room itself.</summary>
    public static int WriteMemory(ref byte start, int position, int length, ReadOnlyMemory<byte> value, string path) =>
        WriteBytes(ref start, position, length, value.Span);

    /// <summary>Exactly <paramref name="size"/> bytes. Checks the room itself; another length is refused.</summary>
    public static int WriteFixed(ref byte start, int position, int length, ReadOnlySpan<byte> value, int size, string path)
    {
        if (value.Length != size)
        {
            throw new AvroDataException($"{path}: the schema has exactly {size} bytes, found {value.Length}");
        }

        return length - position < size ? Full : Copy(ref start, position, value);
    }

    /// <summary>Exactly <paramref name="size"/> bytes of an array. Checks the room itself; null or another length is refused.</summary>
    public static int WriteFixedArray(ref byte start, int position, int length, byte[] value, int size, string path)
    {
        if (value is null)
        {
            ThrowNull(path);
        }

        return WriteFixed(ref start, position, length, value, size, path);
    }

    /// <summary>Exactly <paramref name="size"/> bytes of a memory. Checks the room itself; another length is refused.</summary>
    public static int WriteFixedMemory(ref byte start, int position, int length, ReadOnlyMemory<byte> value, int size, string path) =>
        WriteFixed(ref start, position, length, value.Span, size, path);

    private static bool Narrow(ref ushort source, ref byte target, int count)
    {
        var last = (nuint)(count - Vector128<ushort>.Count);
        var seen = Vector128<ushort>.Zero;
        for (nuint i = 0; i < last; i += (nuint)Vector128<ushort>.Count)
        {
            var characters = Vector128.LoadUnsafe(ref source, i);
            seen |= characters;
            Vector128.Narrow(characters, characters).GetLower().StoreUnsafe(ref target, i);
        }

        // The last eight may overlap those before them.
        var rest = Vector128.LoadUnsafe(ref source, last);
        seen |= rest;
        Vector128.Narrow(rest, rest).GetLower().StoreUnsafe(ref target, last);
        return (seen & Vector128.Create((ushort)0xff80)) == Vector128<ushort>.Zero;
    }

    private static bool NarrowFew(ref ushort source, ref byte target, int count)
    {
        var seen = 0;
        for (var i = 0; i < count; i++)
        {
            var character = Unsafe.Add(ref source, i);
            seen |= character;
            Unsafe.Add(ref target, i) = (byte)character;
        }

        return seen < 0x80;
    }

    private static int WriteLongerString(ref byte start, int position, int length, string value, string path)
    {
        // Where the worst case fits, the text is written behind a length of the size that ASCII would need.
        var worst = ((long)value.Length * MaxBytesPerChar) + MaxLengthBytes;
        var header = LengthBytes(value.Length);
        if (length - position < worst)
        {
            var exact = System.Text.Encoding.UTF8.GetByteCount(value);
            header = LengthBytes(exact);
            if ((long)length - position < (long)exact + RoomOfLong)
            {
                return Full;
            }
        }

        var target = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref start, position + header), length - position - header);
        var status = Utf8.FromUtf16(value, target, out _, out var written, replaceInvalidSequences: false);
        if (status != OperationStatus.Done)
        {
            if (status == OperationStatus.DestinationTooSmall)
            {
                return Full;
            }

            throw new AvroDataException($"{path}: the text has half of a surrogate pair, which no UTF-8 can carry");
        }

        var needed = LengthBytes(written);
        if (needed != header)
        {
            if (length - position < needed + written)
            {
                return Full;
            }

            target[..written].CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref start, position + needed), written));
        }

        WriteLength(ref start, position, written);
        return position + needed + written;
    }

    private static int LengthBytes(int value) => value switch
    {
        < 1 << 6 => 1,
        < 1 << 13 => 2,
        < 1 << 20 => 3,
        < 1 << 27 => 4,
        _ => MaxLengthBytes,
    };

    /// <summary>Byte by byte: what follows is already there.</summary>
    private static void WriteLength(ref byte start, int position, int value)
    {
        var zigzag = (uint)value << 1;
        while (zigzag >= 0x80)
        {
            Unsafe.Add(ref start, position++) = (byte)(zigzag | 0x80);
            zigzag >>= 7;
        }

        Unsafe.Add(ref start, position) = (byte)zigzag;
    }

    private static int Copy(ref byte start, int position, ReadOnlySpan<byte> value)
    {
        value.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref start, position), value.Length));
        return position + value.Length;
    }
}
