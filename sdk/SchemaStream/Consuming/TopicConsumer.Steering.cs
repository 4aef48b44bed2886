namespace SchemaStream.Consuming;

/// <content>Holding back and going elsewhere.</content>
internal sealed partial class TopicConsumer<TKey, TValue>
{
    public IReadOnlyList<RecordPosition> Positions => throw new NotSupportedException();

    public IReadOnlyList<TopicPartition> Paused => throw new NotSupportedException();

    public IAsyncEnumerable<ConsumedBatch<TKey, TValue>> ReadBatchesAsync(
        BatchOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task ProcessAsync(
        Func<ConsumedRecord<TKey, TValue>, CancellationToken, ValueTask> handler,
        ProcessingOptions? options = null,
        CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void Pause(IEnumerable<TopicPartition> partitions) => throw new NotSupportedException();

    public void Resume(IEnumerable<TopicPartition> partitions) => throw new NotSupportedException();

    public Task SeekAsync(TopicPartition partition, long offset, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task SeekAsync(TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
