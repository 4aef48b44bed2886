using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace SchemaStream.Avro.Codec;

/// <summary>UTF-8 to strings: most are short and ASCII, and for those the general decoder costs more than the string.</summary>
internal static class AvroText
{
    private const int LongestShort = 128;
    private const ulong HighBits = 0x8080808080808080;

    /// <summary>The text of some bytes; false when they are not UTF-8.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        if (bytes.Length is >= sizeof(ulong) and <= LongestShort && IsAscii(bytes))
        {
            text = Widen(bytes);
            return true;
        }

        if (bytes.Length < sizeof(ulong) && IsAsciiFew(bytes))
        {
            text = WidenFew(bytes);
            return true;
        }

        if (Ascii.IsValid(bytes))
        {
            text = WidenMany(bytes);
            return true;
        }

        text = Encoding.UTF8.GetString(bytes);

        // Bad bytes come out as U+FFFD; a text that has one is looked at again, as it may have been there all along.
        return !text.Contains('\uFFFD', StringComparison.Ordinal) || Utf8.IsValid(bytes);
    }

    private static bool IsAscii(ReadOnlySpan<byte> bytes)
    {
        ref var start = ref MemoryMarshal.GetReference(bytes);
        var last = bytes.Length - sizeof(ulong);

        // The last eight may overlap those before them.
        var seen = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, last));
        for (var i = 0; i < last; i += sizeof(ulong))
        {
            seen |= Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, i));
        }

        return (seen & HighBits) == 0;
    }

    private static bool IsAsciiFew(ReadOnlySpan<byte> bytes)
    {
        var seen = 0;
        foreach (var each in bytes)
        {
            seen |= each;
        }

        return seen < 0x80;
    }

    private static string WidenFew(ReadOnlySpan<byte> bytes)
    {
        var text = new string('\0', bytes.Length);
        ref var target = ref MemoryMarshal.GetReference(text.AsSpan());
        for (var i = 0; i < bytes.Length; i++)
        {
            Unsafe.Add(ref target, i) = (char)bytes[i];
        }

        return text;
    }

    private static string Widen(ReadOnlySpan<byte> bytes)
    {
        // A new string of zeros that no one else has seen: it is filled in place, as string.Create does, without a delegate.
        var text = new string('\0', bytes.Length);
        ref var source = ref MemoryMarshal.GetReference(bytes);
        ref var target = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text.AsSpan()));
        var last = bytes.Length - sizeof(ulong);
        for (var i = 0; i < last; i += sizeof(ulong))
        {
            WidenEight(ref source, ref target, i);
        }

        WidenEight(ref source, ref target, last);
        return text;
    }

    /// <summary>For more bytes than a vector has; twice as many at once as Encoding.Latin1 takes.</summary>
    private static string WidenMany(ReadOnlySpan<byte> bytes)
    {
        var text = new string('\0', bytes.Length);
        ref var source = ref MemoryMarshal.GetReference(bytes);
        ref var target = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text.AsSpan()));
        AllocationHint.Again(ref target, text.Length * sizeof(char));
        var last = bytes.Length - Vector256<byte>.Count;
        for (var i = 0; i < last; i += Vector256<byte>.Count)
        {
            WidenVector(ref source, ref target, (nuint)i);
        }

        WidenVector(ref source, ref target, (nuint)last);
        return text;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WidenVector(ref byte source, ref ushort target, nuint index)
    {
        var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(ref source, index));
        lower.StoreUnsafe(ref target, index);
        upper.StoreUnsafe(ref target, index + (nuint)Vector256<ushort>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WidenEight(ref byte source, ref ushort target, int index)
    {
        var eight = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, index))).AsByte();
        Vector128.WidenLower(eight).StoreUnsafe(ref target, (nuint)index);
    }
}
