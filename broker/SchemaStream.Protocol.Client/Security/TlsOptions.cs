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

    /// <summary>Whether the certificate has to be the host's that was asked for.</summary>
    public HostNameCheck HostNameCheck { get; init; } = HostNameCheck.Required;

    internal SslClientAuthenticationOptions For(string host) => new()
    {
        TargetHost = host,
        ClientCertificates = ClientCertificate is null ? null : [ClientCertificate],
        CertificateChainPolicy = TrustedAuthorities is null ? null : Policy(TrustedAuthorities),
        RemoteCertificateValidationCallback = HostNameCheck == HostNameCheck.Required
            ? null
            : static (_, _, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None,
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
