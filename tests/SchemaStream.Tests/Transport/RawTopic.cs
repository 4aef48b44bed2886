using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Consuming;
using SchemaStream.Primitives;
using SchemaStream.Producing;
using SchemaStream.Serialization;
using SchemaStream.Transport;
using SchemaStream.Transport.Native;
using SchemaStream.Transport.Wire;

namespace SchemaStream.Tests.Transport;

/// <summary>Producers and consumers of primitives without registry or gate, as a plain client has them.</summary>
/// <param name="bootstrapServers">The brokers.</param>
/// <param name="topic">The topic; both slots are primitives.</param>
/// <param name="sender">Who sends; the SDK itself where none is named.</param>
/// <param name="change">What else the client is told; null for nothing.</param>
internal sealed class RawTopic<TKey, TValue>(
    string bootstrapServers,
    Topic<TKey, TValue> topic,
    ClientTransport sender = ClientTransport.Managed,
    Func<SchemaStreamOptions, SchemaStreamOptions>? change = null)
{
    private readonly SchemaStreamOptions _options = (change ?? (same => same))(
        new() { BootstrapServers = bootstrapServers, RegistryUrl = new Uri("http://127.0.0.1:1") });

    public ILogger Logger { get; init; } = NullLogger.Instance;

    private ITransport Transport => sender == ClientTransport.Managed ? new WireTransport(new NativeTransport()) : new NativeTransport();

    public ITopicProducer<TKey, TValue> Produce(ProducerOptions? options = null)
    {
        options ??= new ProducerOptions { Linger = TimeSpan.Zero };
        var undelivered = new UndeliveredRecords(topic.Name, options.DeliveryFailed, NullLogger.Instance);
        return new TopicProducer<TKey, TValue>(
            topic,
            new SlotWriter<TKey>(PrimitiveSerializers.Serializer<TKey>(topic.KeyFormat), Context(RecordSlot.Key), 0),
            new SlotWriter<TValue>(PrimitiveSerializers.Serializer<TValue>(topic.ValueFormat), Context(RecordSlot.Value), 0),
            Transport.CreateProducer(topic.Name, TransportSettings.ForProducer(_options, options), undelivered, Logger),
            undelivered,
            NullLogger.Instance);
    }

    public ITopicConsumer<TKey, TValue> Consume(string group, ConsumerOptions? options = null)
    {
        options ??= new ConsumerOptions();
        return new TopicConsumer<TKey, TValue>(
            topic,
            group,
            new PrimitiveSlotReader<TKey>(PrimitiveSerializers.Deserializer<TKey>(topic.KeyFormat), Context(RecordSlot.Key)),
            new PrimitiveSlotReader<TValue>(PrimitiveSerializers.Deserializer<TValue>(topic.ValueFormat), Context(RecordSlot.Value)),
            Transport.CreateConsumer(
                topic.Name, TransportSettings.ForConsumer(_options, group, options), options, Logger),
            options,
            failureTopics: null,
            NullLogger.Instance);
    }

    /// <summary>As a table reads: all partitions, without a group.</summary>
    public IConsumerTransport Read() =>
        Transport.CreateReader(topic.Name, TransportSettings.ForTable(_options, new TableOptions()), Logger);

    private SerializationContext Context(RecordSlot slot) => new(topic.Name, slot);
}
