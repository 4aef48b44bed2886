using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SchemaStream.Protocol.Client.Security;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>Reads what librdkafka's settings say of TLS, certificates included.</summary>
internal static class TlsSettings
{
    /// <summary>Reads the settings.</summary>
    /// <param name="settings">By librdkafka's names.</param>
    /// <exception cref="ArgumentException">A file cannot be read, or holds nothing of its setting's kind.</exception>
    public static TlsOptions Of(IReadOnlyDictionary<string, string> settings)
    {
        try
        {
            var (own, chain) = OwnOf(settings);
            return new TlsOptions
            {
                TrustedAuthorities = AuthoritiesOf(settings),
                ClientCertificate = own,
                ClientChain = chain,
                HostNameCheck = SettingText.Choice(settings, true, "ssl.endpoint.identification.algorithm", "https", "none")
                    ? HostNameCheck.Required
                    : HostNameCheck.Omitted,
                AuthorityCheck = SettingText.Choice(settings, true, "enable.ssl.certificate.verification", "true", "false")
                    ? AuthorityCheck.Required
                    : AuthorityCheck.Omitted,
            };
        }
        catch (Exception unread) when (unread is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"The certificates could not be read: {unread.Message}", nameof(settings), unread);
        }
    }

    private static X509Certificate2Collection? AuthoritiesOf(IReadOnlyDictionary<string, string> settings)
    {
        var texts = new List<(string Setting, string Text)>();
        if (settings.TryGetValue("ssl.ca.location", out var file))
        {
            texts.Add(($"ssl.ca.location={file}", File.ReadAllText(file)));
        }

        if (settings.TryGetValue("ssl.ca.pem", out var pem))
        {
            texts.Add(("ssl.ca.pem", pem));
        }

        if (texts.Count == 0)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        foreach (var (setting, text) in texts)
        {
            var had = authorities.Count;
            authorities.ImportFromPem(text);
            if (authorities.Count == had)
            {
                // Trusting no one would look like a broker that no one may trust.
                throw new ArgumentException($"{setting} holds no certificate in PEM.", nameof(settings));
            }
        }

        return authorities;
    }

    private static (X509Certificate2? Own, X509Certificate2Collection? Chain) OwnOf(IReadOnlyDictionary<string, string> settings)
    {
        if (settings.TryGetValue("ssl.keystore.location", out var store))
        {
            return Divide(X509CertificateLoader.LoadPkcs12CollectionFromFile(store, settings.GetValueOrDefault("ssl.keystore.password")));
        }

        if (TextOf(settings, "ssl.certificate") is not { } certificate)
        {
            return (null, null);
        }

        // One file may hold both.
        var key = TextOf(settings, "ssl.key") ?? certificate;
        using var read = settings.TryGetValue("ssl.key.password", out var password)
            ? X509Certificate2.CreateFromEncryptedPem(certificate, key, password)
            : X509Certificate2.CreateFromPem(certificate, key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        chain.RemoveAt(0); // itself

        // Not every system takes a key for TLS that is nowhere but in memory: this form, all do.
        return (X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pfx), null), chain);
    }

    private static (X509Certificate2 Own, X509Certificate2Collection Chain) Divide(X509Certificate2Collection store)
    {
        var own = store.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new ArgumentException("ssl.keystore.location holds no certificate with its key.");
        var chain = new X509Certificate2Collection();
        chain.AddRange(store.Where(certificate => !ReferenceEquals(certificate, own)).ToArray());
        return (own, chain);
    }

    private static string? TextOf(IReadOnlyDictionary<string, string> settings, string name) =>
        settings.TryGetValue($"{name}.pem", out var pem) ? pem
        : settings.TryGetValue($"{name}.location", out var file) ? File.ReadAllText(file)
        : null;
}
