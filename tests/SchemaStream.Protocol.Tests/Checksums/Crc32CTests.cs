using System.Text;
using SchemaStream.Protocol.Checksums;

namespace SchemaStream.Protocol.Tests.Checksums;

public sealed class Crc32CTests
{
    // RFC 3720, appendix B.4, and the check value of the CRC catalogue.
    public static TheoryData<byte[], uint> KnownVectors => new()
    {
        { [], 0x00000000 },
        { Encoding.ASCII.GetBytes("123456789"), 0xE3069283 },
        { new byte[32], 0x8A9136AA },
        { Enumerable.Repeat((byte)0xFF, 32).ToArray(), 0x62A8AB43 },
        { Enumerable.Range(0, 32).Select(i => (byte)i).ToArray(), 0x46DD794E },
        { Enumerable.Range(0, 32).Select(i => (byte)(31 - i)).ToArray(), 0x113FDB5C },
    };

    [Theory]
    [MemberData(nameof(KnownVectors))]
    public void Compute_OfKnownVector_IsThePublishedValue(byte[] data, uint expected) =>
        Crc32C.Compute(data).ShouldBe(expected);

    [Fact]
    public void Compute_OfEveryLengthAroundLanesAndBlocks_IsWhatTheDefinitionSays()
    {
        var data = new byte[20_000];
        new Random(7).NextBytes(data);
        int[] around = [0, 1, 7, 8, 9, 256, 512, 3 * 256, 4 * 256, 3 * 2048, (3 * 2048) + (3 * 256), 2 * 3 * 2048];
        var lengths = around.SelectMany(length => Enumerable.Range(length - 3, 7)).Where(length => length >= 0).Append(20_000);

        foreach (var length in lengths.Distinct())
        {
            var expected = BitByBit(data.AsSpan(0, length));
            Crc32C.Compute(data.AsSpan(0, length)).ShouldBe(expected, $"length {length}");
            Crc32C.Append(0, data.AsSpan(0, length), folds: false).ShouldBe(expected, $"length {length}, in lanes");
        }
    }

    [Fact]
    public void Append_InPieces_IsTheChecksumOfTheWhole()
    {
        var data = new byte[30_000];
        var random = new Random(11);
        random.NextBytes(data);

        for (var round = 0; round < 50; round++)
        {
            var cut = random.Next(data.Length);
            Crc32C.Append(Crc32C.Compute(data.AsSpan(0, cut)), data.AsSpan(cut)).ShouldBe(Crc32C.Compute(data));
        }
    }

    private static uint BitByBit(ReadOnlySpan<byte> data)
    {
        const uint reversedPolynomial = 0x82F63B78;
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * reversedPolynomial);
            }
        }

        return ~crc;
    }
}
