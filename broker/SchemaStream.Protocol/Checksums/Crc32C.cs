using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SchemaStream.Protocol.Checksums;

/// <summary>
/// CRC-32C (Castagnoli), the checksum of record batches. One step is the processor's own instruction where it has one
/// (SSE4.2, ARMv8) and a table otherwise; that instruction has a latency of three cycles and a throughput of one, so
/// long inputs are cut into three lanes that run side by side and are joined at the end; or, where the processor can,
/// folded (<see cref="Crc32CFolding"/>), which takes a quarter of the time.
/// </summary>
public static class Crc32C
{
    private const int LongLaneBytes = 2048;
    private const int ShortLaneBytes = 256;

    private const int LeastFolded = 2 * Crc32CFolding.BlockBytes;

    private static readonly ZeroShift LongShift = new(LongLaneBytes);
    private static readonly ZeroShift ShortShift = new(ShortLaneBytes);

    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The checksum of what <paramref name="checksum"/> stands for, followed by <paramref name="data"/>.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> data) => Append(checksum, data, Crc32CFolding.IsSupported);

    /// <summary>As the other; for tests, which hold both ways against each other.</summary>
    internal static uint Append(uint checksum, ReadOnlySpan<byte> data, bool folds)
    {
        var state = ~checksum;
        if (folds && data.Length >= LeastFolded)
        {
            Span<byte> block = stackalloc byte[Crc32CFolding.BlockBytes];
            data = data[Crc32CFolding.Fold(state, data, block)..];
            state = OneLane(0, block);
        }

        state = ThreeLanes(state, ref data, LongLaneBytes, LongShift);
        state = ThreeLanes(state, ref data, ShortLaneBytes, ShortShift);
        return ~OneLane(state, data);
    }

    private static uint ThreeLanes(uint state, ref ReadOnlySpan<byte> data, int laneBytes, ZeroShift shift)
    {
        while (data.Length >= 3 * laneBytes)
        {
            ref var start = ref MemoryMarshal.GetReference(data);
            uint second = 0;
            uint third = 0;
            for (var i = 0; i < laneBytes; i += sizeof(ulong))
            {
                state = BitOperations.Crc32C(state, ReadWord(ref start, i));
                second = BitOperations.Crc32C(second, ReadWord(ref start, i + laneBytes));
                third = BitOperations.Crc32C(third, ReadWord(ref start, i + (2 * laneBytes)));
            }

            // A CRC is linear: the state behind two blocks is the first's, moved on over as many zeros, xor the second's.
            state = shift.Apply(shift.Apply(state) ^ second) ^ third;
            data = data[(3 * laneBytes)..];
        }

        return state;
    }

    private static uint OneLane(uint state, ReadOnlySpan<byte> data)
    {
        while (data.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (var value in data)
        {
            state = BitOperations.Crc32C(state, value);
        }

        return state;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadWord(ref byte start, int index)
    {
        var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, index));
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }

    /// <summary>What a run of zeros of one length does to a CRC state: four table look-ups instead of the run.</summary>
    private sealed class ZeroShift
    {
        private readonly uint[] _table = new uint[4 * 256];

        public ZeroShift(int zeroBytes)
        {
            for (var bit = 0; bit < 32; bit++)
            {
                var state = 1u << bit;
                for (var i = 0; i < zeroBytes; i += sizeof(ulong))
                {
                    state = BitOperations.Crc32C(state, 0ul);
                }

                // Every table entry whose byte has this bit is the sum of the effects of its bits.
                var block = bit / 8 * 256;
                for (var value = 0; value < 256; value++)
                {
                    _table[block + value] ^= ((value >> (bit % 8)) & 1) == 1 ? state : 0;
                }
            }
        }

        public uint Apply(uint state) =>
            _table[state & 0xFF]
            ^ _table[256 + ((state >> 8) & 0xFF)]
            ^ _table[512 + ((state >> 16) & 0xFF)]
            ^ _table[768 + (state >> 24)];
    }
}
