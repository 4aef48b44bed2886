using System.Globalization;
using Microsoft.Extensions.Logging;
using SchemaStream.Administration;
using SchemaStream.Primitives;
using SchemaStream.Producing;
using SchemaStream.Serialization;
using SchemaStream.Transport;

namespace SchemaStream.Consuming.Failures;

/// <summary>Topics of bytes on the client's own brokers. They have no contract: what is in them has been refused by one.</summary>
/// <param name="options">The client's options.</param>
/// <param name="transport">Makes producers and consumers.</param>
/// <param name="admin">Makes topics.</param>
/// <param name="logger">Where they log.</param>
internal sealed class FailureTopics(SchemaStreamOptions options, ITransport transport, ITopicAdmin admin, ILogger logger)
    : IFailureTopics
{
    private const string Retention = "retention.ms";

    /// <summary>What brokers keep for longer unless they are told otherwise.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromDays(1);

    /// <summary>How long a record may be late, its program being away.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromDays(7);

    /// <inheritdoc />
    public async Task EnsureAsync(string topic, TimeSpan wait, CancellationToken cancellationToken)
    {
        var specification = wait <= ShortWait ? new TopicSpecification() : new TopicSpecification
        {
            Settings = new Dictionary<string, string>
            {
                [Retention] = ((long)(wait + Lateness).TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
            },
        };
        try
        {
            await admin.CreateAsync(topic, specification, cancellationToken).ConfigureAwait(false);
        }
        catch (BrokerException refusal) when (refusal.Code
            is TopicAdmin.AlreadyExists or "TOPIC_AUTHORIZATION_FAILED" or "CLUSTER_AUTHORIZATION_FAILED")
        {
            // It is there; or others make topics here, and writing to it will tell whether they have.
        }
    }

    /// <inheritdoc />
    public ITopicProducer<byte[], byte[]> CreateProducer(string topic)
    {
        var bytes = Topic.Primitive<byte[], byte[]>(topic);
        var producing = new ProducerOptions { Linger = TimeSpan.Zero };
        var undelivered = new UndeliveredRecords(topic, handler: null, logger);
        return new TopicProducer<byte[], byte[]>(
            bytes,
            new SlotWriter<byte[]>(
                PrimitiveSerializers.Serializer<byte[]>(SchemaFormat.Bytes), new SerializationContext(topic, RecordSlot.Key), 0),
            new SlotWriter<byte[]>(
                PrimitiveSerializers.Serializer<byte[]>(SchemaFormat.Bytes), new SerializationContext(topic, RecordSlot.Value), 0),
            transport.CreateProducer(topic, TransportSettings.ForProducer(options, producing), undelivered, logger),
            undelivered,
            logger);
    }

    /// <inheritdoc />
    public IConsumerTransport CreateConsumer(string topic, string groupId, ConsumerOptions reading) =>
        transport.CreateConsumer(topic, TransportSettings.ForConsumer(options, groupId, reading), reading, logger);
}
