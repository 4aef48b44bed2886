using System.Buffers;
using System.Text;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Compression.Tests;

public sealed class RecordCompressionTests
{
    private const int Plenty = 16 * 1024 * 1024;

    public static TheoryData<CompressionType> Codecs() =>
        [CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    public static TheoryData<CompressionType, int> CodecsAndLengths()
    {
        var rows = new TheoryData<CompressionType, int>();
        foreach (var type in Enum.GetValues<CompressionType>())
        {
            foreach (var length in new[] { 0, 1, 100, 32 * 1024, 32 * 1024 + 1, 65_536, 1_000_003 })
            {
                rows.Add(type, length);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(CodecsAndLengths))]
    public void Decompress_ReturnsWhatWasCompressed(CompressionType type, int length)
    {
        foreach (var payload in new[] { Noise(length), Text(length) })
        {
            Decompress(type, Compress(type, payload), Plenty).ShouldBe(payload);
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Decompress_OfMoreThanTheBound_IsRefused(CompressionType type)
    {
        var bomb = Compress(type, new byte[1_000_000]);

        Should.Throw<CompressionException>(() => Decompress(type, bomb, 999_999)).Message.ShouldContain("999999");
        Decompress(type, bomb, 1_000_000).Length.ShouldBe(1_000_000);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Decompress_OfABomb_AllocatesNoMoreThanItsBound(CompressionType type)
    {
        var bomb = Compress(type, new byte[32 * 1024 * 1024]);
        Should.Throw<CompressionException>(() => Decompress(type, bomb, 1024)); // warm: what is made once does not count

        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<CompressionException>(() => Decompress(type, bomb, 1024));

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1024 * 1024);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Decompress_OfATornPayload_IsRefused(CompressionType type)
    {
        var whole = Compress(type, Text(10_000));
        for (var length = 0; length < whole.Length; length += Math.Max(1, whole.Length / 50))
        {
            var torn = whole[..length];
            if (type == CompressionType.Snappy && length == 16)
            {
                // Xerial's header alone is a stream of no blocks: its records part is empty, and the batch's count tells.
                continue;
            }

            Should.Throw<CompressionException>(() => Decompress(type, torn, Plenty), $"{length} of {whole.Length} bytes");
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Decompress_OfGarbage_GivesTheTypedErrorOrBoundedBytes(CompressionType type)
    {
        var random = new Random(7);
        var whole = Compress(type, Text(5_000));
        for (var round = 0; round < 2_000; round++)
        {
            var garbage = round % 2 == 0 ? Noise(random.Next(200), round) : (byte[])whole.Clone();
            if (round % 2 == 1)
            {
                garbage[random.Next(garbage.Length)] ^= (byte)(1 + random.Next(255));
            }

            try
            {
                Decompress(type, garbage, 100_000).Length.ShouldBeLessThanOrEqualTo(100_000);
            }
            catch (CompressionException e)
            {
                e.Message.ShouldNotBeEmpty();
            }
        }
    }

    [Fact]
    public void Decompress_OfABareSnappyBlock_Works()
    {
        var text = Text(2_000);

        Decompress(CompressionType.Snappy, IronSnappy.Snappy.Encode(text), Plenty).ShouldBe(text);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public void Decompress_OfAnUnknownType_NamesIt(int type) =>
        Should.Throw<CompressionException>(() => Decompress((CompressionType)type, [1], Plenty)).Message.ShouldContain($"{type}");

    private static byte[] Compress(CompressionType type, ReadOnlySpan<byte> payload)
    {
        var output = new ArrayBufferWriter<byte>();
        RecordCompression.Compress(type, payload, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Decompress(CompressionType type, ReadOnlySpan<byte> payload, int maxBytes)
    {
        var output = new ArrayBufferWriter<byte>();
        RecordCompression.Decompress(type, payload, output, maxBytes);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Noise(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Text(int length) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, length / 7 + 1).Select(i => $"event-{i % 97} "))[..length]);
}
