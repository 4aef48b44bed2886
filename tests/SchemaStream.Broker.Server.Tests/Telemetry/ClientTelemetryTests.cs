using System.Buffers;
using System.Diagnostics.Metrics;
using System.Net;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Broker.Server.Telemetry;
using SchemaStream.Compression;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Server.Tests.Telemetry;

public sealed class ClientTelemetryTests : IDisposable
{
    private static readonly byte[] Metrics = Otlp.MetricsData(
        Otlp.Gauge("org.apache.kafka.consumer.lag", Otlp.Point(3.0)), Otlp.Sum("records.total", 1, true, Otlp.Point(5L)));

    private readonly ScriptedMetadata _metadata = new();
    private readonly ManualClock _clock = new();
    private readonly Meter _meter = new("telemetry-tests");
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, double Value, string Tags)> _measured = [];
    private readonly ClientTelemetry _telemetry;
    private readonly TelemetryClient _client = Client("app-1");

    public ClientTelemetryTests()
    {
        _telemetry = new ClientTelemetry(_metadata, BrokerSettings.Default, _meter, _clock);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            _measured.Add((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")))));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void WithoutSubscriptions_ClientsAreAskedForNothing()
    {
        var subscription = _telemetry.Ask(_client).ShouldNotBeNull();
        subscription.Metrics.ShouldBeEmpty();
        subscription.IntervalMs.ShouldBe(300_000);
    }

    [Fact]
    public void Subscriptions_ThatMatch_AreTakenTogether()
    {
        Subscribe("a", ("metrics", "org.apache.kafka.producer.,org.apache.kafka.consumer."), ("interval.ms", "60000"));
        Subscribe("b", ("metrics", "org.apache.kafka.admin."), ("interval.ms", "10000"), ("match", "client_id=app-.*,client_software_name=lib"));
        var subscription = _telemetry.Ask(_client).ShouldNotBeNull();
        subscription.Metrics.ShouldBe(["org.apache.kafka.admin.", "org.apache.kafka.consumer.", "org.apache.kafka.producer."]);
        subscription.IntervalMs.ShouldBe(10_000);
        var other = _telemetry.Ask(Client("batch")).ShouldNotBeNull();
        other.Metrics.Count.ShouldBe(2);
        other.IntervalMs.ShouldBe(60_000);

        Subscribe("all", ("metrics", "*"));
        _telemetry.Ask(Client("new")).ShouldNotBeNull().Metrics.ShouldBe(["*"]);
    }

    [Fact]
    public void SubscriptionId_IsTheSameOnEveryBroker_AndAnotherAfterAChange()
    {
        Subscribe("a", ("metrics", "*"));
        var id = _telemetry.Ask(_client).ShouldNotBeNull().Id;
        new ClientTelemetry(_metadata, BrokerSettings.Default, _meter, _clock).Ask(_client).ShouldNotBeNull().Id.ShouldBe(id);
        Subscribe("a", ("interval.ms", "5000"));
        _clock.Advance(300_000);
        _telemetry.Ask(_client).ShouldNotBeNull().Id.ShouldNotBe(id);
    }

    [Fact]
    public void Push_IsHandedOnUnderTheClientsNames()
    {
        var id = Asked();
        Push(id, Metrics).ShouldBe(ErrorCode.None);
        _measured.ShouldBe(
            [("org.apache.kafka.consumer.lag", 3.0, "client_id=app-1"), ("records.total", 5.0, "client_id=app-1")]);

        foreach (var codec in ClientTelemetry.Codecs)
        {
            _clock.Advance(10_000);
            Push(id, Compressed(codec), codec).ShouldBe(ErrorCode.None);
        }

        _measured.Count.ShouldBe(10);
    }

    [Fact]
    public void Push_HasToFollowTheRules()
    {
        var id = Asked();
        Push(id + 1, Metrics).ShouldBe(ErrorCode.UnknownSubscriptionId);
        _telemetry.Ask(_client).ShouldNotBeNull("asking again is the answer to that");
        Push(id, Metrics).ShouldBe(ErrorCode.None);
        Push(id, Metrics).ShouldBe(ErrorCode.ThrottlingQuotaExceeded);
        _telemetry.Ask(_client).ShouldBeNull();
        _clock.Advance(10_000);
        Push(id, Metrics, (CompressionType)9).ShouldBe(ErrorCode.UnsupportedCompressionType);
        _clock.Advance(10_000);
        Push(id, new byte[1_048_577]).ShouldBe(ErrorCode.TelemetryTooLarge);
        _clock.Advance(10_000);
        Push(id, [1, 2, 3]).ShouldBe(ErrorCode.InvalidRecord);
        _clock.Advance(10_000);
        Push(id, Metrics, CompressionType.Gzip).ShouldBe(ErrorCode.InvalidRecord);
        _clock.Advance(10_000);
        Push(id, []).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void LastPush_MayComeAnyTime_AndIsTheLast()
    {
        var id = Asked();
        Push(id, Metrics).ShouldBe(ErrorCode.None);
        Push(id, Metrics, isTerminating: true).ShouldBe(ErrorCode.None);
        _clock.Advance(1_000_000);
        Push(id, Metrics).ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public void Expansion_IsBounded()
    {
        var id = Asked();
        var bomb = new ArrayBufferWriter<byte>();
        RecordCompression.Compress(CompressionType.Gzip, new byte[64 * 1024 * 1024], bomb);
        Push(id, bomb.WrittenSpan.ToArray(), CompressionType.Gzip).ShouldBe(ErrorCode.InvalidRecord);
    }

    [Fact]
    public void Series_AreBounded_AndThenAllClientsAreOne()
    {
        var sink = new ClientMetricsSink(_meter, maxSeries: 3);
        for (var i = 0; i < 10; i++)
        {
            sink.Take([new TelemetryPoint("m", null, TelemetryKind.Gauge, i, [])], 0, $"c{i}");
        }

        sink.Take([new TelemetryPoint("m", null, TelemetryKind.Counter, 1, [])], 0, "c0");
        sink.Take([new TelemetryPoint("schemastream.broker.uptime", null, TelemetryKind.Gauge, 1, [])], 0, "c0");
        _measured.Where(measure => measure.Name == "m").Select(measure => measure.Tags).Distinct().ShouldBe(
            ["client_id=c0", "client_id=c1", "client_id=c2", "client_id=other"]);
        _measured.Count.ShouldBe(10, "what is something else already, or the broker's own, is not handed on");
    }

    [Fact]
    public void Instances_AreBounded()
    {
        var instances = new ClientInstances(limit: 8);
        var subscriptions = new ClientSubscriptions(_metadata.Image.ClientMetrics);
        for (var i = 0; i < 100; i++)
        {
            instances.Get(Client($"c{i}"), subscriptions, i);
            instances.Count.ShouldBeLessThanOrEqualTo(8);
        }
    }

    private int Asked()
    {
        Subscribe("a", ("metrics", "*"), ("interval.ms", "10000"));
        return _telemetry.Ask(_client).ShouldNotBeNull().Id;
    }

    private ErrorCode Push(int id, byte[] metrics, CompressionType codec = CompressionType.None, bool isTerminating = false) =>
        _telemetry.Push(_client, id, isTerminating, (sbyte)codec, metrics);

    private static byte[] Compressed(CompressionType codec)
    {
        var output = new ArrayBufferWriter<byte>();
        RecordCompression.Compress(codec, Metrics, output);
        return output.WrittenSpan.ToArray();
    }

    private static TelemetryClient Client(string clientId) =>
        new(Guid.NewGuid(), clientId, "lib", "1.0", new IPEndPoint(IPAddress.Loopback, 1234));

    private void Subscribe(string name, params (string Key, string Value)[] configs) => _metadata.Replay(
        [.. configs.Select(config => new ConfigRecord
        {
            ResourceType = (sbyte)ConfigResource.ClientMetrics,
            ResourceName = name,
            Name = config.Key,
            Value = config.Value,
        })]);
}
