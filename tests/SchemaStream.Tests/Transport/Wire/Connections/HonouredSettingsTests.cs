using System.Net.Sockets;
using System.Text;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.TestKit;
using SchemaStream.Transport;
using SchemaStream.Transport.Wire.Connections;
using SchemaStream.Transport.Wire.Fetching;
using SchemaStream.Transport.Wire.Producing;

namespace SchemaStream.Tests.Transport.Wire.Connections;

/// <summary>Which of librdkafka's settings the SDK's own transport acts upon, and how.</summary>
public sealed class HonouredSettingsTests
{
    private static readonly SchemaStreamOptions Options = new() { BootstrapServers = "a:9092", RegistryUrl = new Uri("http://127.0.0.1:1") };

    [Fact]
    public void ThePageOnTheTransport_HasThemAll()
    {
        var table = new StringBuilder("| setting | of | default | meaning |\n|---|---|---|---|\n");
        foreach (var setting in HonouredSettings.Table)
        {
            var of = setting.Use switch { SettingUse.Producers => "producers", SettingUse.Consumers => "consumers", _ => "all" };
            var only = setting.Only is { } value ? $"`{value}` alone: " : "";
            table.Append($"| `{setting.Name}` | {of} | {DocsPage.Cell(setting.Default)} | {DocsPage.Cell(only + setting.Meaning)} |\n");
        }

        DocsPage.ShouldHave("transport.md", "<!-- settings -->", table.ToString());
    }

    [Fact]
    public void EverySettingThatTheSdkMakes_IsAmongThem()
    {
        var security = new BrokerSecurityOptions { Sasl = SaslMechanism.Plain, UserName = "me", Password = "secret" };
        foreach (var options in new[] { Options, Options with { BrokerSecurity = security } })
        {
            ProduceSettings.TryAccess(TransportSettings.ForProducer(options, new()), out var ofProducers).ShouldNotBeNull(ofProducers);
            FetchSettings.TryAccess(TransportSettings.ForConsumer(options, "g", new()), out var ofConsumers).ShouldNotBeNull(ofConsumers);
            FetchSettings.TryAccess(TransportSettings.ForTable(options, new()), out var ofTables).ShouldNotBeNull(ofTables);
        }
    }

    [Theory]
    [InlineData("debug", "all")]
    [InlineData("statistics.interval.ms", "1000")]
    [InlineData("ssl.cipher.suites", "DEFAULT")]
    [InlineData("sasl.oauthbearer.method", "oidc")]
    public void ASettingOfLibrdkafkasAlone_MakesEveryClientLibrdkafkas(string name, string value)
    {
        Produced((name, value)).ShouldBe(name);
        Fetched((name, value)).ShouldBe(name);
    }

    [Fact]
    public void ASettingOfTheOthers_IsNoConcern()
    {
        Fetched(("linger.ms", "5"), ("compression.level", "3"), ("partitioner", "random"), ("transactional.id", "t")).ShouldBeNull();
        Produced(("fetch.min.bytes", "5"), ("group.id", "g"), ("offset.store.method", "broker")).ShouldBeNull();
        Produced(("compression.level", "3")).ShouldBe("compression.level");
        Produced(("partitioner", "random")).ShouldBe("partitioner");
        Fetched(("offset.store.method", "file")).ShouldBe("offset.store.method");
    }

    [Fact]
    public void AValueThatSaysWhatIsDoneAnyway_IsHonoured_AndNoOther()
    {
        Fetched(("statistics.interval.ms", "0"), ("enable.metrics.push", "False"), ("socket.max.fails", "1")).ShouldBeNull();
        Fetched(("enable.metrics.push", "true")).ShouldBe("enable.metrics.push");
        Produced(("queuing.strategy", "lifo")).ShouldBe("queuing.strategy");
    }

    [Fact]
    public void ReconnectBackoff_IsReadForAllClients()
    {
        var settings = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = "a:9092", ["partitioner"] = "murmur2_random", ["reconnect.backoff.ms"] = "200", ["reconnect.backoff.max.ms"] = "5000",
        };
        var expected = new ReconnectDelays(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

        ProduceSettings.Of(settings).Reconnects.ShouldBe(expected);
        FetchSettings.Of(settings).Reconnects.ShouldBe(expected);
        ProduceSettings.TryAccess(settings, out _)!.Reconnects.ShouldBe(expected);
        FetchSettings.TryAccess(settings, out _)!.Reconnects.ShouldBe(expected);
    }

    [Theory]
    [InlineData(null, null, 50, 2000)]
    [InlineData("3000", null, 3000, 3000)]
    [InlineData(null, "20", 20, 20)]
    [InlineData("0", "0", 1, 1)]
    public void ReconnectBackoff_OfWhichOneHalfIsSet_HasTheOtherToFit(string? first, string? longest, int expectedFirst, int expectedLongest)
    {
        var settings = new Dictionary<string, string>();
        if (first is not null)
        {
            settings["reconnect.backoff.ms"] = first;
        }

        if (longest is not null)
        {
            settings["reconnect.backoff.max.ms"] = longest;
        }

        ReconnectDelays.Of(settings).ShouldBe(
            new ReconnectDelays(TimeSpan.FromMilliseconds(expectedFirst), TimeSpan.FromMilliseconds(expectedLongest)));
    }

    [Fact]
    public void ReconnectBackoff_ThatContradictsItself_IsRefusedByName() =>
        Should.Throw<ArgumentException>(() => ReconnectDelays.Of(
            new Dictionary<string, string> { ["reconnect.backoff.ms"] = "500", ["reconnect.backoff.max.ms"] = "100" }))
            .Message.ShouldContain("reconnect.backoff.max.ms=100 is less than reconnect.backoff.ms=500");

    [Fact]
    public void ASettingsOtherName_WinsOverWhatTheSdkSaysByTheFirst()
    {
        var producer = TransportSettings.ForProducer(Options, new ProducerOptions
        {
            ConfigureTransport = settings =>
            {
                settings["request.required.acks"] = "1";
                settings["enable.idempotence"] = "false";
                settings["compression.codec"] = "lz4";
                settings["queue.buffering.max.ms"] = "33";
                settings["message.timeout.ms"] = "44000";
                settings["message.send.max.retries"] = "7";
                settings["metadata.broker.list"] = "b:9093";
            },
        });

        var read = ProduceSettings.Of(producer);
        (read.Acks, read.Compression, read.LingerMs).ShouldBe(((short)1, Protocol.Records.CompressionType.Lz4, 33));
        (read.DeliveryTimeoutMs, read.MaxRetries).ShouldBe((44_000, 7));
        ProduceSettings.TryAccess(producer, out _)!.Bootstrap.ShouldBe([new BrokerAddress("b", 9093)]);
    }

    [Fact]
    public void Sockets_AreAsTheSettingsSay()
    {
        var options = FetchSettings.TryAccess(
            With(("socket.keepalive.enable", "true"), ("socket.nagle.disable", "false"), ("socket.send.buffer.bytes", "4096"),
                ("socket.receive.buffer.bytes", "8192"), ("broker.address.family", "v4")), out _)!.Options;

        (options.KeepsAlive, options.SendsAtOnce, options.SendBufferBytes, options.ReceiveBufferBytes, options.AddressFamily)
            .ShouldBe((true, false, 4096, 8192, AddressFamily.InterNetwork));
        Should.Throw<ArgumentException>(() => FetchSettings.TryAccess(With(("broker.address.family", "v5")), out _))
            .Message.ShouldContain("broker.address.family=v5");
    }

    [Theory]
    [InlineData("topic.metadata.refresh.interval.ms", "1000", 1000)]
    [InlineData("topic.metadata.refresh.interval.ms", "-1", SettingText.NeverMs)]
    [InlineData("metadata.max.age.ms", "7000", 7000)]
    public void HowOftenLeadersAreAskedFor_IsSetByEitherName(string name, string value, long expectedMs)
    {
        ProduceSettings.Of(With((name, value))).MetadataIntervalMs.ShouldBe(expectedMs);
        FetchSettings.Of(With((name, value))).MetadataInterval.TotalMilliseconds.ShouldBe(expectedMs);
    }

    private static string? Produced(params (string Name, string Value)[] settings)
    {
        var all = With(settings);
        all.TryAdd("partitioner", "murmur2_random");
        ProduceSettings.TryAccess(all, out var unhonoured);
        return unhonoured;
    }

    private static string? Fetched(params (string Name, string Value)[] settings)
    {
        FetchSettings.TryAccess(With(settings), out var unhonoured);
        return unhonoured;
    }

    private static Dictionary<string, string> With(params (string Name, string Value)[] settings) =>
        settings.Append(("bootstrap.servers", "a:9092")).ToDictionary(setting => setting.Item1, setting => setting.Item2);
}
