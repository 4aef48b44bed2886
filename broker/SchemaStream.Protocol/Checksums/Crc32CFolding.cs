using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SchemaStream.Protocol.Checksums;

/// <summary>
/// CRC-32C of long inputs by carry-less multiplication of 64 bytes at a time (VPCLMULQDQ): the input is a polynomial, and a
/// part of it may be replaced by any with the same remainder that lies further on.
/// </summary>
internal static class Crc32CFolding
{
    /// <summary>Four vectors side by side: one multiplication takes longer than it takes to begin the next.</summary>
    public const int BlockBytes = 4 * 64;

    /// <summary>The polynomial without its highest power, the lowest bit being the highest power that is left.</summary>
    private const uint Polynomial = 0x82F63B78;

    /// <summary>What moves a vector's quarters on by a block.</summary>
    private static readonly Vector512<ulong> OverBlock = Vector512.Create(Vector256.Create(Factors(BlockBytes * 8), Factors(BlockBytes * 8)));

    /// <summary>Whether this processor has the instruction.</summary>
    public static bool IsSupported => Pclmulqdq.V512.IsSupported && BitConverter.IsLittleEndian;

    /// <summary>Finds one block that stands for all whole blocks of an input.</summary>
    /// <param name="state">The state of the checksum before the input.</param>
    /// <param name="data">The input, of a block at least.</param>
    /// <param name="block">The block; its checksum begins with the state 0.</param>
    /// <returns>How many bytes it stands for.</returns>
    public static int Fold(uint state, ReadOnlySpan<byte> data, Span<byte> block)
    {
        ref var at = ref MemoryMarshal.GetReference(data);
        var first = Vector512.LoadUnsafe(ref at).AsUInt64() ^ Vector512.CreateScalar((ulong)state);
        var second = Vector512.LoadUnsafe(ref at, 64).AsUInt64();
        var third = Vector512.LoadUnsafe(ref at, 128).AsUInt64();
        var fourth = Vector512.LoadUnsafe(ref at, 192).AsUInt64();
        var over = OverBlock;
        var left = data.Length - BlockBytes;
        for (; left >= BlockBytes; left -= BlockBytes)
        {
            at = ref Unsafe.Add(ref at, BlockBytes);
            first = Move(first, over) ^ Vector512.LoadUnsafe(ref at).AsUInt64();
            second = Move(second, over) ^ Vector512.LoadUnsafe(ref at, 64).AsUInt64();
            third = Move(third, over) ^ Vector512.LoadUnsafe(ref at, 128).AsUInt64();
            fourth = Move(fourth, over) ^ Vector512.LoadUnsafe(ref at, 192).AsUInt64();
        }

        ref var target = ref MemoryMarshal.GetReference(block[..BlockBytes]);
        first.AsByte().StoreUnsafe(ref target);
        second.AsByte().StoreUnsafe(ref target, 64);
        third.AsByte().StoreUnsafe(ref target, 128);
        fourth.AsByte().StoreUnsafe(ref target, 192);
        return data.Length - left;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Move(Vector512<ulong> quarters, Vector512<ulong> factors) =>
        Pclmulqdq.V512.CarrylessMultiply(quarters, factors, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(quarters, factors, 0x11);

    /// <summary>What the lower and the upper half of 128 bits are multiplied by to be moved on.</summary>
    private static Vector128<ulong> Factors(int bits) => Vector128.Create((ulong)Power(bits + 32) << 1, (ulong)Power(bits - 32) << 1);

    /// <summary>The remainder of a power of x.</summary>
    private static uint Power(int exponent)
    {
        var remainder = 0x8000_0000u; // x to the power of 0
        for (; exponent > 0; exponent--)
        {
            remainder = (remainder >> 1) ^ ((remainder & 1) == 0 ? 0 : Polynomial);
        }

        return remainder;
    }
}
