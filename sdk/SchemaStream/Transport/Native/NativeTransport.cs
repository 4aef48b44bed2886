using Microsoft.Extensions.Logging;

namespace SchemaStream.Transport.Native;

/// <summary>librdkafka as the transport.</summary>
internal sealed class NativeTransport : ITransport
{
    public IProducerTransport CreateProducer(
        string topic, IReadOnlyDictionary<string, string> settings, IDeliveryFailures failures, ILogger logger) =>
        Over(new NativeProducer(topic, settings, failures, logger), topic);

    public ITransactionTransport CreateTransactions(
        string transactionalId, IReadOnlyDictionary<string, string> settings, IDeliveryFailures failures, ILogger logger) =>
        new NativeProducer(transactionalId, settings, failures, logger);

    public IConsumerTransport CreateConsumer(
        string topic, IReadOnlyDictionary<string, string> settings, ConsumerOptions options, ILogger logger) =>
        new NativeConsumer(topic, settings, options, ReadMode.Group, logger);

    public IConsumerTransport CreateReader(string topic, IReadOnlyDictionary<string, string> settings, ILogger logger) =>
        new NativeConsumer(topic, settings, new ConsumerOptions { CommitMode = CommitMode.Manual }, ReadMode.WholeTopic, logger);

    private static NativeTopicProducer Over(NativeProducer producer, string topic)
    {
        try
        {
            return new NativeTopicProducer(producer, producer.Open(topic), isOnly: true);
        }
        catch (BrokerException)
        {
            _ = producer.DisposeAsync().AsTask(); // its thread has nothing to wait for and ends by itself
            throw;
        }
    }
}
