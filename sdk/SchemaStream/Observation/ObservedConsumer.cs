using SchemaStream.Transactions;
using SchemaStream.Transport;

namespace SchemaStream.Observation;

/// <summary>A consumer with its spans and metrics; when no one looks, it passes calls on.</summary>
/// <param name="consumer">The consumer.</param>
/// <param name="timeProvider">Times handlers.</param>
internal sealed class ObservedConsumer<TKey, TValue>(ITopicConsumer<TKey, TValue> consumer, TimeProvider timeProvider)
    : ITopicConsumer<TKey, TValue>, IGroupMember
{
    IConsumerTransport IGroupMember.Transport => ((IGroupMember)consumer).Transport;

    public Topic<TKey, TValue> Topic => consumer.Topic;

    public string GroupId => consumer.GroupId;

    public IReadOnlyList<TopicPartition> Assignment => consumer.Assignment;

    public IReadOnlyList<RecordPosition> Positions => consumer.Positions;

    public IReadOnlyList<TopicPartition> Paused => consumer.Paused;

    public Task<IReadOnlyList<TopicPartition>> WaitForAssignmentAsync(CancellationToken cancellationToken = default) =>
        consumer.WaitForAssignmentAsync(cancellationToken);

    public IAsyncEnumerable<ConsumedRecord<TKey, TValue>> ReadAllAsync(CancellationToken cancellationToken = default) =>
        consumer.ReadAllAsync(cancellationToken);

    public IAsyncEnumerable<ConsumedBatch<TKey, TValue>> ReadBatchesAsync(
        BatchOptions? options = null, CancellationToken cancellationToken = default) =>
        consumer.ReadBatchesAsync(options, cancellationToken);

    public Task ProcessAsync(
        Func<ConsumedRecord<TKey, TValue>, CancellationToken, ValueTask> handler,
        ProcessingOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return consumer.ProcessAsync(
            (record, token) => WatchedHandler.IsWanted
                ? WatchedHandler.RunAsync(record, GroupId, timeProvider, handler, static (record, handler, token) => handler(record, token), token)
                : handler(record, token),
            options,
            cancellationToken);
    }

    public void Pause(IEnumerable<TopicPartition> partitions) => consumer.Pause(partitions);

    public void Resume(IEnumerable<TopicPartition> partitions) => consumer.Resume(partitions);

    public Task SeekAsync(TopicPartition partition, long offset, CancellationToken cancellationToken = default) =>
        consumer.SeekAsync(partition, offset, cancellationToken);

    public Task SeekAsync(TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default) =>
        consumer.SeekAsync(partition, time, cancellationToken);

    public Task CommitAsync(CancellationToken cancellationToken = default) => consumer.CommitAsync(cancellationToken);

    public Task CommitAsync(ConsumedRecord<TKey, TValue> record, CancellationToken cancellationToken = default) =>
        consumer.CommitAsync(record, cancellationToken);

    public ValueTask DisposeAsync() => consumer.DisposeAsync();
}
