using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace SchemaStream.Hosting.Settings;

/// <summary>
/// Configuration is text. What cannot be the value of its setting is said here, with the key, the text and what is allowed:
/// .NET's binder stops at the first and does not know the last, and passes over text where it wants a section in silence.
/// </summary>
/// <param name="section">What was configured; null for nothing.</param>
/// <param name="path">Its key, as people are told it; empty for the SDK's own section.</param>
internal sealed class SettingsText(IConfiguration? section, string path)
{
    private readonly HashSet<string> _unusable = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _wrong = [];

    /// <summary>What is wrong so far.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    /// <summary>The configuration without what is wrong, and without values that are left empty, for the binder.</summary>
    public IConfiguration Usable() => new ConfigurationBuilder()
        .AddInMemoryCollection(section?.AsEnumerable(makePathsRelative: true).Where(pair => !_unusable.Contains(pair.Key)))
        .Build();

    /// <summary>Checks the texts of a class of settings.</summary>
    /// <typeparam name="TSettings">The class, whose own settings are looked at, not those of its sections.</typeparam>
    /// <param name="key">Its section, below this one's; empty for this one.</param>
    public SettingsText Check<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TSettings>(string key = "")
    {
        foreach (var property in typeof(TSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (section is not null && !typeof(Delegate).IsAssignableFrom(type))
            {
                Check(section.GetSection(Combine(key, property.Name)), Combine(key, property.Name), type);
            }
        }

        return this;
    }

    /// <summary>
    /// Refuses keys that are no settings: a typing mistake would leave the setting as it is by default, in silence. Remarks are
    /// none, which plain JSON has no other place for: <c>"//"</c>, <c>"_comment"</c>, <c>"$schema"</c>.
    /// </summary>
    /// <typeparam name="TSettings">The class that has the settings.</typeparam>
    /// <param name="key">Its section, below this one's; empty for this one.</param>
    /// <param name="others">Further keys that may be there; where there are any, only what is nearly a key's name is refused.</param>
    public SettingsText Know<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TSettings>(
        string key = "", params string[] others)
    {
        string[] names =
        [
            .. typeof(TSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => !typeof(Delegate).IsAssignableFrom(property.PropertyType))
                .Select(property => property.Name),
            .. others,
        ];
        foreach (var child in (key.Length == 0 ? section : section?.GetSection(key))?.GetChildren() ?? [])
        {
            if (IsRemark(child.Key))
            {
                continue;
            }

            var near = names.Where(name => KeyDistance.IsNear(child.Key, name)).Order(StringComparer.Ordinal).ToArray();
            if (!names.Contains(child.Key, StringComparer.OrdinalIgnoreCase) && (near.Length > 0 || others.Length == 0))
            {
                _wrong.Add($"{Combine(path, Combine(key, child.Key))} is not a setting; {SettingsRules.Names(near.Length > 0 ? near : names)} was expected");
            }
        }

        return this;
    }

    /// <summary>A text; null for one that is left empty, as an override does that takes away what another file says.</summary>
    public static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static bool IsRemark(string key) => key.Length == 0 || !char.IsLetter(key[0]);

    private static string Combine(string key, string name) => key.Length == 0 ? name : ConfigurationPath.Combine(key, name);

    private void Check(IConfigurationSection setting, string key, Type type)
    {
        if (IsSection(type))
        {
            if (!string.IsNullOrEmpty(setting.Value))
            {
                Refuse(key, setting.Value, "settings below this key were expected");
            }

            if (typeof(IList<TimeSpan>).IsAssignableFrom(type))
            {
                foreach (var child in setting.GetChildren())
                {
                    CheckValue(child, Combine(key, child.Key), typeof(TimeSpan));
                }
            }

            return;
        }

        CheckValue(setting, key, type);
    }

    private void CheckValue(IConfigurationSection setting, string key, Type type)
    {
        if (setting.GetChildren().FirstOrDefault() is { } child)
        {
            Refuse(Combine(key, child.Key), child.Value, $"{Combine(path, key)} alone is a setting, of which {Expected(type)} was expected");
        }
        else if (type != typeof(string) && string.IsNullOrEmpty(setting.Value))
        {
            _unusable.Add(key); // left empty, as templates do: as if it were not there
        }
        else if (!Fits(setting.Value!, type))
        {
            Refuse(key, setting.Value, $"{Expected(type)} was expected");
        }
    }

    private void Refuse(string key, string? value, string expected)
    {
        _unusable.Add(key);
        _wrong.Add($"{Combine(path, key)} is '{value}'; {expected}");
    }

    private static bool IsSection(Type type) =>
        typeof(IDictionary).IsAssignableFrom(type)
        || (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type))
        || (!type.IsEnum && type.Namespace == typeof(SettingsText).Namespace);

    private static bool Fits(string text, Type type) => type switch
    {
        { IsEnum: true } => Enum.GetNames(type).Contains(text.Trim(), StringComparer.OrdinalIgnoreCase),
        _ when type == typeof(bool) => bool.TryParse(text, out _),
        _ when type == typeof(short) => short.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
        _ when type == typeof(int) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
        _ when type == typeof(long) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),

        // A number alone would be so many days, which no one means.
        _ when type == typeof(TimeSpan) => text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _),
        _ => true,
    };

    private static string Expected(Type type) => type switch
    {
        { IsEnum: true } => SettingsRules.Names(type),
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(TimeSpan) => "a time as hh:mm:ss",
        _ when type == typeof(string) => "a text",
        _ when type == typeof(short) => $"a whole number up to {short.MaxValue}",
        _ when type == typeof(int) => $"a whole number up to {int.MaxValue}",
        _ => "a whole number",
    };
}
