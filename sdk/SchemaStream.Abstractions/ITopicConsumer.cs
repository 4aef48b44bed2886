namespace SchemaStream;

/// <summary>Reads typed records of one topic as a member of a consumer group.</summary>
/// <remarks>
/// The member joins its group when it is made, and keeps its place there while the application handles records.
/// Disposing commits as the commit mode says and leaves the group.
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

    /// <summary>Completes when this member has an assignment, which may be empty in a group of more members than partitions.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IReadOnlyList<TopicPartition>> WaitForAssignmentAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads records as they come, until the consumer is disposed.</summary>
    /// <remarks>
    /// A record counts as handled when the loop asks for the next one: that is what <see cref="CommitMode.Auto"/> and
    /// <see cref="CommitMode.AfterEach"/> commit. A loop that was left may be started again and goes on behind the record
    /// it was left at. One loop at a time.
    /// </remarks>
    /// <param name="cancellationToken">Ends the loop with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="RecordDecodeException">
    /// A record does not follow its schema, or was written with a type that is not the topic's (policy <c>Throw</c>).
    /// </exception>
    IAsyncEnumerable<ConsumedRecord<TKey, TValue>> ReadAllAsync(CancellationToken cancellationToken = default);

    /// <summary>Commits all records handed out so far, the one in hand included.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task CommitAsync(CancellationToken cancellationToken = default);

    /// <summary>Commits one record, and with it all before it in its partition.</summary>
    /// <param name="record">The record.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task CommitAsync(ConsumedRecord<TKey, TValue> record, CancellationToken cancellationToken = default);
}
