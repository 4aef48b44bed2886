using Microsoft.Extensions.Logging;
using SchemaStream.Administration;
using SchemaStream.Transport;

namespace SchemaStream.Testing.Fakes;

/// <summary>Producers, consumers and administration on topics in memory.</summary>
internal sealed class MemoryTransport(MemoryBroker broker) : ITransport, ITopicAdmin
{
    public IProducerTransport CreateProducer(
        string topic, IReadOnlyDictionary<string, string> settings, IDeliveryFailures failures, ILogger logger) =>
        new MemoryProducer(topic, broker);

    public IConsumerTransport CreateConsumer(
        string topic, IReadOnlyDictionary<string, string> settings, ConsumerOptions options, ILogger logger) =>
        new MemoryConsumer(topic, settings, options, broker);

    public IConsumerTransport CreateReader(string topic, IReadOnlyDictionary<string, string> settings, ILogger logger) =>
        new MemoryConsumer(topic, settings, new ConsumerOptions { CommitMode = CommitMode.Manual }, broker);

    public Task CreateAsync(string name, TopicSpecification specification, CancellationToken cancellationToken) =>
        broker.TryCreate(name, specification.PartitionCount)
            ? Task.CompletedTask
            : throw new BrokerException(TopicAdmin.AlreadyExists, $"Topic '{name}' was not created: it is there already.");

    /// <summary>Nothing is forgotten here, whatever a topic was told.</summary>
    public Task<IReadOnlyDictionary<string, string>> SettingsAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    public Task PingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        // Memory is all there is, and clients of the same fakes go on with it.
    }

    public ITransactionTransport CreateTransactions(
        string transactionalId, IReadOnlyDictionary<string, string> settings, IDeliveryFailures failures, ILogger logger) =>
        new MemoryTransactions(transactionalId, broker);
}
