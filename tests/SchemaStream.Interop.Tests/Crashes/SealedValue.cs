using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SchemaStream.Interop.Tests.Crashes;

/// <summary>A record's text that proves itself: who wrote it, its number in its partition, ballast, and a digest of all that.</summary>
internal readonly record struct SealedValue(int Producer, int Partition, long Number)
{
    private const int MostBallast = 1_500;

    public static string Make(int producer, int partition, long number)
    {
        // Of many sizes, so that what is torn is torn in many places.
        var ballast = new string((char)('a' + (number % 26)), (int)(number * 7919 % MostBallast));
        var text = string.Create(CultureInfo.InvariantCulture, $"{producer}/{partition}/{number}/{ballast}");
        return $"{text}/{Digest(text)}";
    }

    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    public static SealedValue Open(string value)
    {
        var end = value.LastIndexOf('/');
        if (end < 0 || value[(end + 1)..] != Digest(value[..end]))
        {
            throw new InvalidDataException($"not whole: {value}");
        }

        var parts = value.Split('/');
        return new SealedValue(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            int.Parse(parts[1], CultureInfo.InvariantCulture),
            long.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    private static string Digest(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, 8);
}
