using System.Runtime.InteropServices;
using SchemaStream.Transport;

namespace SchemaStream.Testing.Fakes;

/// <summary>
/// Transactions in memory: records and positions are kept apart until the commit, which brings them into the topics and the
/// groups at once. So everyone reads committed records alone, and an aborted transaction leaves nothing.
/// </summary>
internal sealed class MemoryTransactions(string transactionalId, MemoryBroker broker) : ITransactionTransport
{
    private readonly List<NewRecord> _records = [];
    private readonly List<Action> _positions = [];
    private int _epoch;
    private bool _isOpen;
    private bool _isClosed;

    public bool HasFailed => IsSpent;

    public bool IsSpent => !broker.IsOwner(transactionalId, _epoch);

    public IProducerTransport OpenTopic(string topic) => new Road(this, topic);

    public Task InitializeAsync(CancellationToken cancellationToken)
    {
        _epoch = broker.TakeOver(transactionalId);
        return Task.CompletedTask;
    }

    public Task BeginAsync(CancellationToken cancellationToken)
    {
        Demand();
        _isOpen = true;
        return Task.CompletedTask;
    }

    public Task SendOffsetsAsync(
        string topic, IReadOnlyList<(int Partition, long Offset)> positions, SafeHandle group, CancellationToken cancellationToken)
    {
        Demand();
        var place = (MemoryPlace)group;
        if (!place.IsHeld)
        {
            throw new TransactionAbortedException("ILLEGAL_GENERATION", "The group has rebalanced since the member had these partitions");
        }

        _positions.Add(() =>
        {
            foreach (var (partition, offset) in positions)
            {
                place.Group.Commit(topic, partition, offset);
            }
        });
        return Task.CompletedTask;
    }

    public Task HandOverAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task CommitAsync(CancellationToken cancellationToken)
    {
        Demand();
        _positions.ForEach(commit => commit());
        broker.Append(_records);
        End();
        return Task.CompletedTask;
    }

    public Task AbortAsync(CancellationToken cancellationToken)
    {
        Demand();
        End();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<long>>(
            [.. Enumerable.Range(0, broker.PartitionCount(topic)).Select(partition => broker.EndOffset(topic, partition))]);

    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        return ValueTask.CompletedTask;
    }

    private void End()
    {
        _isOpen = false;
        _records.Clear();
        _positions.Clear();
    }

    private void Demand()
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(ITransactionalProducer));
        if (!broker.IsOwner(transactionalId, _epoch))
        {
            throw new ProducerFencedException(
                "PRODUCER_FENCED", $"Transactional id '{transactionalId}': another producer has taken it over.");
        }
    }

    private void DemandPartition(in NewRecord record)
    {
        if (record.Partition >= broker.PartitionCount(record.Topic))
        {
            throw MemoryBroker.NoSuchPartition(in record);
        }
    }

    /// <summary>The way to one topic.</summary>
    private sealed class Road(MemoryTransactions transactions, string topic) : IProducerTransport
    {
        public long PendingCount => 0;

        public bool TrySend(EncodedRecord record, Delivery? delivery)
        {
            if (!transactions._isOpen)
            {
                throw new DeliveryException(new DeliveryFailure(
                    topic, record.Partition, "STATE", "no transaction is open", IsOutcomeUnknown: false));
            }

            var kept = NewRecord.Of(topic, record);
            transactions.DemandPartition(in kept);
            transactions._records.Add(kept);
            return true;
        }

        public ValueTask<bool> WaitForRoomAsync(Func<bool> retry, CancellationToken cancellationToken) => ValueTask.FromResult(retry());

        public ValueTask DrainAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
