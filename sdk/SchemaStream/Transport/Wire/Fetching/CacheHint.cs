using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>
/// Tells the processor what will be read soon. Fetched bytes lie in another core's cache, or in memory by now, and a
/// record's place is known only from the one before it: without a hint each begins with a wait.
/// </summary>
internal static class CacheHint
{
    private const int LineBytes = 64;

    /// <summary>As much of a record as is worth it: the processor itself goes on where reading is steady.</summary>
    private const int MostBytes = 1024;

    /// <summary>Some bytes behind a place, which need not be there: a hint about what is not does nothing.</summary>
    /// <param name="place">The place.</param>
    /// <param name="offset">How far behind it they begin.</param>
    /// <param name="length">How many they are.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Soon(ref byte place, long offset, int length)
    {
        if (Sse.IsSupported)
        {
            var start = (byte*)Unsafe.AsPointer(ref place) + offset;
            for (var at = 0; at < Math.Min(length, MostBytes); at += LineBytes)
            {
                Sse.Prefetch0(start + at);
            }
        }
    }
}
