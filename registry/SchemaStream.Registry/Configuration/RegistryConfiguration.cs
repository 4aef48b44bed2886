using System.Globalization;

namespace SchemaStream.Registry.Configuration;

/// <summary>A registry's settings from all who told some, checked: what no one tells has its default.</summary>
public sealed class RegistryConfiguration
{
    private const string ClientPrefix = "kafkastore.";

    private readonly Dictionary<string, ToldRegistrySetting> _told = new(StringComparer.Ordinal);
    private readonly List<string> _ignored = [];

    private RegistryConfiguration()
    {
    }

    /// <summary>Keys that were told and mean nothing here.</summary>
    public IReadOnlyList<string> Ignored => _ignored;

    /// <summary>Takes settings in; of one that is told twice the later counts.</summary>
    /// <exception cref="RegistryConfigurationException">There is no such setting.</exception>
    public static RegistryConfiguration From(IEnumerable<ToldRegistrySetting> told)
    {
        ArgumentNullException.ThrowIfNull(told);
        var configuration = new RegistryConfiguration();
        foreach (var setting in told)
        {
            configuration.Tell(setting);
        }

        return configuration;
    }

    /// <summary>The value that counts.</summary>
    public string Value(string key) => _told.TryGetValue(key, out var told) ? told.Value : RegistrySettingDefinitions.All[key].Default;

    /// <summary>Whether anyone told it.</summary>
    public bool IsTold(string key) => _told.ContainsKey(key);

    /// <summary>The value that counts; null for an empty one.</summary>
    public string? Given(string key) => Value(key) is { Length: > 0 } value ? value : null;

    /// <summary>The values of a list.</summary>
    public IReadOnlyList<string> Values(string key) =>
        Value(key).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public bool Flag(string key) => Value(key).ToUpperInvariant() switch
    {
        "TRUE" => true,
        "FALSE" => false,
        _ => throw Bad(key, "true or false"),
    };

    public long Number(string key, long least, long most) =>
        long.TryParse(Value(key), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Bad(key, $"a number from {least} to {most}");

    public TimeSpan Duration(string key) => TimeSpan.FromMilliseconds(Number(key, 0, int.MaxValue));

    /// <summary>One of some words, in upper case.</summary>
    public string Choice(string key, params ReadOnlySpan<string> choices)
    {
        var value = Value(key).ToUpperInvariant();
        return choices.Contains(value) ? value : throw Bad(key, string.Join(", ", choices.ToArray()));
    }

    /// <summary>What is wrong with a setting, and where it was told. Passwords are not repeated.</summary>
    public RegistryConfigurationException Bad(string key, string expected, Exception? cause = null)
    {
        var place = _told.TryGetValue(key, out var told) ? $"{told.Place}: " : "";
        var found = key.Contains("password", StringComparison.Ordinal) || key.Contains("jaas", StringComparison.Ordinal)
            ? "another value"
            : $"'{Value(key)}'";
        return new RegistryConfigurationException($"{place}setting '{key}': expected {expected}, found {found}", cause);
    }

    private void Tell(ToldRegistrySetting told)
    {
        if (RegistrySettingDefinitions.All.ContainsKey(told.Key))
        {
            _told[told.Key] = told;
            return;
        }

        var nearest = RegistrySettingDefinitions.All.Keys.MinBy(name => EditDistance(name, told.Key))!;
        var isNear = EditDistance(nearest, told.Key) <= 2;
        if (RegistrySettingDefinitions.WithoutEffect.Contains(told.Key)
            || (!isNear && told.Key.StartsWith(ClientPrefix, StringComparison.Ordinal)))
        {
            _ignored.Add(told.Key);
            return;
        }

        var hint = EditDistance(nearest, told.Key) <= Math.Max(2, told.Key.Length / 4) ? $" (did you mean '{nearest}'?)" : "";
        throw new RegistryConfigurationException($"{told.Place}: the registry has no setting '{told.Key}'{hint}");
    }

    private static int EditDistance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
