using Microsoft.Extensions.Configuration;

namespace SchemaStream.Hosting.Settings;

/// <summary>The texts of the client's own settings.</summary>
/// <param name="section">The section of the SDK.</param>
internal sealed class ClientText(IConfiguration section) : ISettingsCheck
{
    public IEnumerable<string> Wrong => Read().Wrong;

    /// <summary>Sets what configuration says.</summary>
    /// <param name="settings">The settings.</param>
    public void BindTo(SchemaStreamSettings settings) => Read().Usable().Bind(settings);

    private SettingsText Read() => new SettingsText(section, path: "")
        .Check<SchemaStreamSettings>().Know<SchemaStreamSettings>("", "Producers", "Consumers", "Topics", "Transforms", "Tables")
        .Check<BrokerSecuritySettings>(nameof(SchemaStreamSettings.Security)).Know<BrokerSecuritySettings>(nameof(SchemaStreamSettings.Security))
        .Check<RegistrySecuritySettings>(nameof(SchemaStreamSettings.Registry)).Know<RegistrySecuritySettings>(nameof(SchemaStreamSettings.Registry));
}
