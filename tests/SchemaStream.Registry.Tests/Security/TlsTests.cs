using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SchemaStream.Registry.Tests.Security;

/// <summary>Listeners that are encrypted, and those that ask for a certificate.</summary>
public sealed class TlsTests
{
    [Fact]
    public async Task AnHttpsListener_ShowsItsCertificate()
    {
        using var own = Certificate("localhost");
        await using var registry = await StartAsync(new ServerTls { Certificate = own });
        using var http = Client(own);

        registry.Host.BaseAddress.Scheme.ShouldBe("https");
        (await http.GetStringAsync(new Uri(registry.Host.BaseAddress, "/subjects"))).ShouldBe("[]");
    }

    [Fact]
    public async Task ARequiredCertificate_HasToBeSignedByTheAuthority()
    {
        using var own = Certificate("localhost");
        using var client = Certificate("client");
        using var stranger = Certificate("client");
        await using var registry = await StartAsync(new ServerTls
        {
            Certificate = own,
            ClientCertificates = ClientCertificates.Required,
            ClientAuthorities = [client],
        });
        var address = new Uri(registry.Host.BaseAddress, "/subjects");
        using var good = Client(own, client);
        using var none = Client(own);
        using var bad = Client(own, stranger);

        (await good.GetStringAsync(address)).ShouldBe("[]");
        await Should.ThrowAsync<HttpRequestException>(() => none.GetStringAsync(address));
        await Should.ThrowAsync<HttpRequestException>(() => bad.GetStringAsync(address));
    }

    private static Task<TestRegistry> StartAsync(ServerTls tls) => TestRegistry.StartAsync(change: options => options with
    {
        Listeners = [new RegistryListener(ListenerScheme.Https, "127.0.0.1", 0)],
        Tls = tls,
    });

    private static HttpClient Client(X509Certificate2 trusted, X509Certificate2? own = null) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == trusted.GetCertHashString(),
            ClientCertificates = own is null ? null : [own],
        },
    })
    {
        DefaultRequestVersion = HttpVersion.Version11,
    };

    private static X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
