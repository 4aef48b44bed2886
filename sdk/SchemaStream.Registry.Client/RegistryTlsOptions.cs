namespace SchemaStream.Registry.Client;

/// <summary>TLS towards a registry. All files are PEM, as other Kafka clients take them.</summary>
public sealed class RegistryTlsOptions
{
    /// <summary>Certificates of the authorities to trust, in the place of the system's; null trusts the system's.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>The certificate that this program shows, with its chain; null shows none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The key of <see cref="CertificateFile"/>; null when it lies in the same file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The password of the key; null when it has none.</summary>
    public string? KeyPassword { get; init; }
}
