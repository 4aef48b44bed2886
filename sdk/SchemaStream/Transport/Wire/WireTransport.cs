using Microsoft.Extensions.Logging;
using SchemaStream.Transport.Native;
using SchemaStream.Transport.Wire.Connections;
using SchemaStream.Transport.Wire.Fetching;
using SchemaStream.Transport.Wire.Producing;

namespace SchemaStream.Transport.Wire;

/// <summary>Reads and sends over the wire; everything else, and what asks for librdkafka's own settings, goes another way.</summary>
/// <param name="other">That way.</param>
internal sealed class WireTransport(ITransport other) : ITransport
{
    public IProducerTransport CreateProducer(
        string topic, IReadOnlyDictionary<string, string> settings, IDeliveryFailures failures, ILogger logger)
    {
        if (ProduceSettings.TryAccess(settings, out var unhonoured) is not { } access)
        {
            logger.ProducedByLibrdkafka(topic, unhonoured!);
            return other.CreateProducer(topic, settings, failures, logger);
        }

        return new WireProducer(
            topic,
            ProduceSettings.Of(settings),
            new WireCluster(access.Bootstrap, access.Options, access.Reconnects),
            string.Join(",", access.Bootstrap),
            failures,
            TimeProvider.System,
            logger);
    }

    public ITransactionTransport CreateTransactions(
        string transactionalId, IReadOnlyDictionary<string, string> settings, IDeliveryFailures failures, ILogger logger) =>
        other.CreateTransactions(transactionalId, settings, failures, logger);

    public IConsumerTransport CreateConsumer(
        string topic, IReadOnlyDictionary<string, string> settings, ConsumerOptions options, ILogger logger) =>
        AccessOf(topic, settings, logger) is { } access
            ? new NativeConsumer(
                topic, settings, options, ReadMode.Group, logger,
                committed => new PartitionFetcher(
                    topic, FetchSettings.Of(settings), new WireCluster(access.Bootstrap, access.Options, access.Reconnects), committed, TimeProvider.System, logger))
            : other.CreateConsumer(topic, settings, options, logger);

    public IConsumerTransport CreateReader(string topic, IReadOnlyDictionary<string, string> settings, ILogger logger) =>
        AccessOf(topic, settings, logger) is { } access
            ? new WireReader(topic, FetchSettings.Of(settings), new WireCluster(access.Bootstrap, access.Options, access.Reconnects), TimeProvider.System, logger)
            : other.CreateReader(topic, settings, logger);

    private static WireAccess? AccessOf(string topic, IReadOnlyDictionary<string, string> settings, ILogger logger)
    {
        var access = FetchSettings.TryAccess(settings, out var unhonoured);
        if (access is null)
        {
            logger.FetchedByLibrdkafka(topic, unhonoured!);
        }

        return access;
    }
}
