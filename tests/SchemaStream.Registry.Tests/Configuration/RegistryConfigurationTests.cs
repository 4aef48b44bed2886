using SchemaStream.Registry.Configuration;
using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Tests.Configuration;

/// <summary>Settings by Confluent's names, from a file, variables and switches.</summary>
public sealed class RegistryConfigurationTests
{
    [Fact]
    public void Nothing_IsConfluentsDefaults()
    {
        var options = Read();

        options.Listeners.ShouldBe([new RegistryListener(ListenerScheme.Http, "0.0.0.0", 8081)]);
        options.Kafka.ShouldBeNull();
        options.Settings.ShouldBe(new RegistrySettings());
        options.Security.IsOn.ShouldBeFalse();
    }

    [Fact]
    public void AConfluentConfiguration_IsTakenOverAsItIs()
    {
        var settings = Of(
            ("listeners", "http://:8085"),
            ("host.name", "registry-1"),
            ("kafkastore.bootstrap.servers", "SASL_PLAINTEXT://kafka-1:9092,kafka-2:9092"),
            ("kafkastore.topic", "_schemas2"),
            ("kafkastore.security.protocol", "SASL_PLAINTEXT"),
            ("kafkastore.sasl.mechanism", "SCRAM-SHA-512"),
            ("kafkastore.sasl.jaas.config", "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"reg\" password=\"p\\\"w\";"),
            ("leader.eligibility", "false"),
            ("schema.compatibility.level", "full_transitive"),
            ("debug", "false"),
            ("kafkastore.max.poll.records", "7"));
        var options = RegistryOptionsReader.Read(settings, TimeProvider.System);

        options.Listeners.ShouldBe([new RegistryListener(ListenerScheme.Http, "0.0.0.0", 8085)]);
        var kafka = options.Kafka.ShouldNotBeNull();
        kafka.Topic.ShouldBe("_schemas2");
        kafka.AdvertisedHost.ShouldBe("registry-1");
        kafka.Eligibility.ShouldBe(LeaderEligibility.Ineligible);
        kafka.Tls.ShouldBeNull();
        kafka.Sasl.ShouldNotBeNull().Username.ShouldBe("reg");
        kafka.Sasl.Password.ShouldBe("p\"w");
        options.Settings.DefaultCompatibility.ShouldBe(CompatibilityLevel.FullTransitive);
        settings.Ignored.ShouldBe(["debug", "kafkastore.max.poll.records"]);
    }

    [Theory]
    [InlineData("listener", "listeners")]
    [InlineData("kafkastore.bootstrap.server", "kafkastore.bootstrap.servers")]
    [InlineData("schema.compatability.level", "schema.compatibility.level")]
    public void AnUnknownKey_IsRefused_WithTheOneThatWasMeant(string key, string meant) =>
        Should.Throw<RegistryConfigurationException>(() => Of((key, "x")))
            .Message.ShouldBe($"test: the registry has no setting '{key}' (did you mean '{meant}'?)");

    [Theory]
    [InlineData("listeners", "ftp://x:1")]
    [InlineData("listeners", "https://localhost:8443")]
    [InlineData("schema.compatibility.level", "SIDEWAYS")]
    [InlineData("contracts.implicit", "maybe")]
    [InlineData("schemastream.max.connections", "-1")]
    [InlineData("authentication.method", "DIGEST")]
    [InlineData("authentication.method", "BASIC")]
    [InlineData("authentication.method", "BEARER")]
    [InlineData("schemastream.permissions.file", "missing")]
    [InlineData("shutdown.graceful.ms", "soon")]
    public void ABadValue_IsRefused_BeforeAnythingStarts(string key, string value) =>
        Should.Throw<RegistryConfigurationException>(() => Read((key, value))).Message.ShouldContain("expected");

    [Theory]
    [InlineData("schema.compatibility.level", "NONE, BACKWARD, BACKWARD_TRANSITIVE, FORWARD, FORWARD_TRANSITIVE, FULL, FULL_TRANSITIVE")]
    [InlineData("contracts.implicit", "enforce, record, off")]
    [InlineData("mode.mutability", "true, false")]
    public void ABadChoice_IsRefusedWithTheOthers(string key, string choices) =>
        Should.Throw<RegistryConfigurationException>(() => Read((key, "SIDEWAYS")))
            .Message.ShouldBe($"test: setting '{key}': expected {choices}, found 'SIDEWAYS'");

    [Theory]
    [InlineData("BASIC", "setting 'schemastream.users.file': expected a file of users, since authentication.method is BASIC, found ''")]
    [InlineData("BEARER", "setting 'schemastream.jwt.key.file': expected a file here or in schemastream.tokens.file, since bearer tokens are asked for, found ''")]
    public void AskingForCredentials_WithoutAFileOfThem_SaysWhichFileAndWhy(string method, string message) =>
        Should.Throw<RegistryConfigurationException>(() => Read(("authentication.method", method))).Message.ShouldBe(message);

    [Fact]
    public void APassword_IsNotRepeatedInAMessage() =>
        Should.Throw<RegistryConfigurationException>(() => Read(
                ("kafkastore.bootstrap.servers", "k:1"),
                ("kafkastore.security.protocol", "SASL_SSL"),
                ("kafkastore.sasl.jaas.config", "hunter2")))
            .Message.ShouldNotContain("hunter2");

    [Fact]
    public void Variables_AreThoseOfConfluentsImage_AndOurs()
    {
        var told = RegistryEnvironment.Read(
        [
            new("SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", "kafka:9092"),
            new("SCHEMA_REGISTRY_HOST_NAME", "r1"),
            new("SCHEMASTREAM_REGISTRY_DATA_DIR", "/data"),
            new("SCHEMASTREAM_REGISTRY_LISTENERS", "http://0.0.0.0:1"),
            new("SCHEMA_REGISTRY_LISTENERS", "http://0.0.0.0:2"),
            new("SCHEMA_REGISTRY_SERVICE_HOST", "10.0.0.1"),
            new("SCHEMA_REGISTRY_PORT_8081_TCP", "tcp://10.0.0.1:8081"),
            new("SCHEMA_REGISTRY_HEAP_OPTS", "-Xmx1g"),
            new("SCHEMA_REGISTRY_MODE_MUTABILITY", ""),
            new("PATH", "/bin"),
        ]).ToList();

        told.Select(setting => (setting.Key, setting.Value)).ShouldBe(
        [
            ("host.name", "r1"),
            ("kafkastore.bootstrap.servers", "kafka:9092"),
            ("listeners", "http://0.0.0.0:2"),
            ("schemastream.data.dir", "/data"),
            ("listeners", "http://0.0.0.0:1"),
        ]);
    }

    private static RegistryConfiguration Of(params (string Key, string Value)[] settings) =>
        RegistryConfiguration.From(settings.Select(setting => new ToldRegistrySetting(setting.Key, setting.Value, "test")));

    private static RegistryOptions Read(params (string Key, string Value)[] settings) =>
        RegistryOptionsReader.Read(Of(settings), TimeProvider.System);
}
