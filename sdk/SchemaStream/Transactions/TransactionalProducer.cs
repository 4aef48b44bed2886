using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SchemaStream.Observation;
using SchemaStream.Transport;

namespace SchemaStream.Transactions;

/// <summary>One transactional id, one client, any number of topics.</summary>
/// <param name="transactionalId">The id.</param>
/// <param name="transport">The road to the brokers; this owns it.</param>
/// <param name="failures">Where the transport reports failed records.</param>
/// <param name="client">Checks topics and makes their writers.</param>
/// <param name="longestAbort">How long an end without a commit may take.</param>
/// <param name="logger">Where trouble is logged.</param>
internal sealed class TransactionalProducer(
    string transactionalId,
    ITransactionTransport transport,
    TransactionFailures failures,
    SchemaStreamClient client,
    TimeSpan longestAbort,
    ILogger logger) : ITransactionalProducer
{
    /// <summary>By topic, which as a value includes the C# types.</summary>
    private readonly ConcurrentDictionary<object, object> _writers = new();

    private readonly Dictionary<string, IProducerTransport> _roads = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private Transaction? _current;

    public string TransactionalId => transactionalId;

    public ITransactionTransport Transport => transport;

    public TransactionFailures Failures => failures;

    public ILogger Logger => logger;

    public TimeSpan LongestAbort => longestAbort;

    public async Task<ITransaction> BeginAsync(CancellationToken cancellationToken = default)
    {
        if (_current is { HasEnded: false })
        {
            throw new InvalidOperationException(
                $"Transactional id '{transactionalId}' has a transaction that has not ended: commit, abort or dispose it first.");
        }

        await transport.BeginAsync(cancellationToken).ConfigureAwait(false);
        failures.Take(); // those of a transaction that was aborted
        return _current = new Transaction(this);
    }

    /// <summary>Sends a record.</summary>
    public ValueTask EnqueueAsync<TKey, TValue>(
        Topic<TKey, TValue> topic, in OutgoingRecord<TKey, TValue> record, CancellationToken cancellationToken) =>
        _writers.TryGetValue(topic, out var known)
            ? Enqueue((ITopicProducer<TKey, TValue>)known, in record, cancellationToken)
            : OpenAndEnqueueAsync(topic, record, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_current is { } current)
        {
            await current.DisposeAsync().ConfigureAwait(false);
        }

        await transport.DisposeAsync().ConfigureAwait(false);
        _opening.Dispose();
    }

    private async ValueTask OpenAndEnqueueAsync<TKey, TValue>(
        Topic<TKey, TValue> topic, OutgoingRecord<TKey, TValue> record, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_writers.ContainsKey(topic))
            {
                var writer = await client.OpenAsync(topic, RoadOf, cancellationToken).ConfigureAwait(false);
                _writers[topic] = new ObservedProducer<TKey, TValue>(writer, TimeProvider.System);
            }
        }
        finally
        {
            _opening.Release();
        }

        await Enqueue((ITopicProducer<TKey, TValue>)_writers[topic], in record, cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask Enqueue<TKey, TValue>(
        ITopicProducer<TKey, TValue> writer, in OutgoingRecord<TKey, TValue> record, CancellationToken cancellationToken) =>
        record.IsTombstone
            ? writer.EnqueueTombstoneAsync(record.Key, record.Options, cancellationToken)
            : writer.EnqueueAsync(record.Key, record.Value, record.Options, cancellationToken);

    private IProducerTransport RoadOf(string topic)
    {
        if (!_roads.TryGetValue(topic, out var road))
        {
            _roads[topic] = road = transport.OpenTopic(topic);
        }

        return road;
    }
}
