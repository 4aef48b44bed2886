using SchemaStream.Transport;

namespace SchemaStream.Tests.Transport;

public sealed class SecuritySettingsTests
{
    [Theory]
    [InlineData(false, SaslMechanism.None, "plaintext", null)]
    [InlineData(true, SaslMechanism.None, "ssl", null)]
    [InlineData(false, SaslMechanism.ScramSha256, "sasl_plaintext", "SCRAM-SHA-256")]
    [InlineData(true, SaslMechanism.Plain, "sasl_ssl", "PLAIN")]
    [InlineData(true, SaslMechanism.ScramSha512, "sasl_ssl", "SCRAM-SHA-512")]
    public void TheProtocolFollowsFromTlsAndSasl(bool tls, SaslMechanism sasl, string protocol, string? mechanism)
    {
        var settings = Shared(new BrokerSecurityOptions { UseTls = tls, Sasl = sasl, UserName = "ann", Password = "secret" });

        settings["security.protocol"].ShouldBe(protocol);
        settings.GetValueOrDefault("sasl.mechanism").ShouldBe(mechanism);
        settings.GetValueOrDefault("sasl.password").ShouldBe(mechanism is null ? null : "secret");
    }

    [Fact]
    public void CertificatesGoToEveryClient()
    {
        var options = Options(new BrokerSecurityOptions
        {
            UseTls = true, AuthorityFile = "ca.pem", CertificateFile = "own.pem", KeyFile = "own.key", KeyPassword = "k", VerifyHostName = false,
        });

        foreach (var settings in new[]
        {
            TransportSettings.Shared(options),
            TransportSettings.ForProducer(options, new()),
            TransportSettings.ForConsumer(options, "g", new()),
        })
        {
            settings["ssl.ca.location"].ShouldBe("ca.pem");
            settings["ssl.certificate.location"].ShouldBe("own.pem");
            settings["ssl.key.location"].ShouldBe("own.key");
            settings["ssl.key.password"].ShouldBe("k");
            settings["ssl.endpoint.identification.algorithm"].ShouldBe("none");
        }
    }

    [Fact]
    public void SaslWithoutAPassword_IsRefusedByName() =>
        Should.Throw<ArgumentException>(() => Shared(new() { Sasl = SaslMechanism.Plain, UserName = "ann" }))
            .Message.ShouldContain("Sasl is Plain, which needs a Password");

    [Fact]
    public void CertificatesWithoutTls_AreRefused_RatherThanSendingAllInTheClear() =>
        Should.Throw<ArgumentException>(() => Shared(new() { AuthorityFile = "ca.pem" })).Message.ShouldContain("UseTls");

    [Fact]
    public void OptionsThatAreLogged_DoNotSayThePassword() =>
        new BrokerSecurityOptions { Sasl = SaslMechanism.Plain, UserName = "ann", Password = "secret", KeyPassword = "hidden" }
            .ToString().ShouldBe("plaintext, SASL Plain as ann");

    [Fact]
    public void TheEscapeHatchHasTheLastWord() =>
        TransportSettings.Shared(Options(new() { UseTls = true }) with
        {
            ConfigureTransport = settings => settings["security.protocol"] = "sasl_ssl",
        })["security.protocol"].ShouldBe("sasl_ssl");

    private static Dictionary<string, string> Shared(BrokerSecurityOptions security) => TransportSettings.Shared(Options(security));

    private static SchemaStreamOptions Options(BrokerSecurityOptions security) => new()
    {
        BootstrapServers = "127.0.0.1:1", RegistryUrl = new Uri("http://127.0.0.1:2"), BrokerSecurity = security,
    };
}
