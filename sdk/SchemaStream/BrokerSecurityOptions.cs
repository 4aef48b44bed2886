namespace SchemaStream;

/// <summary>How to talk to brokers that ask for more than an address: TLS, a name and a password.</summary>
/// <remarks>
/// What is not here (OAuth, Kerberos) is set by librdkafka's names through
/// <see cref="SchemaStreamOptions.ConfigureTransport"/>. All files are PEM.
/// </remarks>
public sealed record BrokerSecurityOptions
{
    /// <summary>Whether connections are encrypted.</summary>
    public bool UseTls { get; init; }

    /// <summary>Certificates of the authorities to trust (<c>ssl.ca.location</c>); null trusts the system's.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>The certificate that this program shows, with its chain (<c>ssl.certificate.location</c>); null shows none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The key of <see cref="CertificateFile"/> (<c>ssl.key.location</c>); null for none.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The password of the key (<c>ssl.key.password</c>); null when it has none.</summary>
    public string? KeyPassword { get; init; }

    /// <summary>
    /// Whether a broker's certificate must be of the name that it is connected to by; turn it off only in tests
    /// (<c>ssl.endpoint.identification.algorithm</c>).
    /// </summary>
    public bool VerifyHostName { get; init; } = true;

    /// <summary>How this program says who it is (<c>sasl.mechanism</c>).</summary>
    public SaslMechanism Sasl { get; init; }

    /// <summary>The name (<c>sasl.username</c>); needed with every mechanism.</summary>
    public string? UserName { get; init; }

    /// <summary>The password (<c>sasl.password</c>); needed with every mechanism.</summary>
    public string? Password { get; init; }

    /// <summary>Says what is there without saying the secrets: options are logged.</summary>
    public override string ToString() => $"{(UseTls ? "TLS" : "plaintext")}, SASL {Sasl}{(UserName is null ? "" : $" as {UserName}")}";
}
