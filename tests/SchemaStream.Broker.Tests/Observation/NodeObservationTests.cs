using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using SchemaStream.Broker.Observation;
using SchemaStream.Broker.Runtime.Observation;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Observation;

/// <summary>A broker as those see it who watch it.</summary>
public sealed class NodeObservationTests
{
    private const int Records = 100;

    private static readonly (string, string) Http = ("schemastream.http.listener", "127.0.0.1:0");

    private static readonly HttpClient Client = new();

    [Fact]
    public async Task Metrics_CountWhatClientsDid()
    {
        await using var broker = await TestBroker.StartAsync(Http);
        await ProduceAsync(broker, "orders");
        ConsumeAndCommit(broker, "orders", Records - 30, "billing");

        var page = await PageAsync(broker, "/metrics");

        Value(page, "schemastream_broker_topic_records_received_total{topic=\"orders\"}").ShouldBe(Records);
        Value(page, "schemastream_broker_topic_records_sent_total{topic=\"orders\"}").ShouldBeGreaterThanOrEqualTo(Records - 30);
        Value(page, "schemastream_broker_topic_received_bytes_total{topic=\"orders\"}").ShouldBeGreaterThan(0);
        Value(page, "schemastream_broker_topic_sent_bytes_total{topic=\"orders\"}").ShouldBeGreaterThan(0);
        Value(page, "schemastream_broker_log_size_bytes{topic=\"orders\"}")
            .ShouldBe(Value(page, "schemastream_broker_topic_received_bytes_total{topic=\"orders\"}"));
        Value(page, "schemastream_broker_group_lag{group=\"billing\",topic=\"orders\"}").ShouldBe(30);
        Value(page, "schemastream_broker_request_duration_seconds_count{api=\"Produce\"}").ShouldBeGreaterThan(0);
        Value(page, "schemastream_broker_partitions_under_replicated").ShouldBe(0);
        Value(page, "schemastream_broker_cluster_brokers{state=\"live\"}").ShouldBe(1);
        Value(page, "schemastream_broker_controller_active").ShouldBe(1);
        page.ShouldContain("dotnet_gc_collections_total");
    }

    /// <summary>Each metric of the table is measured by someone, and nothing is measured that the table does not have.</summary>
    [Fact]
    public async Task Instruments_AreThoseOfTheTable()
    {
        var found = new Dictionary<string, System.Diagnostics.Metrics.Instrument>();
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == BrokerMetrics.MeterName)
                {
                    lock (found)
                    {
                        found[instrument.Name] = instrument;
                    }
                }
            },
        };
        listener.Start();
        await using var broker = await TestBroker.StartAsync(Http);

        lock (found)
        {
            found.Keys.Order().ShouldBe(BrokerMetrics.All.Select(metric => metric.Name).Order());
            foreach (var metric in BrokerMetrics.All)
            {
                (found[metric.Name].Unit, found[metric.Name].Description).ShouldBe((metric.Unit, metric.Description));
                new MetricFamily(found[metric.Name], 1).Kind.ShouldBe(metric.Kind, metric.Name);
            }
        }
    }

    [Fact]
    public async Task Health_FollowsTheLifeOfTheNode()
    {
        await using var broker = await TestBroker.StartAsync(Http);
        (await StatusAsync(broker, "/health/live")).ShouldBe(HttpStatusCode.OK);
        (await PageAsync(broker, "/health/ready")).ShouldBe("{\"status\":\"ready\"}\n");
        (await StatusAsync(broker, "/")).ShouldBe(HttpStatusCode.NotFound);

        await broker.Host.StopAsync(CancellationToken.None);

        await Should.ThrowAsync<HttpRequestException>(() => Client.GetAsync(new Uri(broker.Host.HttpAddress + "/health/live")));
    }

    [Fact]
    public void Health_OfANodeThatStartsStopsOrIsFenced_SaysWhyItIsNotReady()
    {
        var health = new NodeHealth();
        Shows(health.Ready(), 503, "the node is starting");
        health.Live().Status.ShouldBe(200);

        string? fenced = null;
        health.Serves(() => fenced);
        health.Ready().Status.ShouldBe(200);
        fenced = "the controller has \"fenced\" this broker";
        Shows(health.Ready(), 503, "\\u0022fenced\\u0022");

        fenced = null;
        health.Drains();
        Shows(health.Ready(), 503, "the node is stopping");
        health.Live().Status.ShouldBe(200);
        health.Faults();
        health.Drains();
        health.Live().Status.ShouldBe(503);

        static void Shows(HttpPage page, int status, string words)
        {
            page.Status.ShouldBe(status);
            System.Text.Encoding.UTF8.GetString(page.Body.Span).ShouldContain(words);
        }
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsNamedWithItsSetting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        var refusal = await Should.ThrowAsync<BrokerStartException>(
            () => TestBroker.StartAsync(("schemastream.http.listener", other.LocalEndpoint.ToString()!)));

        refusal.Message.ShouldContain("Setting 'schemastream.http.listener'");
    }

    [Fact]
    public async Task Collector_IsSentTheMetrics()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        await using var broker = await TestBroker.StartAsync(
            ("schemastream.otlp.endpoint", $"http://{collector.LocalEndpoint}/v1/metrics"),
            ("schemastream.otlp.protocol", "http/protobuf"),
            ("schemastream.otlp.interval.ms", "100"));
        using var limit = new CancellationTokenSource(TestTime.Limit);

        var received = "";
        while (!received.Contains("schemastream.broker.connections", StringComparison.Ordinal))
        {
            // An exporter that has waited for an answer long enough sends its figures again, on another connection.
            using var exporter = await collector.AcceptTcpClientAsync(limit.Token);
            received = await ReadUntilAsync(exporter.GetStream(), "schemastream.broker.connections", limit.Token);
        }

        received.ShouldStartWith("POST /v1/metrics HTTP/1.1");
        received.ShouldContain("schemastream-broker");
    }

    /// <summary>What came up to the word, or up to the end where it did not come.</summary>
    private static async Task<string> ReadUntilAsync(NetworkStream stream, string word, CancellationToken cancellation)
    {
        var received = "";
        var buffer = new byte[64 * 1024];
        while (!received.Contains(word, StringComparison.Ordinal)
            && await stream.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            received += System.Text.Encoding.Latin1.GetString(buffer, 0, read);
        }

        return received;
    }

    private static async Task ProduceAsync(TestBroker broker, string topic)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await Task.WhenAll(Enumerable.Range(0, Records).Select(i =>
            producer.ProduceAsync(topic, new Message<Null, string> { Value = i.ToString(CultureInfo.InvariantCulture) })));
    }

    private static void ConsumeAndCommit(TestBroker broker, string topic, int count, string group)
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
        }).Build();
        consumer.Subscribe(topic);
        for (var i = 0; i < count; i++)
        {
            var record = consumer.Consume(TestTime.Limit);
            record.ShouldNotBeNull();
            if (i == count - 1)
            {
                consumer.Commit(record);
            }
        }

        consumer.Close();
    }

    private static Task<string> PageAsync(TestBroker broker, string path) => Client.GetStringAsync(new Uri(broker.Host.HttpAddress + path));

    private static async Task<HttpStatusCode> StatusAsync(TestBroker broker, string path)
    {
        using var answer = await Client.GetAsync(new Uri(broker.Host.HttpAddress + path));
        return answer.StatusCode;
    }

    private static double Value(string page, string series)
    {
        var line = page.Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal));
        line.ShouldNotBeNull($"{series} is not in\n{page}");
        return double.Parse(line[(series.Length + 1)..], CultureInfo.InvariantCulture);
    }
}
