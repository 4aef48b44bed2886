using System;
using System.IO;
using System.IO.Compression;
using System.Text;

/// <summary>Draws the packages' icon, a topic's three partitions with one record in another colour, as a PNG of 128 by 128.</summary>
public sealed class DrawIcon : Microsoft.Build.Utilities.Task
{
    private const int Size = 128;

    public string Path { get; set; }

    public override bool Execute()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path));
        using (var file = File.Create(Path))
        {
            file.Write(new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10 }, 0, 8);
            // Width, height, eight bits a channel, red green blue alpha.
            WriteChunk(file, "IHDR", new byte[] { 0, 0, 0, Size, 0, 0, 0, Size, 8, 6, 0, 0, 0 });
            WriteChunk(file, "IDAT", Compressed(Pixels()));
            WriteChunk(file, "IEND", new byte[0]);
        }

        return true;
    }

    /// <summary>Each row is a byte for "no filter" and four bytes a pixel.</summary>
    private static byte[] Pixels()
    {
        var pixels = new byte[Size * (1 + (4 * Size))];
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                var at = (y * (1 + (4 * Size))) + 1 + (4 * x);
                Blend(pixels, at, 0x14, 0x32, 0x4a, Inside(x, y, 0, 0, 128, 128, 26));
                for (var partition = 0; partition < 3; partition++)
                {
                    for (var record = 0; record < 3 - (partition % 2); record++)
                    {
                        var isTyped = partition == 1 && record == 1;
                        Blend(
                            pixels, at, isTyped ? 0xf2 : 0xe6, isTyped ? 0xa0 : 0xee, isTyped ? 0x2c : 0xf4,
                            Inside(x, y, 22 + (30 * record), 24 + (30 * partition), 24, 20, 5));
                    }
                }
            }
        }

        return pixels;
    }

    /// <summary>How much of a pixel lies in a rectangle with round corners, from 0 to 1.</summary>
    private static double Inside(int x, int y, int left, int top, int width, int height, int radius)
    {
        var outsideX = Math.Abs(x + 0.5 - left - (width / 2.0)) - (width / 2.0) + radius;
        var outsideY = Math.Abs(y + 0.5 - top - (height / 2.0)) - (height / 2.0) + radius;
        var beyondCorner = Math.Sqrt(Math.Pow(Math.Max(outsideX, 0), 2) + Math.Pow(Math.Max(outsideY, 0), 2));
        var distance = beyondCorner + Math.Min(Math.Max(outsideX, outsideY), 0) - radius;
        return Math.Max(0, Math.Min(1, 0.5 - distance));
    }

    private static void Blend(byte[] pixels, int at, int red, int green, int blue, double share)
    {
        pixels[at] = (byte)(pixels[at] + ((red - pixels[at]) * share));
        pixels[at + 1] = (byte)(pixels[at + 1] + ((green - pixels[at + 1]) * share));
        pixels[at + 2] = (byte)(pixels[at + 2] + ((blue - pixels[at + 2]) * share));
        pixels[at + 3] = (byte)Math.Max(pixels[at + 3], 255 * share);
    }

    /// <summary>Zlib's form: two bytes ahead, the Adler-32 of the data behind.</summary>
    private static byte[] Compressed(byte[] data)
    {
        var output = new MemoryStream();
        output.Write(new byte[] { 0x78, 0x9c }, 0, 2);
        using (var deflate = new DeflateStream(output, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(data, 0, data.Length);
        }

        uint a = 1, b = 0;
        foreach (var value in data)
        {
            a = (a + value) % 65521;
            b = (b + a) % 65521;
        }

        WriteNumber(output, (b << 16) | a);
        return output.ToArray();
    }

    private static void WriteChunk(Stream file, string kind, byte[] data)
    {
        WriteNumber(file, (uint)data.Length);
        var chunk = new byte[4 + data.Length];
        Encoding.ASCII.GetBytes(kind, 0, 4, chunk, 0);
        data.CopyTo(chunk, 4);
        file.Write(chunk, 0, chunk.Length);
        var crc = 0xffffffff;
        foreach (var value in chunk)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
            }
        }

        WriteNumber(file, ~crc);
    }

    private static void WriteNumber(Stream file, uint number) =>
        file.Write(new[] { (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number }, 0, 4);
}
