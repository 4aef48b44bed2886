using SchemaStream.Registry.Client;

namespace SchemaStream.Hosting.Settings;

/// <summary>TLS and credentials towards the registry, as configuration says them.</summary>
public sealed class RegistrySecuritySettings
{
    /// <summary>The user of basic authentication; null for none.</summary>
    public string? UserName { get; set; }

    /// <summary>The password of basic authentication.</summary>
    public string? Password { get; set; }

    /// <summary>A token of bearer authentication; null for none.</summary>
    public string? BearerToken { get; set; }

    /// <summary>PEM file of the authorities to trust; null trusts the system's.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>PEM file of the certificate that this program shows.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file of its key; null when it lies in the same file.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The key's password.</summary>
    public string? KeyPassword { get; set; }

    /// <summary>The TLS options, or null where nothing is asked for.</summary>
    internal RegistryTlsOptions? ToTls() => (SettingsText.Said(AuthorityFile) ?? SettingsText.Said(CertificateFile)) is null
        ? null
        : new RegistryTlsOptions
        {
            AuthorityFile = SettingsText.Said(AuthorityFile),
            CertificateFile = SettingsText.Said(CertificateFile),
            KeyFile = SettingsText.Said(KeyFile),
            KeyPassword = SettingsText.Said(KeyPassword),
        };
}
