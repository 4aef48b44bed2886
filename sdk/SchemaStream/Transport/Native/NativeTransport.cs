using Microsoft.Extensions.Logging;

namespace SchemaStream.Transport.Native;

/// <summary>librdkafka as the transport.</summary>
internal sealed class NativeTransport : ITransport
{
    public IProducerTransport CreateProducer(
        string topic, IReadOnlyDictionary<string, string> settings, IDeliveryFailures failures, ILogger logger) =>
        new NativeProducer(topic, settings, failures, logger);

    public IConsumerTransport CreateConsumer(
        string topic, IReadOnlyDictionary<string, string> settings, ConsumerOptions options, ILogger logger) =>
        new NativeConsumer(topic, settings, options, ReadMode.Group, logger);

    public IConsumerTransport CreateReader(string topic, IReadOnlyDictionary<string, string> settings, ILogger logger) =>
        new NativeConsumer(topic, settings, new ConsumerOptions { CommitMode = CommitMode.Manual }, ReadMode.WholeTopic, logger);
}
