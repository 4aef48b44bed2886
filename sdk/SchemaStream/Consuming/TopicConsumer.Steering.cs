using SchemaStream.Transport;

namespace SchemaStream.Consuming;

/// <content>Holding back and going elsewhere.</content>
internal sealed partial class TopicConsumer<TKey, TValue>
{
    public IReadOnlyList<RecordPosition> Positions =>
    [
        .. _transport.Assignment.Select(partition => new RecordPosition(
            Topic.Name,
            partition.Name.Partition,
            partition.HandedOutOffset == AssignedPartition.NoOffset ? PartitionOffset.Unknown : partition.HandedOutOffset)),
    ];

    public IReadOnlyList<TopicPartition> Paused =>
    [
        .. _transport.Assignment
            .Where(partition => (partition.Pauses & PauseReasons.Application) != 0)
            .Select(partition => partition.Name),
    ];

    public void Pause(IEnumerable<TopicPartition> partitions)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        foreach (var name in partitions)
        {
            lock (_paused)
            {
                if (Find(name) is not { } partition)
                {
                    continue;
                }

                _paused.Add(name.Partition);
                partition.Pause(PauseReasons.Application);
                _transport.ApplyPauses(partition);
            }
        }
    }

    public void Resume(IEnumerable<TopicPartition> partitions)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        foreach (var name in partitions)
        {
            lock (_paused)
            {
                _paused.Remove(name.Partition);
                if (Find(name) is { } partition)
                {
                    Resume(partition);
                }
            }
        }
    }

    public async Task SeekAsync(TopicPartition partition, long offset, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, PartitionOffset.Beginning);
        cancellationToken.ThrowIfCancellationRequested();
        var assigned = Demand(partition);
        if (offset == PartitionOffset.End)
        {
            // Asked for here and now: what is written from here on comes after it.
            offset = await _transport.FindEndAsync(partition.Partition, cancellationToken).ConfigureAwait(false);
        }

        if (!assigned.TryBeginSeek(offset, out var generation))
        {
            throw NotAssigned(partition);
        }

        _processing?.OnSought(assigned);
        await _transport.SeekAsync(assigned, generation, offset).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task SeekAsync(TopicPartition partition, DateTimeOffset time, CancellationToken cancellationToken = default)
    {
        Demand(partition);
        var offset = await _transport.FindOffsetAsync(
            partition.Partition, Math.Max(time.ToUnixTimeMilliseconds(), 0), cancellationToken).ConfigureAwait(false);
        await SeekAsync(partition, offset, cancellationToken).ConfigureAwait(false);
    }

    private void Resume(AssignedPartition partition)
    {
        var mustFetchAgain = partition.Resume(PauseReasons.Application, out var from, out var generation);
        _transport.ApplyPauses(partition);
        if (mustFetchAgain)
        {
            _transport.RewindInBackground(partition, generation, from, _logger);
        }

        _processing?.OnResumed(partition);
    }

    private AssignedPartition? Find(TopicPartition name) =>
        string.Equals(name.Topic, Topic.Name, StringComparison.Ordinal) ? Find(name.Partition) : null;

    private AssignedPartition Demand(TopicPartition partition) => Find(partition) ?? throw NotAssigned(partition);

    private static InvalidOperationException NotAssigned(TopicPartition partition) =>
        new($"{partition.Topic}[{partition.Partition}] is not assigned to this member now.");
}
