using Microsoft.Extensions.Configuration;

namespace SchemaStream.Hosting.Settings;

/// <summary>
/// The settings of one producer, consumer, transform, table or topic: what configuration says, changed by what code says. They
/// are read when they are first asked for, when configuration is complete, and checked when the host starts.
/// </summary>
/// <typeparam name="TSettings">Their class.</typeparam>
internal sealed class PartSettings<TSettings> : ISettingsCheck
    where TSettings : class, new()
{
    private readonly Lazy<(TSettings Value, IReadOnlyList<string> Wrong)> _read;

    /// <summary>Takes where they stand.</summary>
    /// <param name="section">The section of the SDK; null when there is no configuration.</param>
    /// <param name="kind">Where settings of this kind are, such as <c>Producers</c>.</param>
    /// <param name="name">Whose settings they are.</param>
    /// <param name="bind">Checks the texts and sets what they say; in the class itself, for the binder is generated code.</param>
    /// <param name="configure">What code changes; null for nothing.</param>
    /// <param name="check">Checks the values.</param>
    public PartSettings(
        IConfiguration? section,
        string kind,
        string name,
        Action<SettingsText, TSettings> bind,
        Action<TSettings>? configure,
        Action<SettingsRules, TSettings> check)
    {
        _read = new(() =>
        {
            var path = $"{kind}:{name}";
            var settings = new TSettings();
            var text = new SettingsText(section?.GetSection(kind).GetSection(name), path);
            bind(text, settings);
            configure?.Invoke(settings);
            var rules = new SettingsRules(path, section);
            check(rules, settings);
            return (settings, [.. text.Wrong, .. rules.Wrong]);
        });
    }

    /// <summary>The settings, which are right: who asks for them asks for the client too, which is not made if any are wrong.</summary>
    public TSettings Value => _read.Value.Value;

    public IEnumerable<string> Wrong => _read.Value.Wrong;
}
