using SchemaStream.Consuming;
using SchemaStream.Contracts;
using SchemaStream.Observation;
using SchemaStream.Producing;
using SchemaStream.Serialization;
using SchemaStream.Transactions;
using SchemaStream.Transport;

namespace SchemaStream;

/// <content>Transactions, and the loops that are made of them.</content>
public sealed partial class SchemaStreamClient
{
    /// <summary>What a timer takes, with much to spare.</summary>
    private static readonly TimeSpan LongestDrain = TimeSpan.FromDays(1);

    /// <summary>Makes a producer of transactions, and takes its id over from who had it before.</summary>
    /// <param name="transactionalId">The name of the producer over restarts; two programs at once need two.</param>
    /// <param name="options">How to send; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BrokerException">The brokers refuse, for example for want of permission.</exception>
    public async Task<ITransactionalProducer> CreateTransactionalProducerAsync(
        string transactionalId, TransactionOptions? options = null, CancellationToken cancellationToken = default) =>
        await OpenTransactionsAsync(transactionalId, options ?? new(), cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Reads a topic and writes what becomes of each record to others, exactly once: what is written and the progress in
    /// what is read are committed together. Runs until it is cancelled.
    /// </summary>
    /// <remarks>
    /// Any number of instances share a group, each with a transactional id of its own; over rebalances, restarts and crashes
    /// of programs and brokers, each record counts once. What else the handler does is done again when a transaction is
    /// aborted. Trouble with the brokers is waited out; what the handler throws ends the loop with nothing of the transaction.
    /// </remarks>
    /// <typeparam name="TKey">The C# type of the keys that are read.</typeparam>
    /// <typeparam name="TValue">The C# type of the values that are read.</typeparam>
    /// <param name="from">The topic to read.</param>
    /// <param name="groupId">The group, which keeps the progress.</param>
    /// <param name="transactionalId">This instance's name over restarts.</param>
    /// <param name="handle">Sends what becomes of a record within the transaction, and does not end that.</param>
    /// <param name="options">How to read and write; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the loop once what is in hand is committed, for which <c>DrainTimeout</c> is the time.</param>
    /// <exception cref="OperationCanceledException">The loop was cancelled.</exception>
    /// <exception cref="ProducerFencedException">Another instance runs under this transactional id.</exception>
    /// <exception cref="TopicContractException">A topic carries other types.</exception>
    /// <exception cref="RecordDecodeException">A record cannot be read, and <c>Reading.DecodeFailure</c> is to throw.</exception>
    /// <exception cref="TransactionAbortedException">The brokers refuse a record each time, for its size for example.</exception>
    /// <exception cref="BrokerException">Reading or writing has failed for good.</exception>
    public async Task TransformAsync<TKey, TValue>(
        Topic<TKey, TValue> from,
        string groupId,
        string transactionalId,
        Func<ConsumedRecord<TKey, TValue>, ITransaction, CancellationToken, ValueTask> handle,
        TransformOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handle);
        var loop = await LoopAsync(from, groupId, transactionalId, handle, options ?? new(), cancellationToken).ConfigureAwait(false);
        await loop.RunAsync(ends: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As the other overload, for one record out for each record in.</summary>
    /// <typeparam name="TKey">The C# type of the keys that are read.</typeparam>
    /// <typeparam name="TValue">The C# type of the values that are read.</typeparam>
    /// <typeparam name="TNewKey">The C# type of the keys that are written.</typeparam>
    /// <typeparam name="TNewValue">The C# type of the values that are written.</typeparam>
    /// <param name="from">The topic to read.</param>
    /// <param name="to">The topic to write.</param>
    /// <param name="groupId">The group, which keeps the progress.</param>
    /// <param name="transactionalId">This instance's name over restarts.</param>
    /// <param name="map">What becomes of a record; null for nothing.</param>
    /// <param name="options">How to read and write; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the loop once what is in hand is committed, for which <c>DrainTimeout</c> is the time.</param>
    /// <exception cref="OperationCanceledException">The loop was cancelled.</exception>
    /// <exception cref="ProducerFencedException">Another instance runs under this transactional id.</exception>
    /// <exception cref="TopicContractException">A topic carries other types.</exception>
    /// <exception cref="RecordDecodeException">A record cannot be read, and <c>Reading.DecodeFailure</c> is to throw.</exception>
    /// <exception cref="TransactionAbortedException">The brokers refuse a record each time, for its size for example.</exception>
    /// <exception cref="BrokerException">Reading or writing has failed for good.</exception>
    public Task TransformAsync<TKey, TValue, TNewKey, TNewValue>(
        Topic<TKey, TValue> from,
        Topic<TNewKey, TNewValue> to,
        string groupId,
        string transactionalId,
        Func<ConsumedRecord<TKey, TValue>, OutgoingRecord<TNewKey, TNewValue>?> map,
        TransformOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        ArgumentNullException.ThrowIfNull(map);
        return TransformAsync(
            from,
            groupId,
            transactionalId,
            (record, transaction, token) => map(record) is { } mapped
                ? ((Transaction)transaction).EnqueueAsync(to, in mapped, token)
                : ValueTask.CompletedTask,
            options,
            cancellationToken);
    }

    /// <summary>Makes a topic's writer over a road of the caller's, once the contract allows its types.</summary>
    internal async Task<TopicProducer<TKey, TValue>> OpenAsync<TKey, TValue>(
        Topic<TKey, TValue> topic,
        Func<string, IProducerTransport> road,
        CancellationToken cancellationToken,
        UndeliveredRecords? undelivered = null)
    {
        var types = TopicTypes<TKey, TValue>.Derive(topic, _formats);
        await _gate.AdmitAsync(types.Contract, UnboundTopic.Bind, cancellationToken).ConfigureAwait(false);
        var keyId = await _gate.SchemaIdAsync(
            types.Contract, RecordSlot.Key, types.Key, cancellationToken).ConfigureAwait(false);
        var valueId = await _gate.SchemaIdAsync(
            types.Contract, RecordSlot.Value, types.Value, cancellationToken).ConfigureAwait(false);
        return new TopicProducer<TKey, TValue>(
            topic,
            new SlotWriter<TKey>(types.Key, new SerializationContext(topic.Name, RecordSlot.Key), keyId),
            new SlotWriter<TValue>(types.Value, new SerializationContext(topic.Name, RecordSlot.Value), valueId),
            road(topic.Name),
            undelivered ?? new UndeliveredRecords(topic.Name, handler: null, _logger),
            _logger);
    }

    private async Task<TransactionalProducer> OpenTransactionsAsync(
        string transactionalId, TransactionOptions options, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(transactionalId);
        var failures = new TransactionFailures();
        var transport = _transport.CreateTransactions(
            transactionalId, TransportSettings.ForTransactions(_options, transactionalId, options), failures, _logger);
        try
        {
            await transport.InitializeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return new TransactionalProducer(transactionalId, transport, failures, this, options.Timeout, _logger);
    }

    private async Task<ExactlyOnceLoop<TKey, TValue>> LoopAsync<TKey, TValue>(
        Topic<TKey, TValue> from,
        string groupId,
        string transactionalId,
        Func<ConsumedRecord<TKey, TValue>, ITransaction, CancellationToken, ValueTask> handle,
        TransformOptions options,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentException.ThrowIfNullOrWhiteSpace(groupId);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxRecords, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DrainTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.DrainTimeout, LongestDrain);
        if (options.Reading.DecodeFailure.Finally == FailureAction.DeadLetter)
        {
            throw new ArgumentException("A transaction has no dead-letter topic: throw, skip, or send there yourself.", nameof(options));
        }

        var contract = TopicTypes<TKey, TValue>.Derive(from, _formats).Contract;
        await _gate.AdmitAsync(contract, UnboundTopic.Leave, cancellationToken).ConfigureAwait(false);
        var reading = options.Reading with { CommitMode = CommitMode.Manual };
        var settings = TransportSettings.ForTransform(_options, groupId, reading);
        return new ExactlyOnceLoop<TKey, TValue>(
            from.Name,
            token => OpenTransactionsAsync(transactionalId, options.Transactions, token),
            () => _transport.CreateConsumer(from.Name, settings, reading, _logger),
            reader => new RecordSource<TKey, TValue>(
                from.Name,
                groupId,
                ReaderOf<TKey>(contract, RecordSlot.Key),
                ReaderOf<TValue>(contract, RecordSlot.Value),
                reader,
                reading.DecodeFailure,
                null,
                _logger),
            (record, transaction, token) => WatchedHandler.IsWanted
                ? WatchedHandler.RunAsync(
                    record,
                    groupId,
                    reading.TimeProvider,
                    (handle, transaction),
                    static (record, to, token) => to.handle(record, to.transaction, token),
                    token)
                : handle(record, transaction, token),
            options.MaxRecords,
            options.DrainTimeout,
            reading.TimeProvider,
            _logger);
    }
}
