using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SchemaStream.Avro.Codec;

/// <summary>
/// Tells the processor which memory the next objects will lie in. The runtime gives memory out upwards, and clears it 8 KB
/// at a time just before: to wait there until it is in a cache is the most of what a long string costs.
/// </summary>
internal static class AllocationHint
{
    private const int LineBytes = 64;

    /// <summary>How much the runtime has cleared already, at most.</summary>
    private const int ClearedBytes = 8192;

    /// <summary>As much as an object has taken will be taken again.</summary>
    /// <param name="taken">Where the object lies. What follows need not be there: a hint about what is not does nothing.</param>
    /// <param name="length">How long it is, in bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Again(ref ushort taken, int length)
    {
        if (Sse.IsSupported)
        {
            var ahead = (byte*)Unsafe.AsPointer(ref taken) + ClearedBytes;
            for (var at = 0; at < Math.Min(length, ClearedBytes); at += LineBytes)
            {
                Sse.Prefetch0(ahead + at);
            }
        }
    }
}
