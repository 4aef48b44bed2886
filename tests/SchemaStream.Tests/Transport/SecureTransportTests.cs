using System.Security.Authentication;
using SchemaStream.TestKit;
using SchemaStream.Transport;
using SchemaStream.Transport.Wire.Fetching;
using SchemaStream.Transport.Wire.Producing;

namespace SchemaStream.Tests.Transport;

/// <summary>Options of security mean the same whoever moves the bytes: over TLS and SASL records go out and come back.</summary>
public sealed class SecureTransportTests : IDisposable
{
    private readonly TestAuthority _authority = TestAuthority.Create();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(ClientTransport.Managed)]
    [InlineData(ClientTransport.Librdkafka)]
    public async Task OverTls_WithAnAuthorityOfOnesOwn(ClientTransport transport)
    {
        await using var secured = await SecuredTopic.StartAsync(new() { Certificate = _authority.Issue("broker", "localhost") });

        await SecuredTopic.ShouldCarryAsync(secured.Topic(Tls(secured), transport));
    }

    [Theory]
    [InlineData(ClientTransport.Managed, SslProtocols.Tls13)]
    [InlineData(ClientTransport.Managed, SslProtocols.Tls12)]
    [InlineData(ClientTransport.Librdkafka, SslProtocols.None)]
    public async Task OverTls_WithACertificate_WhoseAuthorityTheBrokerKnowsOnlyThroughItsChain(ClientTransport transport, SslProtocols protocols)
    {
        using var root = TestAuthority.Create("Clients");
        using var between = root.CreateBelow("Department of clients");
        using var own = between.Issue("billing");
        await using var secured = await SecuredTopic.StartAsync(new()
        {
            Certificate = _authority.Issue("broker", "localhost"), ClientAuthority = root.Certificate, Protocols = protocols,
        });

        await SecuredTopic.ShouldCarryAsync(secured.Topic(secured.Showing(own, Tls(secured), between), transport));

        secured.Front.Admitted.ShouldAllBe(name => name == "CN=billing");
    }

    [Theory]
    [InlineData(ClientTransport.Managed, SaslMechanism.Plain)]
    [InlineData(ClientTransport.Managed, SaslMechanism.ScramSha256)]
    [InlineData(ClientTransport.Managed, SaslMechanism.ScramSha512)]
    [InlineData(ClientTransport.Librdkafka, SaslMechanism.ScramSha256)]
    public async Task WithANameAndAPassword(ClientTransport transport, SaslMechanism mechanism)
    {
        await using var secured = await SecuredTopic.StartAsync(new() { Mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] });

        await SecuredTopic.ShouldCarryAsync(secured.Topic(As(mechanism), transport));

        secured.Front.Admitted.ShouldAllBe(name => name == "ann");
    }

    [Theory]
    [InlineData(SaslMechanism.Plain)]
    [InlineData(SaslMechanism.ScramSha512)]
    public async Task OverTls_WithANameAndAPassword(SaslMechanism mechanism)
    {
        await using var secured = await SecuredTopic.StartAsync(
            new() { Certificate = _authority.Issue("broker", "localhost"), Mechanisms = ["PLAIN", "SCRAM-SHA-512"] });
        var security = As(mechanism) with { UseTls = true, AuthorityFile = secured.File("ca.pem", _authority.Pem) };

        await SecuredTopic.ShouldCarryAsync(secured.Topic(security), count: 2_000);
    }

    [Fact]
    public async Task SecurityThatHasOptions_NeedsNoLibrdkafka()
    {
        await using var secured = await SecuredTopic.StartAsync(new());
        using var own = _authority.Issue("billing");
        var options = new SchemaStreamOptions
        {
            BootstrapServers = "localhost:1",
            RegistryUrl = new Uri("http://127.0.0.1:1"),
            BrokerSecurity = secured.Showing(own, Tls(secured)) with
            {
                Sasl = SaslMechanism.ScramSha512, UserName = "ann", Password = "secret", VerifyHostName = false,
            },
        };

        ProduceSettings.TryAccess(TransportSettings.ForProducer(options, new()), out var unhonoured).ShouldNotBeNull(unhonoured);
        FetchSettings.TryAccess(TransportSettings.ForConsumer(options, "g", new()), out unhonoured).ShouldNotBeNull(unhonoured);
        FetchSettings.TryAccess(TransportSettings.ForTable(options, new()), out unhonoured).ShouldNotBeNull(unhonoured);
    }

    [Fact]
    public async Task WithCertificatesAsTexts_AndAsAStore()
    {
        using var own = _authority.Issue("billing");
        await using var secured = await SecuredTopic.StartAsync(
            new() { Certificate = _authority.Issue("broker", "localhost"), ClientAuthority = _authority.Certificate });
        var store = secured.File("own.p12", "");
        File.WriteAllBytes(store, own.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pfx, "of the store"));
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(own)!;

        await SecuredTopic.ShouldCarryAsync(secured.Topic(new() { UseTls = true }, configure: settings =>
        {
            settings["ssl.ca.pem"] = _authority.Pem;
            settings["ssl.certificate.pem"] = own.ExportCertificatePem();
            settings["ssl.key.pem"] = key.ExportPkcs8PrivateKeyPem();
        }));
        await using var producer = secured.Topic(new() { UseTls = true }, configure: settings =>
        {
            settings["ssl.ca.pem"] = _authority.Pem;
            settings["ssl.keystore.location"] = store;
            settings["ssl.keystore.password"] = "of the store";
        }).Produce();
        await producer.SendAsync("k", "v").AsTask().WaitAsync(TestTime.Limit);

        secured.Front.Admitted.ShouldAllBe(name => name == "CN=billing");
        secured.Logs.Lines.ShouldNotContain(line => line.Message.Contains("by librdkafka", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithAMechanismThatOnlyLibrdkafkaHas_TheClientIsLibrdkafkas_AndTheLogSaysSo()
    {
        await using var secured = await SecuredTopic.StartAsync(new() { Mechanisms = ["OAUTHBEARER"] });

        await SecuredTopic.ShouldCarryAsync(secured.Topic(new(), configure: settings =>
        {
            settings["security.protocol"] = "sasl_plaintext";
            settings["sasl.mechanism"] = "OAUTHBEARER";
            settings["enable.sasl.oauthbearer.unsecure.jwt"] = "true";
            settings["sasl.oauthbearer.config"] = "principal=ann";
        }));

        secured.Front.Admitted.ShouldAllBe(name => name == "ann");
        secured.Logs.Lines.ShouldContain(line => line.Message.Contains("sent by librdkafka", StringComparison.Ordinal));
        secured.Logs.Lines.ShouldContain(line => line.Message.Contains("read by librdkafka", StringComparison.Ordinal));
    }

    private BrokerSecurityOptions Tls(SecuredTopic secured) => new() { UseTls = true, AuthorityFile = secured.File("ca.pem", _authority.Pem) };

    private static BrokerSecurityOptions As(SaslMechanism mechanism)
    {
        var known = new SecureFrontOptions();
        return new() { Sasl = mechanism, UserName = known.User, Password = known.Password };
    }
}
