using System.Globalization;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>Reads values of librdkafka's settings.</summary>
internal static class SettingText
{
    /// <summary>A number: of the first of some names that is set.</summary>
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

    /// <summary>One of two words.</summary>
    /// <exception cref="ArgumentException">The value is none of the setting.</exception>
    public static bool Choice(IReadOnlyDictionary<string, string> settings, bool standard, string name, string yes, string no) =>
        !settings.TryGetValue(name, out var text) ? standard
        : text == yes ? true
        : text == no ? false
        : throw Refused(name, text);

    public static ArgumentException Refused(string name, string value) => new($"{name}={value} is no value of this setting.");
}
