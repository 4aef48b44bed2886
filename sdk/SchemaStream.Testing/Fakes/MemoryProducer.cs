using SchemaStream.Transport;

namespace SchemaStream.Testing.Fakes;

/// <summary>Appends to topics in memory; a record is acknowledged when it is accepted.</summary>
internal sealed class MemoryProducer(string topic, MemoryBroker broker) : IProducerTransport
{
    private volatile bool _isClosed;

    public long PendingCount => 0;

    public bool TrySend(EncodedRecord record, Delivery? delivery)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        var (partition, offset) = broker.Append(NewRecord.Of(topic, record));
        delivery?.Succeed(partition, offset);
        return true;
    }

    public ValueTask<bool> WaitForRoomAsync(Func<bool> retry, CancellationToken cancellationToken) => ValueTask.FromResult(retry());

    public ValueTask DrainAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        return ValueTask.CompletedTask;
    }
}
