namespace SchemaStream;

/// <summary>Sends typed records to one topic.</summary>
/// <remarks>
/// Thread-safe; make one per topic and keep it. Records of one partition arrive in the order of the calls. Disposing
/// flushes first.
/// </remarks>
/// <typeparam name="TKey">The C# type of the keys.</typeparam>
/// <typeparam name="TValue">The C# type of the values.</typeparam>
public interface ITopicProducer<TKey, TValue> : IAsyncDisposable
{
    /// <summary>The topic.</summary>
    Topic<TKey, TValue> Topic { get; }

    /// <summary>How many records are accepted but not yet acknowledged or failed.</summary>
    long PendingCount { get; }

    /// <summary>Sends a record and completes when the brokers have acknowledged it.</summary>
    /// <remarks>
    /// Do not await each call in a loop when throughput matters: collect the tasks, or use <see cref="EnqueueAsync"/>.
    /// A call that is cancelled before it begins sends nothing; a later cancellation stops waiting, and the record may
    /// still arrive. Await the result once.
    /// </remarks>
    /// <param name="key">The key; null sends none.</param>
    /// <param name="value">The value; null sends a tombstone.</param>
    /// <param name="options">Headers, partition, timestamp.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Where the record lies.</returns>
    /// <exception cref="SchemaSerializationException">The key or value does not fit its schema; nothing was sent.</exception>
    /// <exception cref="DeliveryException">The brokers did not take the record.</exception>
    ValueTask<RecordPosition> SendAsync(
        TKey key, TValue value, RecordOptions options = default, CancellationToken cancellationToken = default);

    /// <summary>Sends a record without a value, which deletes the key from a compacted topic.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">Headers, partition, timestamp.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Where the tombstone lies.</returns>
    /// <exception cref="DeliveryException">The brokers did not take the record.</exception>
    ValueTask<RecordPosition> SendTombstoneAsync(
        TKey key, RecordOptions options = default, CancellationToken cancellationToken = default);

    /// <summary>Accepts a record for sending and does not wait for its acknowledgement.</summary>
    /// <remarks>
    /// Completes at once while there is room in the queue, and otherwise when there is: awaiting it is the back-pressure.
    /// A record that fails later is reported to <c>ProducerOptions.DeliveryFailed</c> and by <see cref="FlushAsync"/>.
    /// </remarks>
    /// <param name="key">The key; null sends none.</param>
    /// <param name="value">The value; null sends a tombstone.</param>
    /// <param name="options">Headers, partition, timestamp.</param>
    /// <param name="cancellationToken">Stops waiting for room; the record is then not sent.</param>
    /// <exception cref="SchemaSerializationException">The key or value does not fit its schema; nothing was sent.</exception>
    ValueTask EnqueueAsync(
        TKey key, TValue value, RecordOptions options = default, CancellationToken cancellationToken = default);

    /// <summary>Accepts a record without a value for sending, which deletes the key from a compacted topic.</summary>
    /// <remarks>As <see cref="EnqueueAsync"/>, and in one line with it.</remarks>
    /// <param name="key">The key.</param>
    /// <param name="options">Headers, partition, timestamp.</param>
    /// <param name="cancellationToken">Stops waiting for room; the record is then not sent.</param>
    /// <exception cref="SchemaSerializationException">The key does not fit its schema; nothing was sent.</exception>
    ValueTask EnqueueTombstoneAsync(TKey key, RecordOptions options = default, CancellationToken cancellationToken = default);

    /// <summary>Sends records and completes when the brokers have acknowledged all of them.</summary>
    /// <remarks>
    /// They share batches, and the queue bounds how many are pending: the sequence is drawn from as fast as there is room.
    /// The records are not one unit: when one fails, others may have been written (see <c>BeginAsync</c> of a transactional
    /// producer for all or nothing).
    /// </remarks>
    /// <param name="records">The records, in the order in which they are sent.</param>
    /// <param name="cancellationToken">Stops sending and waiting; what was handed over may still arrive.</param>
    /// <returns>Where each record lies, in the order of <paramref name="records"/>.</returns>
    /// <exception cref="SchemaSerializationException">A key or value does not fit its schema; those before it were sent.</exception>
    /// <exception cref="DeliveryException">The brokers did not take some of them: how many, and the first reason.</exception>
    Task<IReadOnlyList<RecordPosition>> SendManyAsync(
        IEnumerable<OutgoingRecord<TKey, TValue>> records, CancellationToken cancellationToken = default);

    /// <summary>Completes when every accepted record is acknowledged or failed.</summary>
    /// <param name="cancellationToken">Stops waiting; the records stay in the queue.</param>
    /// <exception cref="DeliveryException">
    /// Records accepted by <see cref="EnqueueAsync"/> since the last flush have failed: how many, and the first reason.
    /// </exception>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);
}
