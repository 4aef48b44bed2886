using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Cli.Formats.Avro;

/// <summary>Dates, times, decimals and durations as people write them.</summary>
internal static class AvroLogicalText
{
    private const long NanosPerSecond = 1_000_000_000;
    private const int LongestDecimal = 10_000;

    private static readonly long EpochDay = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>The text of a number; null for one that no date has, which stays a number.</summary>
    public static string? Of(AvroLogicalKind kind, long value) => kind switch
    {
        AvroLogicalKind.Date => Date(value),
        AvroLogicalKind.TimeMillis => Time(value, 1_000, 3),
        AvroLogicalKind.TimeMicros => Time(value, 1_000_000, 6),
        AvroLogicalKind.TimestampMillis => Instant(value, 1_000, 3, "Z"),
        AvroLogicalKind.TimestampMicros => Instant(value, 1_000_000, 6, "Z"),
        AvroLogicalKind.TimestampNanos => Instant(value, NanosPerSecond, 9, "Z"),
        AvroLogicalKind.LocalTimestampMillis => Instant(value, 1_000, 3, ""),
        AvroLogicalKind.LocalTimestampMicros => Instant(value, 1_000_000, 6, ""),
        AvroLogicalKind.LocalTimestampNanos => Instant(value, NanosPerSecond, 9, ""),
        AvroLogicalKind.TimeSpanTicks => new TimeSpan(value).ToString("c", CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The number of a text; null when it is none of its kind, or finer than its kind can say.</summary>
    public static long? Parse(AvroLogicalKind kind, string text) => kind switch
    {
        AvroLogicalKind.Date => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.DayNumber - EpochDay
            : null,
        AvroLogicalKind.TimeMillis => ParseTime(text, 1_000),
        AvroLogicalKind.TimeMicros => ParseTime(text, 1_000_000),
        AvroLogicalKind.TimestampMillis => ParseInstant(text, 1_000, isLocal: false),
        AvroLogicalKind.TimestampMicros => ParseInstant(text, 1_000_000, isLocal: false),
        AvroLogicalKind.TimestampNanos => ParseInstant(text, NanosPerSecond, isLocal: false),
        AvroLogicalKind.LocalTimestampMillis => ParseInstant(text, 1_000, isLocal: true),
        AvroLogicalKind.LocalTimestampMicros => ParseInstant(text, 1_000_000, isLocal: true),
        AvroLogicalKind.LocalTimestampNanos => ParseInstant(text, NanosPerSecond, isLocal: true),
        AvroLogicalKind.TimeSpanTicks => TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) ? span.Ticks : null,
        _ => null,
    };

    /// <summary>A number of any length, from its unscaled bytes.</summary>
    public static string OfDecimal(ReadOnlySpan<byte> unscaled, int scale)
    {
        if (unscaled.Length > LongestDecimal || scale > LongestDecimal)
        {
            throw new CodecException($"a decimal has {unscaled.Length} bytes and {scale} places, at most {LongestDecimal} are read");
        }

        var number = new BigInteger(unscaled, isUnsigned: false, isBigEndian: true);
        var digits = BigInteger.Abs(number).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var sign = number.Sign < 0 ? "-" : "";
        return scale == 0 ? sign + digits : $"{sign}{digits[..^scale]}.{digits[^scale..]}";
    }

    /// <summary>The unscaled bytes of a decimal's text; null when it is none, or has more places than the schema.</summary>
    public static byte[]? ParseDecimal(string text, int precision, int scale)
    {
        if (text.Length > LongestDecimal || !TryUnscale(text, scale, out var unscaled)
            || BigInteger.Abs(unscaled) >= BigInteger.Pow(10, Math.Min(precision, 3 * LongestDecimal)))
        {
            return null;
        }

        return unscaled.ToByteArray(isUnsigned: false, isBigEndian: true);
    }

    /// <summary>Months, days and milliseconds, each an unsigned number of its own.</summary>
    public static void WriteDuration(ReadOnlySpan<byte> bytes, Utf8JsonWriter output)
    {
        output.WriteStartObject();
        output.WriteNumber("months", BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        output.WriteNumber("days", BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
        output.WriteNumber("millis", BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]));
        output.WriteEndObject();
    }

    private static string? Date(long days) => days + EpochDay is var day && day >= 0 && day <= DateOnly.MaxValue.DayNumber
        ? DateOnly.FromDayNumber((int)day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : null;

    private static string? Time(long value, long perSecond, int digits) =>
        value >= 0 && value < 86_400 * perSecond ? Clock(value / perSecond) + Fraction(value % perSecond, digits) : null;

    private static string? Instant(long value, long perSecond, int digits, string zone)
    {
        var (seconds, rest) = (Math.DivRem(value, perSecond, out var remainder), remainder);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + perSecond);
        }

        var days = seconds >= 0 ? seconds / 86_400 : ((seconds + 1) / 86_400) - 1;
        return Date(days) is { } date ? $"{date}T{Clock(seconds - (days * 86_400))}{Fraction(rest, digits)}{zone}" : null;
    }

    private static string Clock(long seconds) => string.Create(
        CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");

    private static string Fraction(long value, int digits) => "." + value.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');

    private static long? ParseTime(string text, long perSecond)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return TimeOnly.TryParseExact(
                dot < 0 ? text : text[..dot], ["HH:mm:ss", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && ParseFraction(dot < 0 ? "" : text[(dot + 1)..], perSecond) is { } rest
            ? (time.Ticks / TimeSpan.TicksPerSecond * perSecond) + rest
            : null;
    }

    private static long? ParseInstant(string text, long perSecond, bool isLocal)
    {
        // Fractions are cut out first: those of nanoseconds are finer than what the framework reads.
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var end = dot < 0 ? 0 : dot + 1;
        while (dot >= 0 && end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        var whole = dot < 0 ? text : text[..dot] + text[end..];
        if (ParseFraction(dot < 0 ? "" : text[(dot + 1)..end], perSecond) is not { } rest)
        {
            return null;
        }

        long ticks;
        if (isLocal)
        {
            if (!DateTime.TryParseExact(whole, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            {
                return null;
            }

            ticks = local.Ticks - DateTime.UnixEpoch.Ticks;
        }
        else if (DateTimeOffset.TryParseExact(
            whole, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:sszzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
        {
            ticks = instant.UtcTicks - DateTime.UnixEpoch.Ticks;
        }
        else
        {
            return null;
        }

        var value = ((Int128)(ticks / TimeSpan.TicksPerSecond) * perSecond) + rest;
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : null;
    }

    private static long? ParseFraction(string digits, long perSecond)
    {
        var places = perSecond.ToString(CultureInfo.InvariantCulture).Length - 1;
        digits = digits.TrimEnd('0');
        return digits.Length == 0 ? 0
            : digits.Length <= places && long.TryParse(digits.PadRight(places, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
            : null;
    }

    private static bool TryUnscale(string text, int scale, out BigInteger unscaled)
    {
        unscaled = default;
        var exponentAt = text.AsSpan().IndexOfAny('e', 'E');
        var exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
        {
            return false;
        }

        var number = exponentAt < 0 ? text : text[..exponentAt];
        var dot = number.IndexOf('.', StringComparison.Ordinal);
        var places = dot < 0 ? 0 : number.Length - dot - 1;
        var shift = (long)scale - places + exponent;
        if (Math.Abs(shift) > LongestDecimal
            || !BigInteger.TryParse(
                dot < 0 ? number : number.Remove(dot, 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var digits))
        {
            return false;
        }

        if (shift >= 0)
        {
            unscaled = digits * BigInteger.Pow(10, (int)shift);
            return true;
        }

        // What the schema has no places for may only be zeros: nothing is rounded.
        unscaled = BigInteger.DivRem(digits, BigInteger.Pow(10, (int)-shift), out var lost);
        return lost.IsZero;
    }
}
