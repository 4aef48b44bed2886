namespace SchemaStream;

/// <summary>Records of several topics, and positions of consumers, that become visible together.</summary>
/// <remarks>Consumers see them once they are committed; consumers that read uncommitted data see them at once.</remarks>
public interface ITransaction : IAsyncDisposable
{
    /// <summary>Accepts a record for sending. A record that fails later makes the commit fail.</summary>
    /// <typeparam name="TKey">The C# type of the key.</typeparam>
    /// <typeparam name="TValue">The C# type of the value.</typeparam>
    /// <param name="topic">The topic, which is checked against its contract when this producer first meets it.</param>
    /// <param name="key">The key; null sends none.</param>
    /// <param name="value">The value; null sends a tombstone.</param>
    /// <param name="options">Headers, partition, timestamp.</param>
    /// <param name="cancellationToken">Stops waiting for room; the record is then not sent.</param>
    /// <exception cref="InvalidOperationException">The transaction has ended.</exception>
    /// <exception cref="TopicContractException">The topic carries other types.</exception>
    /// <exception cref="SchemaSerializationException">The key or value does not fit its schema; it was not sent.</exception>
    /// <exception cref="DeliveryException">The record itself is refused, for its size for example.</exception>
    /// <exception cref="TransactionAbortedException">The transaction has failed by now, and is ended.</exception>
    /// <exception cref="ProducerFencedException">Another producer has the transactional id by now.</exception>
    /// <exception cref="BrokerException">The producer is of no more use.</exception>
    ValueTask EnqueueAsync<TKey, TValue>(
        Topic<TKey, TValue> topic,
        TKey key,
        TValue value,
        RecordOptions options = default,
        CancellationToken cancellationToken = default);

    /// <summary>Accepts a record without a value, which deletes the key from a compacted topic; otherwise as <see cref="EnqueueAsync"/>.</summary>
    /// <typeparam name="TKey">The C# type of the key.</typeparam>
    /// <typeparam name="TValue">The C# type of the topic's values.</typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="key">The key.</param>
    /// <param name="options">Headers, partition, timestamp.</param>
    /// <param name="cancellationToken">Stops waiting for room; the record is then not sent.</param>
    /// <exception cref="InvalidOperationException">The transaction has ended.</exception>
    /// <exception cref="TopicContractException">The topic carries other types.</exception>
    /// <exception cref="SchemaSerializationException">The key does not fit its schema; it was not sent.</exception>
    ValueTask EnqueueTombstoneAsync<TKey, TValue>(
        Topic<TKey, TValue> topic, TKey key, RecordOptions options = default, CancellationToken cancellationToken = default);

    /// <summary>Makes a consumer's progress part of the transaction: it is committed with the records, or not at all.</summary>
    /// <remarks>
    /// The consumer must commit by hand only (<see cref="CommitMode.Manual"/>). The coordinator refuses the positions of a
    /// member that is no longer the one that has the partitions (KIP-447), so that no record is handled twice.
    /// </remarks>
    /// <typeparam name="TKey">The C# type of the consumer's keys.</typeparam>
    /// <typeparam name="TValue">The C# type of the consumer's values.</typeparam>
    /// <param name="consumer">The consumer.</param>
    /// <param name="positions">
    /// Per partition the offset of the next record to handle: the last handled one's plus one. Those that are
    /// <see cref="PartitionOffset.Unknown"/> are left out.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">A position is of another topic than the consumer's, or no offset.</exception>
    /// <exception cref="TransactionAbortedException">A partition has left the consumer meanwhile; the transaction is aborted.</exception>
    /// <exception cref="ProducerFencedException">Another producer has the transactional id.</exception>
    Task AddPositionsAsync<TKey, TValue>(
        ITopicConsumer<TKey, TValue> consumer,
        IEnumerable<RecordPosition> positions,
        CancellationToken cancellationToken = default);

    /// <summary>Waits until the brokers have all records, and makes everything visible.</summary>
    /// <param name="cancellationToken">
    /// Stops waiting: before the brokers were asked to commit, the transaction is aborted; after that it is seen through, and
    /// this returns if it was committed. Only if the brokers do not say so within the transaction's timeout is the outcome unknown,
    /// and the producer of no more use.
    /// </param>
    /// <exception cref="OperationCanceledException">Waiting was stopped.</exception>
    /// <exception cref="TransactionAbortedException">It could not be committed and is aborted: begin another one.</exception>
    /// <exception cref="ProducerFencedException">Another producer has the transactional id.</exception>
    /// <exception cref="BrokerException">An error that ends the producer: make a new one.</exception>
    Task CommitAsync(CancellationToken cancellationToken = default);

    /// <summary>Drops everything.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ProducerFencedException">Another producer has the transactional id.</exception>
    /// <exception cref="BrokerException">An error that ends the producer: make a new one.</exception>
    Task AbortAsync(CancellationToken cancellationToken = default);
}
