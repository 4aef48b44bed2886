namespace SchemaStream;

/// <summary>Reads typed records of one topic as a member of a consumer group.</summary>
/// <remarks>
/// The member joins its group when it is made, and keeps its place there while the application handles records. There
/// are three ways to read, one at a time: record by record (<see cref="ReadAllAsync"/>), batch by batch
/// (<see cref="ReadBatchesAsync"/>), and with handlers that run side by side (<see cref="ProcessAsync"/>). Disposing
/// commits as the commit mode says and leaves the group.
/// </remarks>
/// <typeparam name="TKey">The C# type of the keys.</typeparam>
/// <typeparam name="TValue">The C# type of the values.</typeparam>
public interface ITopicConsumer<TKey, TValue> : IAsyncDisposable
{
    /// <summary>The topic.</summary>
    Topic<TKey, TValue> Topic { get; }

    /// <summary>The consumer group.</summary>
    string GroupId { get; }

    /// <summary>The partitions this member has now; it changes as members come and go.</summary>
    IReadOnlyList<TopicPartition> Assignment { get; }

    /// <summary>
    /// Per assigned partition the offset of the next record that will be handed out;
    /// <see cref="PartitionOffset.Unknown"/> before the first.
    /// </summary>
    IReadOnlyList<RecordPosition> Positions { get; }

    /// <summary>The partitions of <see cref="Assignment"/> that <see cref="Pause"/> holds back.</summary>
    IReadOnlyList<TopicPartition> Paused { get; }

    /// <summary>Completes when this member has an assignment, which may be empty in a group of more members than partitions.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<TopicPartition>> WaitForAssignmentAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads records as they come, until the consumer is disposed.</summary>
    /// <remarks>
    /// A record counts as handled when the loop asks for the next one: that is what <see cref="CommitMode.Auto"/> and
    /// <see cref="CommitMode.AfterHandling"/> commit. A loop that was left may be started again and goes on behind the record
    /// it was left at. One loop at a time.
    /// </remarks>
    /// <param name="cancellationToken">Ends the loop with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="RecordDecodeException">
    /// A record does not follow its schema, or was written with a type that is not the topic's (policy <c>Throw</c>).
    /// </exception>
    /// <exception cref="BrokerException">Reading has failed for good, for example because the group is not allowed.</exception>
    IAsyncEnumerable<ConsumedRecord<TKey, TValue>> ReadAllAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads records in batches as they come, until the consumer is disposed.</summary>
    /// <remarks>
    /// A batch counts as handled when the loop asks for the next one, and its memory is reused then. Otherwise as
    /// <see cref="ReadAllAsync"/>.
    /// </remarks>
    /// <param name="options">How large a batch may be and how long it may wait; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the loop with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="RecordDecodeException">A record does not follow its schema (policy <c>Throw</c>).</exception>
    IAsyncEnumerable<ConsumedBatch<TKey, TValue>> ReadBatchesAsync(
        BatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Handles records as they come, several at once, in the order of each partition or key.</summary>
    /// <remarks>
    /// A record counts as handled when its handler has finished and all before it in its partition are handled: commits
    /// never pass an unfinished record. When a partition moves to another member, its running handlers finish and are
    /// committed first. On cancellation running handlers finish too; what was fetched and not begun is read again later.
    /// </remarks>
    /// <param name="handler">
    /// Handles one record. Its token is cancelled when the record is no longer this member's to handle.
    /// </param>
    /// <param name="options">How many at once, in which order, and what to do with failures; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the processing with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>A task that completes when the consumer is disposed, and fails with a handler's exception (policy <c>Throw</c>).</returns>
    /// <exception cref="RecordDecodeException">A record does not follow its schema (policy <c>Throw</c>).</exception>
    Task ProcessAsync(
        Func<ConsumedRecord<TKey, TValue>, CancellationToken, ValueTask> handler,
        ProcessingOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Holds partitions back: from now on none of their records is handed out.</summary>
    /// <remarks>
    /// The member keeps the partitions, and they stay paused across a rebalance that leaves them with it. A partition that
    /// goes to another member and comes back later is not paused.
    /// </remarks>
    /// <param name="partitions">The partitions; those of other members are ignored.</param>
    void Pause(IEnumerable<TopicPartition> partitions);

    /// <summary>Lets partitions go on behind the last record that was handed out.</summary>
    /// <param name="partitions">The partitions; those that are not paused are ignored.</param>
    void Resume(IEnumerable<TopicPartition> partitions);

    /// <summary>Goes on reading a partition at an offset. What was fetched from elsewhere is not handed out any more.</summary>
    /// <remarks>A seek commits nothing, and what was handled before it is not committed any more.</remarks>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">
    /// The offset of the next record, or <see cref="PartitionOffset.Beginning"/> or <see cref="PartitionOffset.End"/>. An
    /// offset that the partition does not have leads where the consumer's <c>AutoOffsetReset</c> says.
    /// </param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">The partition is not this member's.</exception>
    Task SeekAsync(TopicPartition partition, long offset, CancellationToken cancellationToken = default);

    /// <summary>Goes on reading a partition at the first record of a time, or at the end when none is that late.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="time">The time, compared with the records' timestamps in milliseconds.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="InvalidOperationException">The partition is not this member's.</exception>
    /// <exception cref="BrokerException">The brokers could not be asked.</exception>
    Task SeekAsync(TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default);

    /// <summary>Commits all records handed out so far, the one in hand included.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task CommitAsync(CancellationToken cancellationToken = default);

    /// <summary>Commits one record, and with it all before it in its partition.</summary>
    /// <remarks>For a record that came back through a retry topic this does nothing: its retry is committed once it is handled.</remarks>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task CommitAsync(ConsumedRecord<TKey, TValue> record, CancellationToken cancellationToken = default);
}
