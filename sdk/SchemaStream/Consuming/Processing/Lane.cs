namespace SchemaStream.Consuming.Processing;

/// <summary>Records that are handled one after the other: those of a partition, or of some of its keys.</summary>
/// <param name="work">The partition's work.</param>
internal sealed class Lane<TKey, TValue>(PartitionWork<TKey, TValue> work)
{
    private readonly Queue<WorkItem<TKey, TValue>> _items = [];
    private WorkItem<TKey, TValue>? _again;
    private bool _isTaken;

    /// <summary>The partition's work.</summary>
    public PartitionWork<TKey, TValue> Work { get; } = work;

    /// <summary>Adds a record at the end.</summary>
    /// <param name="item">The record.</param>
    /// <returns>Whether no one has the lane, so that someone must be told to take it.</returns>
    public bool Add(in WorkItem<TKey, TValue> item)
    {
        lock (_items)
        {
            _items.Enqueue(item);
            var wasFree = !_isTaken;
            _isTaken = true;
            return wasFree;
        }
    }

    /// <summary>Puts a record back in front: it is handled again before those behind it. The lane stays taken.</summary>
    /// <param name="item">The record.</param>
    public void PutBack(in WorkItem<TKey, TValue> item)
    {
        lock (_items)
        {
            _again = item;
        }
    }

    /// <summary>The next record, for whoever has the lane.</summary>
    /// <param name="item">The record.</param>
    /// <returns>False when there is none: the lane is free again.</returns>
    public bool TryTake(out WorkItem<TKey, TValue> item)
    {
        lock (_items)
        {
            if (_again is { } again)
            {
                item = again;
                _again = null;
                return true;
            }

            if (_items.TryDequeue(out item))
            {
                return true;
            }

            _isTaken = false;
            return false;
        }
    }

    /// <summary>Drops what is left, which is to be read again elsewhere. The lane stays taken: nothing follows.</summary>
    public void Clear()
    {
        lock (_items)
        {
            _isTaken = true;
            _again?.Bytes.Return();
            _again = null;
            while (_items.TryDequeue(out var item))
            {
                item.Bytes.Return();
            }
        }
    }
}
