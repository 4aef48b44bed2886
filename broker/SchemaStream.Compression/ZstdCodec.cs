using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SchemaStream.Compression;

/// <summary>Zstandard (RFC 8878), by the system's <c>libzstd.so.1</c>.</summary>
internal static partial class ZstdCodec
{
    private const string Library = "libzstd.so.1";
    private const string DebianPackage = "libzstd1";
    private const int Level = 3;
    private const int WindowLogMaxParameter = 100;

    // The library allocates a whole window before the first byte: a hostile frame may not ask for more than these.
    // Every level up to 19 stays within 8 MiB; only content that may itself be larger earns more.
    private const int SmallestWindowLogMax = 23;
    private const int LargestWindowLogMax = 27;

    public static unsafe void Decompress(ReadOnlySpan<byte> payload, ref BoundedOutput output)
    {
        using var context = OpenContext();
        var windowLog = Math.Clamp(BitOperations.Log2((uint)output.MaxBytes | 1) + 1, SmallestWindowLogMax, LargestWindowLogMax);
        ThrowIfError(ZSTD_DCtx_setParameter(context, WindowLogMaxParameter, windowLog));
        fixed (byte* source = payload)
        {
            var input = new Buffer { Bytes = source, Size = (nuint)payload.Length };
            nuint hint = 1; // zero whenever a frame is whole and its output is out
            while (hint != 0 || input.Position < input.Size)
            {
                var chunk = output.NextChunk();
                fixed (byte* destination = chunk)
                {
                    var target = new Buffer { Bytes = destination, Size = (nuint)chunk.Length };
                    var before = input.Position;
                    hint = ZSTD_decompressStream(context, ref target, ref input);
                    ThrowIfError(hint);
                    if (input.Position == before && target.Position == 0 && hint != 0)
                    {
                        throw CompressionException.Corrupt("Zstd", "the frame is cut short");
                    }

                    output.Advance((int)target.Position);
                }
            }
        }
    }

    public static unsafe void Compress(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        try
        {
            var room = output.GetSpan((int)ZSTD_compressBound((nuint)payload.Length));
            fixed (byte* source = payload)
            fixed (byte* destination = room)
            {
                var written = ZSTD_compress(destination, (nuint)room.Length, source, (nuint)payload.Length, Level);
                ThrowIfError(written);
                output.Advance((int)written);
            }
        }
        catch (DllNotFoundException e)
        {
            throw CompressionException.LibraryMissing(Library, DebianPackage, e);
        }
    }

    private static DecompressionContext OpenContext()
    {
        try
        {
            var context = ZSTD_createDStream();
            return context.IsInvalid ? throw new CompressionException("zstd could not allocate its context") : context;
        }
        catch (DllNotFoundException e)
        {
            throw CompressionException.LibraryMissing(Library, DebianPackage, e);
        }
    }

    private static void ThrowIfError(nuint code)
    {
        if (ZSTD_isError(code) != 0)
        {
            throw CompressionException.Corrupt("Zstd", Marshal.PtrToStringUTF8(ZSTD_getErrorName(code)) ?? $"code {code}");
        }
    }

    [LibraryImport(Library)]
    private static partial DecompressionContext ZSTD_createDStream();

    [LibraryImport(Library)]
    private static partial nuint ZSTD_freeDStream(nint context);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_DCtx_setParameter(DecompressionContext context, int parameter, int value);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_decompressStream(DecompressionContext context, ref Buffer output, ref Buffer input);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_compressBound(nuint sourceBytes);

    [LibraryImport(Library)]
    private static unsafe partial nuint ZSTD_compress(
        byte* destination, nuint destinationBytes, byte* source, nuint sourceBytes, int level);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nint ZSTD_getErrorName(nuint code);

    /// <summary>The library's <c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>, which have one layout.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Buffer
    {
        public byte* Bytes;
        public nuint Size;
        public nuint Position;
    }

    private sealed class DecompressionContext() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => ZSTD_isError(ZSTD_freeDStream(handle)) == 0;
    }
}
