namespace SchemaStream.Hosting.Settings;

/// <summary>TLS and credentials towards the brokers, as configuration says them; see <see cref="BrokerSecurityOptions"/>.</summary>
public sealed class BrokerSecuritySettings
{
    /// <summary>Whether connections are encrypted.</summary>
    public bool UseTls
    {
        get;
        set => (field, IsTlsSaid) = (value, true);
    }

    /// <summary>PEM file of the authorities to trust; null trusts the system's.</summary>
    public string? AuthorityFile { get; set; }

    /// <summary>PEM file of the certificate that this program shows.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file of its key.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The key's password.</summary>
    public string? KeyPassword { get; set; }

    /// <summary>Whether a broker's certificate must be of the name it is connected to by.</summary>
    public bool VerifyHostName { get; set; } = true;

    /// <summary>How this program says who it is.</summary>
    public SaslMechanism Sasl
    {
        get;
        set => (field, IsSaslSaid) = (value, true);
    }

    /// <summary>The name.</summary>
    public string? UserName { get; set; }

    /// <summary>The password.</summary>
    public string? Password { get; set; }

    /// <summary>Whether something has said <see cref="UseTls"/>: <c>false</c> over another file's certificates turns them off.</summary>
    internal bool IsTlsSaid { get; private set; }

    /// <summary>Whether something has said <see cref="Sasl"/>: <c>None</c> over another file's credentials turns them off.</summary>
    internal bool IsSaslSaid { get; private set; }

    /// <summary>The options, or null where nothing is asked for.</summary>
    internal BrokerSecurityOptions? ToOptions() => !UseTls && Sasl == SaslMechanism.None
        ? null
        : new BrokerSecurityOptions
        {
            UseTls = UseTls,
            AuthorityFile = UseTls ? SettingsText.Said(AuthorityFile) : null,
            CertificateFile = UseTls ? SettingsText.Said(CertificateFile) : null,
            KeyFile = UseTls ? SettingsText.Said(KeyFile) : null,
            KeyPassword = UseTls ? SettingsText.Said(KeyPassword) : null,
            VerifyHostName = VerifyHostName,
            Sasl = Sasl,
            UserName = Sasl == SaslMechanism.None ? null : UserName,
            Password = Sasl == SaslMechanism.None ? null : Password,
        };
}
