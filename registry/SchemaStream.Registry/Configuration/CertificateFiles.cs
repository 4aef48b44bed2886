using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SchemaStream.Registry.Configuration;

/// <summary>Certificates as files, in the two forms that every tool writes: PEM and PKCS12.</summary>
internal static class CertificateFiles
{
    private const int LargestFile = 1 << 20;

    /// <summary>A certificate with its key, and the authorities between it and the root.</summary>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Own(
        RegistryConfiguration settings, string key, string? type, string? storePassword, string? keyPassword) =>
        Read<(X509Certificate2, X509Certificate2Collection)>(settings, key, path =>
        {
            var chain = new X509Certificate2Collection();
            if (IsPem(path, type))
            {
                chain.ImportFromPemFile(path);
                var certificate = keyPassword is null
                    ? X509Certificate2.CreateFromPemFile(path)
                    : X509Certificate2.CreateFromEncryptedPemFile(path, keyPassword);
                return (certificate, chain);
            }

            chain = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, storePassword);
            var own = chain.FirstOrDefault(one => one.HasPrivateKey)
                ?? throw new CryptographicException("there is no certificate with a private key in it");
            return (own, chain);
        });

    /// <summary>Certificates to trust.</summary>
    public static X509Certificate2Collection Authorities(RegistryConfiguration settings, string key, string? password) =>
        Read(settings, key, path =>
        {
            var authorities = new X509Certificate2Collection();
            if (IsPem(path, type: null))
            {
                authorities.ImportFromPemFile(path);
            }
            else
            {
                authorities = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
            }

            return authorities.Count > 0 ? authorities : throw new CryptographicException("there is no certificate in it");
        });

    private static T Read<T>(RegistryConfiguration settings, string key, Func<string, T> read)
    {
        var path = settings.Value(key);
        try
        {
            return new FileInfo(path).Length <= LargestFile
                ? read(path)
                : throw new IOException($"a file of more than {LargestFile} bytes");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw settings.Bad(key, $"a certificate file as PEM or PKCS12 ({unreadable.Message})", unreadable);
        }
    }

    private static bool IsPem(string path, string? type) => type is null
        ? Path.GetExtension(path).ToUpperInvariant() is not (".P12" or ".PFX" or ".PKCS12")
        : type == "PEM";
}
