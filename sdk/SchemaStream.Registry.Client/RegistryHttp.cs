using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace SchemaStream.Registry.Client;

/// <summary>The HTTP stack as the options want it: time-outs, credentials, certificates.</summary>
internal static class RegistryHttp
{
    private const int LargestReplyBytes = 64 * 1024 * 1024;

    /// <summary>The media type of the registry's API.</summary>
    public const string ContentType = "application/vnd.schemaregistry.v1+json";

    public static HttpClient Create(RegistryClientOptions options, HttpMessageHandler? handler)
    {
        var http = handler is null ? new HttpClient(Handler(options)) : new HttpClient(handler, disposeHandler: false);
        http.Timeout = Timeout.InfiniteTimeSpan;
        http.MaxResponseContentBufferSize = LargestReplyBytes;
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue(ContentType));
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json", 0.5));
        http.DefaultRequestHeaders.Authorization = Authorization(options);
        return http;
    }

    private static AuthenticationHeaderValue? Authorization(RegistryClientOptions options)
    {
        if (options.BearerToken is { } token)
        {
            return new AuthenticationHeaderValue("Bearer", token);
        }

        return options.BasicCredentials is { } credentials
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)))
            : null;
    }

    private static SocketsHttpHandler Handler(RegistryClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (options.Tls is { } tls)
        {
            handler.SslOptions = Security(tls);
        }

        return handler;
    }

    private static SslClientAuthenticationOptions Security(RegistryTlsOptions tls)
    {
        var security = new SslClientAuthenticationOptions();
        if (tls.AuthorityFile is { } authorities)
        {
            var trusted = new X509Certificate2Collection();
            Read(authorities, "the authorities to trust", () => trusted.ImportFromPemFile(authorities));
            if (trusted.Count == 0)
            {
                throw new ArgumentException($"'{authorities}' holds no certificate to trust: a PEM file with at least one is expected.");
            }

            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(trusted);
            security.CertificateChainPolicy = policy;
        }

        if (tls.CertificateFile is { } certificate)
        {
            X509Certificate2? own = null;
            Read(certificate, "this program's certificate", () => own = tls.KeyPassword is { } password
                ? X509Certificate2.CreateFromEncryptedPemFile(certificate, password, tls.KeyFile)
                : X509Certificate2.CreateFromPemFile(certificate, tls.KeyFile));
            security.ClientCertificates = [own!];
        }

        return security;
    }

    private static void Read(string file, string what, Action read)
    {
        try
        {
            read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ArgumentException($"'{file}' cannot be read as {what}: {failure.Message}", failure);
        }
    }
}
