namespace SchemaStream.Tables;

/// <summary>Those who wait until a table has taken in a record.</summary>
internal sealed class PositionWaiters
{
    private readonly Lock _lock = new();
    private readonly List<(RecordPosition Position, TaskCompletionSource Waiter)> _waiters = [];
    private volatile int _count;
    private Exception? _failure;

    /// <summary>Waits for a record.</summary>
    /// <param name="position">The record.</param>
    /// <param name="appliedUpTo">How far a partition is.</param>
    public Task WaitAsync(RecordPosition position, Func<int, long> appliedUpTo)
    {
        lock (_lock)
        {
            if (_failure is not null)
            {
                return Task.FromException(_failure);
            }

            // Counted first: from here on the table's loop looks here, or has taken the record in by the next line.
            _count++;
            Interlocked.MemoryBarrier();
            if (appliedUpTo(position.Partition) > position.Offset)
            {
                _count--;
                return Task.CompletedTask;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((position, waiter));
            return waiter.Task;
        }
    }

    /// <summary>A partition is taken in up to an offset.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The offset behind the last record.</param>
    public void Applied(int partition, long offset)
    {
        Interlocked.MemoryBarrier();
        if (_count == 0)
        {
            return;
        }

        lock (_lock)
        {
            _count -= _waiters.RemoveAll(waiting =>
            {
                var isDone = waiting.Position.Partition == partition && waiting.Position.Offset < offset;
                return isDone && waiting.Waiter.TrySetResult();
            });
        }
    }

    /// <summary>The table reads no more.</summary>
    /// <param name="failure">Why.</param>
    public void Fail(Exception failure)
    {
        lock (_lock)
        {
            _failure = failure;
            foreach (var (_, waiter) in _waiters)
            {
                waiter.TrySetException(failure);
            }

            _waiters.Clear();
            _count = 0;
        }
    }
}
