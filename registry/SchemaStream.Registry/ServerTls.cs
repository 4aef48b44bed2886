using System.Security.Cryptography.X509Certificates;

namespace SchemaStream.Registry;

/// <summary>What <c>https</c> listeners show, and ask of clients.</summary>
public sealed record ServerTls
{
    /// <summary>The server's certificate, with its key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>The authorities between it and the root, sent along.</summary>
    public X509Certificate2Collection Chain { get; init; } = [];

    /// <summary>Whether clients show a certificate: <c>ssl.client.authentication</c>.</summary>
    public ClientCertificates ClientCertificates { get; init; } = ClientCertificates.None;

    /// <summary>By whom clients' certificates are to be signed; null trusts the system's authorities.</summary>
    public X509Certificate2Collection? ClientAuthorities { get; init; }
}

/// <summary>Whether clients show a certificate.</summary>
public enum ClientCertificates
{
    /// <summary>They are not asked.</summary>
    None = 0,

    /// <summary>They are asked; one that is shown has to be good.</summary>
    Requested = 1,

    /// <summary>Without one there is no connection.</summary>
    Required = 2,
}
