using Microsoft.Extensions.Configuration;

namespace SchemaStream.Hosting.Settings;

/// <summary>
/// What configuration may say of one table, under <c>Tables:&lt;topic&gt;</c>; what it does not say is as in <see cref="TableOptions"/>.
/// </summary>
public sealed class TableSettings
{
    /// <summary>How many changes may wait for each reader of the change stream before it is told that it is too slow.</summary>
    public int? ChangeCapacity { get; set; }

    /// <summary>What to do with a record that cannot be read.</summary>
    public DecodeFailureAction? DecodeFailure { get; set; }

    /// <summary>Further settings of this table's transport, after those of the client.</summary>
    public IDictionary<string, string> TransportSettings { get; set; } = new Dictionary<string, string>();

    /// <summary>What no configuration can say: changes the options that the table is made with.</summary>
    public Func<TableOptions, TableOptions>? Configure { get; set; }

    internal static PartSettings<TableSettings> Of(IConfiguration? section, string topic, Action<TableSettings>? configure) => new(
        section, "Tables", topic, (text, into) => text.Check<TableSettings>().Know<TableSettings>().Usable().Bind(into), configure, Check);

    internal TableOptions ToOptions()
    {
        var options = new TableOptions();
        options = options with
        {
            ChangeCapacity = ChangeCapacity ?? options.ChangeCapacity,
            DecodeFailure = DecodeFailure?.ToPolicy() ?? options.DecodeFailure,
            ConfigureTransport = NamedSettings.Adding(TransportSettings),
        };
        return Configure?.Invoke(options) ?? options;
    }

    private static void Check(SettingsRules rules, TableSettings settings)
    {
        rules.OneOrMore(nameof(ChangeCapacity), settings.ChangeCapacity);
        rules.OneOf(nameof(DecodeFailure), settings.DecodeFailure);
    }
}
