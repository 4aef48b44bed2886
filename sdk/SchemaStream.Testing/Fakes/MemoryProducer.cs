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
        var place = broker.Append(
            topic,
            record.Partition == EncodedRecord.Absent ? null : record.Partition,
            record.TimestampMs,
            record.KeyLength == EncodedRecord.Absent ? null : record.Key.ToArray(),
            record.ValueLength == EncodedRecord.Absent ? null : record.Value.ToArray(),
            Copy(record.Headers));
        if (place is not var (partition, offset))
        {
            throw new DeliveryException(new DeliveryFailure(
                topic, record.Partition, "UNKNOWN_PARTITION", "the topic has no such partition", IsOutcomeUnknown: false));
        }

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

    /// <summary>The sender's list is the sender's, who may go on changing it.</summary>
    private static RecordHeaders? Copy(RecordHeaders? headers)
    {
        if (headers is null)
        {
            return null;
        }

        var copy = new RecordHeaders();
        foreach (var header in headers)
        {
            copy.Add(header.Name, header.Value is { } bytes ? bytes.ToArray() : null);
        }

        return copy;
    }
}
