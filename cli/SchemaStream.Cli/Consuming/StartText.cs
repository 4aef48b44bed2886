using System.Globalization;
using SchemaStream.Cli.Errors;

namespace SchemaStream.Cli.Consuming;

/// <summary>Where reading begins, as a command line says it.</summary>
internal static class StartText
{
    /// <summary>An offset, <c>beginning</c>, <c>end</c>, a time (ISO 8601, UTC unless it says otherwise) or a span before now (<c>-15m</c>).</summary>
    /// <exception cref="CliException">It is none of them.</exception>
    public static StartAt Read(string text, TimeProvider time)
    {
        if (text.Equals("beginning", StringComparison.OrdinalIgnoreCase) || text.Equals("earliest", StringComparison.OrdinalIgnoreCase))
        {
            return new StartAt(StartKind.Earliest);
        }

        if (text.Equals("end", StringComparison.OrdinalIgnoreCase) || text.Equals("latest", StringComparison.OrdinalIgnoreCase))
        {
            return new StartAt(StartKind.Latest);
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            return new StartAt(StartKind.Offset, offset);
        }

        if (Span(text) is { } span)
        {
            return new StartAt(StartKind.Time, (time.GetUtcNow() - span).ToUnixTimeMilliseconds());
        }

        return text.Length >= "2024-02-29".Length && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? new StartAt(StartKind.Time, instant.ToUnixTimeMilliseconds())
            : throw ErrorCatalog.Usage.Exception(
                $"--from {text}: neither an offset nor a time.", nextStep: "Say an offset (42), beginning, end, a time (2024-02-29T12:00:00Z) or a span before now (-15m; s, m, h, d).");
    }

    private static TimeSpan? Span(string text)
    {
        if (text.Length < 3 || text[0] != '-' || !int.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' when count < 100_000 => TimeSpan.FromDays(count),
            _ => null,
        };
    }
}
