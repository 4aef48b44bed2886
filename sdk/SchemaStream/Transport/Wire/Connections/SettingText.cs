using System.Globalization;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>Reads values of librdkafka's settings.</summary>
internal static class SettingText
{
    /// <summary>Ten years: as good as never.</summary>
    public const long NeverMs = 10L * 365 * 24 * 60 * 60 * 1000;

    /// <summary>
    /// A number: of the first of some names that is set. A name's other name comes before it: the SDK itself sets none of
    /// those, so it is what the application says.
    /// </summary>
    /// <param name="settings">By librdkafka's names.</param>
    /// <param name="least">Less is refused.</param>
    /// <param name="most">More counts as this.</param>
    /// <param name="standard">Where none is set.</param>
    /// <param name="names">The names.</param>
    /// <exception cref="ArgumentException">The value is none of the setting.</exception>
    public static long Number(
        IReadOnlyDictionary<string, string> settings, long least, long most, long standard, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (settings.TryGetValue(name, out var text))
            {
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least
                    ? Math.Min(number, most)
                    : throw Refused(name, text);
            }
        }

        return standard;
    }

    /// <summary>How often leaders are asked for without a reason, in milliseconds.</summary>
    /// <exception cref="ArgumentException">The value is none of the setting.</exception>
    public static long MetadataInterval(IReadOnlyDictionary<string, string> settings, long standard) =>
        Number(settings, -1, 3_600_000, -1, "topic.metadata.refresh.interval.ms") is > 0 and var interval ? interval
        : settings.ContainsKey("topic.metadata.refresh.interval.ms") ? NeverMs // librdkafka's -1
        : Number(settings, 1, 86_400_000, standard, "metadata.max.age.ms");

    /// <summary>How often leaders are asked for when they are needed, in milliseconds.</summary>
    /// <exception cref="ArgumentException">The value is none of the setting.</exception>
    public static int NeededMetadataInterval(IReadOnlyDictionary<string, string> settings) =>
        (int)Number(settings, 1, 60_000, 100, "topic.metadata.refresh.fast.interval.ms");

    /// <summary>One of two words.</summary>
    /// <exception cref="ArgumentException">The value is none of the setting.</exception>
    public static bool Choice(IReadOnlyDictionary<string, string> settings, bool standard, string name, string yes, string no) =>
        !settings.TryGetValue(name, out var text) ? standard
        : text == yes ? true
        : text == no ? false
        : throw Refused(name, text);

    public static ArgumentException Refused(string name, string value) => new($"{name}={value} is no value of this setting.");
}
