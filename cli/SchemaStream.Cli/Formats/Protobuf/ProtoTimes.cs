using System.Globalization;

namespace SchemaStream.Cli.Formats.Protobuf;

/// <summary>Instants and durations as Protobuf's JSON writes them.</summary>
internal static class ProtoTimes
{
    private const long Year1 = -62_135_596_800;
    private const long Year9999 = 253_402_300_799;
    private const long LongestDuration = 315_576_000_000;
    private const int NanosPerSecond = 1_000_000_000;

    public static string OfTimestamp(long seconds, int nanos) =>
        seconds is >= Year1 and <= Year9999 && nanos is >= 0 and < NanosPerSecond
            ? DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + Fraction(nanos) + "Z"
            : throw new CodecException($"a Timestamp of {seconds} seconds and {nanos} nanoseconds is outside of the years 1 to 9999");

    public static string OfDuration(long seconds, int nanos)
    {
        if (seconds is < -LongestDuration or > LongestDuration || Math.Abs((long)nanos) >= NanosPerSecond || (seconds < 0 && nanos > 0) || (seconds > 0 && nanos < 0))
        {
            throw new CodecException($"a Duration of {seconds} seconds and {nanos} nanoseconds is none");
        }

        var sign = seconds < 0 || nanos < 0 ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{Math.Abs(seconds)}{Fraction(Math.Abs(nanos))}s");
    }

    public static (long Seconds, int Nanos)? ParseTimestamp(string text)
    {
        if (!TryCutFraction(text, out var whole, out var nanos)
            || !DateTimeOffset.TryParseExact(
                whole, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:sszzz"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            || !(whole.EndsWith('Z') || whole.Length > "yyyy-MM-ddTHH:mm:ss".Length))
        {
            return null;
        }

        return (instant.ToUnixTimeSeconds(), nanos);
    }

    public static (long Seconds, int Nanos)? ParseDuration(string text)
    {
        if (!text.EndsWith('s') || !TryCutFraction(text[..^1], out var whole, out var nanos)
            || !long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            || seconds is < -LongestDuration or > LongestDuration)
        {
            return null;
        }

        return (seconds, whole.StartsWith('-') ? -nanos : nanos);
    }

    private static string Fraction(int nanos) => nanos switch
    {
        0 => "",
        _ when nanos % 1_000_000 == 0 => "." + (nanos / 1_000_000).ToString("000", CultureInfo.InvariantCulture),
        _ when nanos % 1_000 == 0 => "." + (nanos / 1_000).ToString("000000", CultureInfo.InvariantCulture),
        _ => "." + nanos.ToString("000000000", CultureInfo.InvariantCulture),
    };

    private static bool TryCutFraction(string text, out string whole, out int nanos)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var end = dot + 1;
        while (dot >= 0 && end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        (whole, nanos) = dot < 0 ? (text, 0) : (text[..dot] + text[end..], 0);
        var digits = dot < 0 ? "" : text[(dot + 1)..end];
        return dot < 0 || (digits.Length is > 0 and <= 9
            && int.TryParse(digits.PadRight(9, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out nanos));
    }
}
