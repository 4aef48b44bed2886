using System.Threading.Channels;
using SchemaStream.Transport;

namespace SchemaStream.Consuming.Processing;

/// <content>Partitions that leave, and commits of what is finished.</content>
internal sealed partial class Processor<TKey, TValue>
{
    /// <summary>How long a commit may take while the group waits for this member.</summary>
    private static readonly TimeSpan LastCommitLimit = TimeSpan.FromSeconds(10);

    /// <summary>Says that there may be something to commit; a word that is not yet heard says enough.</summary>
    private readonly Channel<bool> _finished = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Partitions are about to leave: lets running handlers finish, and commits. Returns when that is done.</summary>
    /// <param name="partitions">The partitions.</param>
    public void OnRevoking(IReadOnlyList<AssignedPartition> partitions)
    {
        var works = WorksOf(partitions);
        var idle = Task.WhenAll(works.Select(work => work.StopAsync()));
        if (!idle.Wait(_terms.Options.DrainTimeout))
        {
            _logger.HandlersAbandoned(_terms.Topic, _terms.Options.DrainTimeout);
            foreach (var work in works)
            {
                work.CancelHandlers();
            }
        }

        if (_terms.CommitMode == CommitMode.AfterHandling)
        {
            CommitAtOnce(partitions);
        }
    }

    /// <summary>Partitions are another member's: tells running handlers so, and waits for nothing.</summary>
    /// <param name="partitions">The partitions.</param>
    public void OnLost(IReadOnlyList<AssignedPartition> partitions)
    {
        foreach (var work in WorksOf(partitions))
        {
            _ = work.StopAsync();
            work.CancelHandlers();
        }
    }

    /// <summary>The application lets a partition go on.</summary>
    /// <param name="partition">The partition.</param>
    public void OnResumed(AssignedPartition partition)
    {
        foreach (var work in Works().Where(work => ReferenceEquals(work.Partition, partition)))
        {
            Unpark(work);
        }
    }

    /// <summary>The application goes elsewhere in a partition: what waits for handlers is of the old place.</summary>
    /// <param name="partition">The partition.</param>
    public void OnSought(AssignedPartition partition)
    {
        foreach (var work in Works().Where(work => ReferenceEquals(work.Partition, partition) && work.IsVoid))
        {
            _ = work.StopAsync(); // what runs of it ends by itself, and counts no longer
        }

        EndBacklog(partition); // also of a work that was dropped already
    }

    /// <summary>Of a work that was stopped no one says any more that there is room again.</summary>
    private void EndBacklog(AssignedPartition partition)
    {
        if (partition.Resume(PauseReasons.Backlog, out var from, out var generation))
        {
            _transport.RewindInBackground(partition, generation, from, _logger);
        }

        _transport.ApplyPauses(partition);
    }

    /// <summary>Also of those of which nothing was taken in yet: it must not be from now on.</summary>
    private PartitionWork<TKey, TValue>[] WorksOf(IReadOnlyList<AssignedPartition> partitions)
    {
        lock (_lock)
        {
            return [.. partitions.Select(WorkOf)];
        }
    }

    private void Unpark(PartitionWork<TKey, TValue> work)
    {
        foreach (var lane in work.Unpark())
        {
            _runnable.Writer.TryWrite(lane);
        }
    }

    private void TellFinished()
    {
        if (_terms.CommitMode == CommitMode.AfterHandling)
        {
            _finished.Writer.TryWrite(true);
        }
    }

    /// <summary>One commit at a time, of all that is finished by then.</summary>
    private async Task CommitFinishedAsync()
    {
        await foreach (var _ in _finished.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (!await CommitAsync(_transport.Assignment).ConfigureAwait(false))
            {
                await Task.Delay(CommitRefusals.Retry, _terms.Time).ConfigureAwait(false);
                TellFinished();
            }
        }

        await CommitAsync(_transport.Assignment).ConfigureAwait(false);
    }

    /// <returns>False when the coordinator is away: the same is to be committed later.</returns>
    private async Task<bool> CommitAsync(IReadOnlyList<AssignedPartition> partitions)
    {
        var positions = Committable(partitions);
        if (positions.Count == 0)
        {
            return true;
        }

        try
        {
            await _transport.CommitAsync(
                [.. positions.Select(position => (position.Partition.Name.Partition, position.Offset))],
                CancellationToken.None).ConfigureAwait(false);
            positions.ForEach(position => position.Partition.CommittedOffset = position.Offset);
        }
        catch (BrokerException refusal) when (CommitRefusals.IsOfMembership(refusal))
        {
            positions.ForEach(position => _logger.CommitLeftOut(_terms.Topic, position.Partition.Name.Partition, position.Offset - 1));
        }
        catch (BrokerException refusal) when (CommitRefusals.IsPassing(refusal))
        {
            _logger.CoordinatorAway(_terms.Topic, _terms.GroupId, refusal);
            return false;
        }
        catch (BrokerException refusal)
        {
            Fail(refusal);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile, by which time the last commit was made.
        }

        return true;
    }

    private void CommitAtOnce(IReadOnlyList<AssignedPartition> partitions)
    {
        var commit = CommitAsync(partitions);
        if (!commit.Wait(LastCommitLimit))
        {
            foreach (var partition in partitions)
            {
                _logger.CommitLeftOut(_terms.Topic, partition.Name.Partition, partition.HandledOffset - 1);
            }
        }
    }

    private static List<(AssignedPartition Partition, long Offset)> Committable(IReadOnlyList<AssignedPartition> partitions)
    {
        var positions = new List<(AssignedPartition, long)>();
        foreach (var partition in partitions)
        {
            var handled = partition.HandledOffset;
            if (handled != AssignedPartition.NoOffset && handled != partition.CommittedOffset && !partition.IsRevoked)
            {
                positions.Add((partition, handled));
            }
        }

        return positions;
    }
}
