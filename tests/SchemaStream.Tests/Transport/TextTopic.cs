using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Consuming;
using SchemaStream.Primitives;
using SchemaStream.Producing;
using SchemaStream.Serialization;
using SchemaStream.Transport;
using SchemaStream.Transport.Native;

namespace SchemaStream.Tests.Transport;

/// <summary>A topic of text on a mock cluster: producers and consumers without a registry in between.</summary>
internal static class TextTopic
{
    public static readonly Topic<string, string> Topic = SchemaStream.Topic.Primitive<string, string>("notes");

    public static ITopicProducer<string, string> Produce(MockCluster cluster, ProducerOptions? options = null)
    {
        options ??= new ProducerOptions { Linger = TimeSpan.Zero };
        var undelivered = new UndeliveredRecords(Topic.Name, options.DeliveryFailed, NullLogger.Instance);
        return new TopicProducer<string, string>(
            Topic,
            Writer(RecordSlot.Key),
            Writer(RecordSlot.Value),
            new NativeTransport().CreateProducer(
                Topic.Name, TransportSettings.ForProducer(ClientOptions(cluster), options), undelivered, NullLogger.Instance),
            undelivered,
            NullLogger.Instance);
    }

    public static ITopicConsumer<string, string> Consume(MockCluster cluster, string group, ConsumerOptions? options = null)
    {
        // The mock coordinator waits out the session time-out in each rebalance, less one second.
        options = (options ?? new ConsumerOptions()) with
        {
            SessionTimeout = TimeSpan.FromMilliseconds(1300),
            ConfigureTransport = settings => settings["heartbeat.interval.ms"] = "100",
        };
        return new TopicConsumer<string, string>(
            Topic,
            group,
            Reader(RecordSlot.Key),
            Reader(RecordSlot.Value),
            new NativeTransport().CreateConsumer(
                Topic.Name, TransportSettings.ForConsumer(ClientOptions(cluster), group, options), options, NullLogger.Instance),
            options,
            NullLogger.Instance);
    }

    /// <summary>The next records, as many as asked for.</summary>
    public static async Task<List<ConsumedRecord<string, string>>> TakeAsync(
        this ITopicConsumer<string, string> consumer, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var records = new List<ConsumedRecord<string, string>>();
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            records.Add(record);
            if (records.Count == count)
            {
                break;
            }
        }

        return records;
    }

    private static SchemaStreamOptions ClientOptions(MockCluster cluster) =>
        new() { BootstrapServers = cluster.BootstrapServers, RegistryUrl = new Uri("http://127.0.0.1:1") };

    private static SlotWriter<string> Writer(RecordSlot slot) =>
        new(PrimitiveSerializers.Serializer<string>(SchemaFormat.String), new SerializationContext(Topic.Name, slot), 0);

    private static PrimitiveSlotReader<string> Reader(RecordSlot slot) =>
        new(PrimitiveSerializers.Deserializer<string>(SchemaFormat.String), new SerializationContext(Topic.Name, slot));
}
