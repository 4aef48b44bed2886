using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Transport;
using SchemaStream.Transport.Wire.Connections;
using SchemaStream.Transport.Wire.Fetching;

namespace SchemaStream.Tests.Transport.Wire.Fetching;

/// <summary>librdkafka's settings as those of connections and of fetching, and which of them stay librdkafka's.</summary>
public sealed class WireAccessTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("schemastream-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static WireAccess Read(params (string Name, string Value)[] settings) =>
        FetchSettings.TryAccess(Of(settings), out _).ShouldNotBeNull();

    private static string? UnhonouredOf(params (string Name, string Value)[] settings)
    {
        FetchSettings.TryAccess(Of(settings), out var unhonoured).ShouldBeNull();
        return unhonoured;
    }

    private static Dictionary<string, string> Of((string Name, string Value)[] settings) =>
        settings.Append(("bootstrap.servers", "a:9092,b:9093")).ToDictionary(setting => setting.Item1, setting => setting.Item2);

    [Fact]
    public void EverySettingOfTheSdksOwn_IsHonoured()
    {
        var options = new SchemaStreamOptions
        {
            BootstrapServers = "a:9092,b:9093",
            RegistryUrl = new Uri("http://127.0.0.1:1"),
            BrokerSecurity = new BrokerSecurityOptions { Sasl = SchemaStream.SaslMechanism.ScramSha512, UserName = "me", Password = "secret" },
        };

        FetchSettings.TryAccess(TransportSettings.ForConsumer(options, "readers", new ConsumerOptions()), out _).ShouldNotBeNull();
        FetchSettings.TryAccess(TransportSettings.ForTransform(options, "readers", new ConsumerOptions()), out _).ShouldNotBeNull();
        var access = FetchSettings.TryAccess(TransportSettings.ForTable(options, new TableOptions()), out _).ShouldNotBeNull();
        access.Bootstrap.ShouldBe([new BrokerAddress("a", 9092), new BrokerAddress("b", 9093)]);
        access.Options.Sasl.ShouldBe(new SaslOptions(Protocol.Client.Security.SaslMechanism.ScramSha512, "me", "secret"));
        access.Options.Tls.ShouldBeNull();
    }

    [Fact]
    public void SettingsOfLibrdkafkasAlone_AreNamed()
    {
        UnhonouredOf(("statistics.interval.ms", "1000")).ShouldBe("statistics.interval.ms");
        UnhonouredOf(("security.protocol", "sasl_plaintext"), ("sasl.mechanism", "GSSAPI")).ShouldBe("sasl.mechanism");
        UnhonouredOf(("security.protocol", "ssl"), ("ssl.ca.location", Path.GetTempPath())).ShouldBe("ssl.ca.location");
    }

    [Fact]
    public void Certificates_AreReadFromTheirFiles()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=broker", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var (authority, own, secret) = (At("ca.pem"), At("own.pem"), At("own.key"));
        File.WriteAllText(authority, certificate.ExportCertificatePem());
        File.WriteAllText(own, certificate.ExportCertificatePem());
        File.WriteAllText(secret, key.ExportEncryptedPkcs8PrivateKeyPem("word", new(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)));

        var tls = Read(
            ("security.protocol", "ssl"), ("ssl.ca.location", authority), ("ssl.certificate.location", own), ("ssl.key.location", secret),
            ("ssl.key.password", "word"), ("ssl.endpoint.identification.algorithm", "none")).Options.Tls.ShouldNotBeNull();

        tls.TrustedAuthorities!.ShouldHaveSingleItem().Thumbprint.ShouldBe(certificate.Thumbprint);
        tls.ClientCertificate!.HasPrivateKey.ShouldBeTrue();
        tls.HostNameCheck.ShouldBe(HostNameCheck.Omitted);
        Read(("security.protocol", "ssl")).Options.Tls!.HostNameCheck.ShouldBe(HostNameCheck.Required);
        Should.Throw<ArgumentException>(() => Read(("security.protocol", "ssl"), ("ssl.ca.location", At("none.pem"))));
    }

    [Fact]
    public void FetchSettings_AreRead_AndNonsenseIsRefusedByName()
    {
        var read = FetchSettings.Of(new Dictionary<string, string>
        {
            ["fetch.min.bytes"] = "7", ["fetch.wait.max.ms"] = "50", ["fetch.message.max.bytes"] = "4096", ["isolation.level"] = "read_uncommitted",
            ["check.crcs"] = "false", ["enable.partition.eof"] = "true", ["auto.offset.reset"] = "error", ["client.rack"] = "a",
            ["queued.max.messages.kbytes"] = "100",
        });

        read.ShouldBe(new FetchSettings
        {
            MinBytes = 7, MaxWait = TimeSpan.FromMilliseconds(50), MaxPartitionBytes = 4096, ReadsCommitted = false, ChecksCrcs = false,
            TellsEnds = true, Reset = null, Rack = "a", MaxHeldBytes = 102_400,
        });
        FetchSettings.Of(new Dictionary<string, string>()).ShouldBe(new FetchSettings());
        Should.Throw<ArgumentException>(() => FetchSettings.Of(new Dictionary<string, string> { ["fetch.min.bytes"] = "some" }))
            .Message.ShouldContain("fetch.min.bytes");
        Should.Throw<ArgumentException>(() => FetchSettings.Of(new Dictionary<string, string> { ["isolation.level"] = "none" }))
            .Message.ShouldContain("isolation.level");
    }

    private string At(string name) => Path.Combine(_directory, name);
}
