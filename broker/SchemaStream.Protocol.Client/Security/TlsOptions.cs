using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace SchemaStream.Protocol.Client.Security;

/// <summary>That a connection is encrypted, whom it trusts, and as whom it presents itself.</summary>
public sealed record TlsOptions
{
    /// <summary>The authorities to trust; null trusts those of the system.</summary>
    public X509Certificate2Collection? TrustedAuthorities { get; init; }

    /// <summary>The client's own certificate, where the broker asks for one.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>What lies between the client's certificate and its authority; sent with it.</summary>
    public X509Certificate2Collection? ClientChain { get; init; }

    /// <summary>Whether the certificate has to be the host's that was asked for.</summary>
    public HostNameCheck HostNameCheck { get; init; } = HostNameCheck.Required;

    /// <summary>Whether an authority that is trusted has to have signed the certificate.</summary>
    public AuthorityCheck AuthorityCheck { get; init; } = AuthorityCheck.Required;

    /// <summary>What does not make a certificate useless.</summary>
    internal SslPolicyErrors Tolerated => AuthorityCheck == AuthorityCheck.Omitted
        ? SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors
        : HostNameCheck == HostNameCheck.Omitted ? SslPolicyErrors.RemoteCertificateNameMismatch
        : SslPolicyErrors.None;

    /// <summary>The settings of one handshake.</summary>
    /// <param name="host">Whom it is with.</param>
    /// <param name="verdict">Hears what is found of the broker's certificate.</param>
    internal SslClientAuthenticationOptions For(string host, CertificateVerdict verdict) => new()
    {
        TargetHost = host,

        // Sent whatever authorities the broker names, its chain with it.
        ClientCertificateContext = ClientCertificate is null
            ? null
            : SslStreamCertificateContext.Create(ClientCertificate, ClientChain, offline: true),
        CertificateChainPolicy = TrustedAuthorities is null ? null : Policy(TrustedAuthorities),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => verdict.Take(certificate, chain, errors & ~Tolerated),
    };

    private static X509ChainPolicy Policy(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}

/// <summary>Kafka's <c>ssl.endpoint.identification.algorithm</c>.</summary>
public enum HostNameCheck
{
    /// <summary><c>https</c>: the certificate is the host's.</summary>
    Required = 0,

    /// <summary>Empty: any certificate of a trusted authority will do.</summary>
    Omitted = 1,
}

/// <summary>librdkafka's <c>enable.ssl.certificate.verification</c>.</summary>
public enum AuthorityCheck
{
    /// <summary>The certificate is of a trusted authority.</summary>
    Required = 0,

    /// <summary>Whoever answers is trusted: encrypted, but for tests alone.</summary>
    Omitted = 1,
}
