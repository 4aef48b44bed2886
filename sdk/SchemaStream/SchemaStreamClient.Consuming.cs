using SchemaStream.Consuming;
using SchemaStream.Consuming.Failures;
using SchemaStream.Contracts;
using SchemaStream.Observation;
using SchemaStream.Serialization;
using SchemaStream.Transport;

namespace SchemaStream;

/// <content>Consumers.</content>
public sealed partial class SchemaStreamClient
{
    /// <summary>Makes a consumer and joins its group, once the topic's contract allows its types.</summary>
    /// <typeparam name="TKey">The C# type of the keys.</typeparam>
    /// <typeparam name="TValue">The C# type of the values.</typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="groupId">The consumer group, whose members share the topic's partitions.</param>
    /// <param name="options">How to read; null for the defaults.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TopicContractException">The topic carries other types.</exception>
    public async Task<ITopicConsumer<TKey, TValue>> CreateConsumerAsync<TKey, TValue>(
        Topic<TKey, TValue> topic,
        string groupId,
        ConsumerOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupId);
        options ??= new();
        var contract = TopicTypes<TKey, TValue>.Derive(topic, _formats).Contract;
        await _gate.AdmitAsync(contract, UnboundTopic.Leave, cancellationToken).ConfigureAwait(false);
        var consumer = new TopicConsumer<TKey, TValue>(
            topic,
            groupId,
            ReaderOf<TKey>(contract, RecordSlot.Key),
            ReaderOf<TValue>(contract, RecordSlot.Value),
            _transport.CreateConsumer(
                topic.Name, TransportSettings.ForConsumer(_options, groupId, options), options, _logger),
            options,
            new FailureTopics(_options, _transport, _admin, _logger),
            _logger);
        return new ObservedConsumer<TKey, TValue>(consumer, options.TimeProvider);
    }

    private SlotReader<T> ReaderOf<T>(TopicContract contract, RecordSlot slot)
    {
        var context = new SerializationContext(contract.Topic, slot);
        var type = contract[slot]!;
        return SchemaFormatNames.HasSchema(type.Format)
            ? new SchemaSlotReader<T>(_formats.Of(type.Format), _registry, type, context)
            : new PrimitiveSlotReader<T>(_formats.PlainDeserializer<T>(type.Format), context);
    }
}
