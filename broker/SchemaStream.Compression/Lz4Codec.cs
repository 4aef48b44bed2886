using System.Buffers;
using System.Runtime.InteropServices;

namespace SchemaStream.Compression;

/// <summary>The LZ4 frame format, by the system's <c>liblz4.so.1</c>.</summary>
internal static partial class Lz4Codec
{
    private const string Library = "liblz4.so.1";
    private const string DebianPackage = "liblz4-1";
    private const uint FrameVersion = 100;

    public static unsafe void Decompress(ReadOnlySpan<byte> payload, ref BoundedOutput output)
    {
        using var context = OpenContext();
        fixed (byte* source = payload)
        {
            nuint consumed = 0;
            nuint hint = 1; // zero once the frame is whole
            while (hint != 0)
            {
                var chunk = output.NextChunk();
                nuint written = (nuint)chunk.Length;
                nuint taken = (nuint)payload.Length - consumed;
                fixed (byte* destination = chunk)
                {
                    hint = LZ4F_decompress(context, destination, ref written, source + consumed, ref taken, 0);
                }

                ThrowIfError(hint);
                if (taken == 0 && written == 0 && hint != 0)
                {
                    throw CompressionException.Corrupt("Lz4", "the frame is cut short");
                }

                consumed += taken;
                output.Advance((int)written);
            }

            if (consumed != (nuint)payload.Length)
            {
                throw CompressionException.Corrupt("Lz4", $"{(nuint)payload.Length - consumed} bytes follow the frame");
            }
        }
    }

    public static unsafe void Compress(ReadOnlySpan<byte> payload, IBufferWriter<byte> output)
    {
        try
        {
            var room = output.GetSpan((int)LZ4F_compressFrameBound((nuint)payload.Length, 0));
            fixed (byte* source = payload)
            fixed (byte* destination = room)
            {
                var written = LZ4F_compressFrame(destination, (nuint)room.Length, source, (nuint)payload.Length, 0);
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
            ThrowIfError(LZ4F_createDecompressionContext(out var context, FrameVersion));
            return context;
        }
        catch (DllNotFoundException e)
        {
            throw CompressionException.LibraryMissing(Library, DebianPackage, e);
        }
    }

    private static void ThrowIfError(nuint code)
    {
        if (LZ4F_isError(code) != 0)
        {
            throw CompressionException.Corrupt("Lz4", Marshal.PtrToStringUTF8(LZ4F_getErrorName(code)) ?? $"code {code}");
        }
    }

    [LibraryImport(Library)]
    private static partial nuint LZ4F_createDecompressionContext(out DecompressionContext context, uint version);

    [LibraryImport(Library)]
    private static partial nuint LZ4F_freeDecompressionContext(nint context);

    [LibraryImport(Library)]
    private static unsafe partial nuint LZ4F_decompress(
        DecompressionContext context, byte* destination, ref nuint destinationBytes, byte* source, ref nuint sourceBytes, nint options);

    [LibraryImport(Library)]
    private static partial nuint LZ4F_compressFrameBound(nuint sourceBytes, nint preferences);

    [LibraryImport(Library)]
    private static unsafe partial nuint LZ4F_compressFrame(
        byte* destination, nuint destinationBytes, byte* source, nuint sourceBytes, nint preferences);

    [LibraryImport(Library)]
    private static partial uint LZ4F_isError(nuint code);

    [LibraryImport(Library)]
    private static partial nint LZ4F_getErrorName(nuint code);

    private sealed class DecompressionContext() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => LZ4F_isError(LZ4F_freeDecompressionContext(handle)) == 0;
    }
}
