using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Protocol.Client.Tests.Security;

/// <summary>Connections that the pool reads.</summary>
public sealed class SecureConnectionTests() : SecureConnectionCases(hasThread: false);

/// <summary>Connections that have threads of their own.</summary>
public sealed class SecureConnectionByThreadTests() : SecureConnectionCases(hasThread: true);

public abstract class SecureConnectionCases(bool hasThread)
{
    [Theory]
    [InlineData(SaslMechanism.Plain)]
    [InlineData(SaslMechanism.ScramSha256)]
    [InlineData(SaslMechanism.ScramSha512)]
    public async Task Connect_OverTlsWithThePassword_ServesRequests(SaslMechanism mechanism)
    {
        using var certificate = Certificate();
        var user = new SaslOptions(mechanism, "registry", "s3cr=t,");
        await using var peer = new SecurePeer(certificate, user);

        await using var connection = await ConnectAsync(peer, user, Trusting(certificate));

        (await connection.SendAsync(new MetadataRequest { Topics = [] }, 8)).ControllerId.ShouldBe(7);
    }

    [Theory]
    [InlineData(SaslMechanism.Plain)]
    [InlineData(SaslMechanism.ScramSha256)]
    public async Task Connect_WithAnotherPassword_IsRefusedWithoutTellingIt(SaslMechanism mechanism)
    {
        await using var peer = new SecurePeer(null, new SaslOptions(mechanism, "registry", "right"));

        var refused = await Should.ThrowAsync<KafkaAuthenticationException>(
            ConnectAsync(peer, new SaslOptions(mechanism, "registry", "wrong"), null));

        refused.Message.ShouldContain("registry");
        refused.Message.ShouldNotContain("wrong");
    }

    [Fact]
    public async Task Connect_WithAMechanismThatIsNotOffered_NamesThoseThatAre()
    {
        await using var peer = new SecurePeer(null, new SaslOptions(SaslMechanism.ScramSha512, "registry", "x"));

        (await Should.ThrowAsync<KafkaAuthenticationException>(
            ConnectAsync(peer, new SaslOptions(SaslMechanism.Plain, "registry", "x"), null))).Message.ShouldContain("SCRAM-SHA-512");
    }

    [Fact]
    public async Task Connect_ToACertificateThatNobodyTrusts_IsRefused()
    {
        using var certificate = Certificate();
        using var other = Certificate();
        await using var peer = new SecurePeer(certificate, null);

        await Should.ThrowAsync<KafkaAuthenticationException>(ConnectAsync(peer, null, Trusting(other)));
    }

    [Fact]
    public async Task Connect_ToACertificateOfAnotherHost_IsRefusedUnlessTheHostIsNotChecked()
    {
        using var certificate = Certificate("elsewhere.example");
        await using (var peer = new SecurePeer(certificate, null))
        {
            await Should.ThrowAsync<KafkaAuthenticationException>(ConnectAsync(peer, null, Trusting(certificate)));
        }

        await using var second = new SecurePeer(certificate, null);
        await using var connection = await ConnectAsync(
            second, null, Trusting(certificate) with { HostNameCheck = HostNameCheck.Omitted });
        (await connection.SendAsync(new MetadataRequest { Topics = [] }, 8)).ControllerId.ShouldBe(7);
    }

    private static TlsOptions Trusting(X509Certificate2 certificate) => new()
    {
        TrustedAuthorities = [X509CertificateLoader.LoadCertificate(certificate.RawData)],
    };

    private Task<KafkaConnection> ConnectAsync(SecurePeer peer, SaslOptions? sasl, TlsOptions? tls) =>
        KafkaConnection.ConnectAsync("localhost", peer.Port, new KafkaConnectionOptions { HasThread = hasThread, Sasl = sasl, Tls = tls });

    private static X509Certificate2 Certificate(string host = "localhost")
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
