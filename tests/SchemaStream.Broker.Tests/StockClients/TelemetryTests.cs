using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.StockClients;

/// <summary>librdkafka pushes its metrics by itself where the broker asks for them.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Producer_PushesItsMetrics_UnderItsOwnNames()
    {
        await using var broker = await TestBroker.StartAsync();
        var measured = new ConcurrentDictionary<string, string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, enabled) =>
        {
            if (instrument.Meter.Name == "SchemaStream.Broker" && instrument.Name.StartsWith("org.apache.kafka.", StringComparison.Ordinal))
            {
                enabled.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
            measured[instrument.Name] = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")));
        listener.Start();

        await using (var admin = await broker.ConnectAsync())
        {
            var subscribed = await admin.SendAsync(
                new IncrementalAlterConfigsRequest
                {
                    Resources =
                    [
                        new()
                        {
                            ResourceType = 16,
                            ResourceName = "all",
                            Configs = [new() { Name = "metrics", Value = "*" }, new() { Name = "interval.ms", Value = "100" }],
                        },
                    ],
                },
                1).WaitAsync(TestTime.Limit);
            subscribed.Responses[0].ErrorCode.ShouldBe(Protocol.ErrorCode.None);
        }

        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = broker.BootstrapServers, ClientId = "watched" }).Build();
        await producer.ProduceAsync("any", new Message<Null, string> { Value = "x" });
        await Eventually.GetAsync(
            () => Task.FromResult(measured.ToArray()),
            seen => seen.Any(metric => metric.Key.StartsWith("org.apache.kafka.producer.", StringComparison.Ordinal)
                && metric.Value.Contains("client_id=watched", StringComparison.Ordinal)),
            "a stock producer pushes its metrics");
    }
}
