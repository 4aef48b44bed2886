namespace SchemaStream.Broker.Replication;

/// <summary>
/// A long poll that waits on one or more partitions. Called on each partition's lane, from several at a time when
/// the partitions have several lanes.
/// </summary>
public interface IFetchWaiter
{
    /// <summary>So many more bytes of this partition can be read.</summary>
    void OnReadable(long bytes);

    /// <summary>The partition can no longer be read as before (leadership, deletion): poll again to learn why.</summary>
    void OnInterrupted();
}

/// <summary>
/// The long polls that wait at one partition's end. A poll's deadline and the sum over its partitions are its own;
/// here it is only told of bytes, so that a write costs nothing per partition that the poll also watches.
/// </summary>
public sealed class PendingFetches
{
    private readonly List<IFetchWaiter> _waiters = [];

    public int Count => _waiters.Count;

    public void Add(IFetchWaiter waiter) => _waiters.Add(waiter);

    /// <summary>True when it was there. The order of the others does not matter.</summary>
    public bool Remove(IFetchWaiter waiter)
    {
        var index = _waiters.IndexOf(waiter);
        if (index < 0)
        {
            return false;
        }

        _waiters[index] = _waiters[^1];
        _waiters.RemoveAt(_waiters.Count - 1);
        return true;
    }

    public void NotifyReadable(long bytes)
    {
        // Backwards: a waiter that has enough may take itself out.
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            _waiters[i].OnReadable(bytes);
        }
    }

    public void NotifyInterrupted()
    {
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            _waiters[i].OnInterrupted();
        }
    }
}
