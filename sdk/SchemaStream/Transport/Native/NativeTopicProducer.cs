namespace SchemaStream.Transport.Native;

/// <summary>The road for one topic over a producer.</summary>
/// <param name="producer">The producer.</param>
/// <param name="topic">The topic; the producer owns it.</param>
/// <param name="isOnly">Whether the producer is this topic's alone, and ends with it.</param>
internal sealed class NativeTopicProducer(NativeProducer producer, TopicHandle topic, bool isOnly) : IProducerTransport
{
    public long PendingCount => producer.PendingCount;

    public bool TrySend(EncodedRecord record, Delivery? delivery) => producer.TrySend(topic, record, delivery);

    public ValueTask<bool> WaitForRoomAsync(Func<bool> retry, CancellationToken cancellationToken) =>
        producer.WaitForRoomAsync(retry, cancellationToken);

    public ValueTask DrainAsync(CancellationToken cancellationToken) => producer.DrainAsync(cancellationToken);

    public ValueTask DisposeAsync() => isOnly ? producer.DisposeAsync() : ValueTask.CompletedTask;
}
