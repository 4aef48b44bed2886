using SchemaStream.Transport;

namespace SchemaStream.Consuming;

/// <content>Partitions that come and go. Called on the transport's thread: the group waits.</content>
internal sealed partial class TopicConsumer<TKey, TValue>
{
    /// <summary>What the application has paused; also the lock of changes to it.</summary>
    private readonly HashSet<int> _paused = [];

    IReadOnlyDictionary<int, long>? IAssignmentListener.OnAssigned(
        IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment, Func<IReadOnlyList<long>> committed)
    {
        lock (_paused)
        {
            if (isWholeAssignment)
            {
                // Those that did not come back are another member's now: if they return, they are as new.
                _paused.IntersectWith(partitions.Select(partition => partition.Name.Partition));
            }

            foreach (var partition in partitions)
            {
                if (_paused.Contains(partition.Name.Partition))
                {
                    partition.Pause(PauseReasons.Application);
                }
            }
        }

        if (_options.PartitionsAssigned is not { } tell)
        {
            return null;
        }

        var offsets = committed();
        var assigned = new PartitionsAssigned(
        [
            .. partitions.Select((partition, index) => new RecordPosition(
                Topic.Name, partition.Name.Partition, offsets[index] >= 0 ? offsets[index] : PartitionOffset.Unknown)),
        ]);
        Wait(tell(assigned));
        return assigned.Starts;
    }

    void IAssignmentListener.OnRevoking(IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment)
    {
        _processing?.OnRevoking(partitions);
        if (!isWholeAssignment)
        {
            Forget(partitions);
        }

        if (_options.PartitionsRevoked is { } tell)
        {
            Wait(tell(new PartitionsRevoked([.. partitions.Select(HandledPosition)], CommitAtRevocationAsync)));
        }
    }

    void IAssignmentListener.OnLost(IReadOnlyList<AssignedPartition> partitions)
    {
        _processing?.OnLost(partitions);
        Forget(partitions);
        if (_options.PartitionsLost is { } tell)
        {
            Wait(tell([.. partitions.Select(partition => partition.Name)]));
        }
    }

    /// <summary>The transport's thread is a thread of its own, and must not go on before the application has.</summary>
    private static void Wait(ValueTask told) => told.AsTask().GetAwaiter().GetResult();

    private void Forget(IReadOnlyList<AssignedPartition> partitions)
    {
        lock (_paused)
        {
            _paused.ExceptWith(partitions.Select(partition => partition.Name.Partition));
        }
    }

    private RecordPosition HandledPosition(AssignedPartition partition) => new(
        Topic.Name,
        partition.Name.Partition,
        partition.HandledOffset == AssignedPartition.NoOffset ? PartitionOffset.Unknown : partition.HandledOffset);

    private Task CommitAtRevocationAsync(IReadOnlyList<RecordPosition> positions, CancellationToken cancellationToken)
    {
        foreach (var position in positions)
        {
            Find(position.Partition)?.HandleUpTo(position.Offset);
        }

        return _transport.CommitAsync(
            [.. positions.Select(position => (position.Partition, position.Offset))], cancellationToken);
    }
}
