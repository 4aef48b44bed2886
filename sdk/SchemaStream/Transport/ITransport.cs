using Microsoft.Extensions.Logging;

namespace SchemaStream.Transport;

/// <summary>Makes roads to brokers. The one seam between typed records and a client library.</summary>
internal interface ITransport
{
    /// <summary>Makes the road out for one topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="settings">The transport's settings.</param>
    /// <param name="failures">Told of records that no one waits for and that failed.</param>
    /// <param name="logger">Where state changes are logged.</param>
    IProducerTransport CreateProducer(
        string topic, IReadOnlyDictionary<string, string> settings, IDeliveryFailures failures, ILogger logger);

    /// <summary>Makes the road out for transactions.</summary>
    /// <param name="transactionalId">The name under which they are made.</param>
    /// <param name="settings">The transport's settings.</param>
    /// <param name="failures">Told of records that no one waits for and that failed.</param>
    /// <param name="logger">Where state changes are logged.</param>
    ITransactionTransport CreateTransactions(
        string transactionalId, IReadOnlyDictionary<string, string> settings, IDeliveryFailures failures, ILogger logger);

    /// <summary>Joins a group and begins to read.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="settings">The transport's settings.</param>
    /// <param name="options">What the transport needs to know besides its settings.</param>
    /// <param name="logger">Where state changes are logged.</param>
    IConsumerTransport CreateConsumer(
        string topic, IReadOnlyDictionary<string, string> settings, ConsumerOptions options, ILogger logger);

    /// <summary>Reads all partitions of a topic from their beginning, without a group.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="settings">The transport's settings.</param>
    /// <param name="logger">Where state changes are logged.</param>
    IConsumerTransport CreateReader(string topic, IReadOnlyDictionary<string, string> settings, ILogger logger);
}

/// <summary>Receives the failures of records that no one waits for.</summary>
internal interface IDeliveryFailures
{
    /// <summary>A record failed. Called on the transport's thread: must return at once and must not throw.</summary>
    /// <param name="failure">Why.</param>
    void Report(DeliveryFailure failure);
}
