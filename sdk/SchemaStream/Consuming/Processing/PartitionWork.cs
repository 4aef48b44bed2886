using SchemaStream.Transport;

namespace SchemaStream.Consuming.Processing;

/// <summary>One partition's records between fetching and commit: queued, running, finished.</summary>
internal sealed class PartitionWork<TKey, TValue> : IDisposable
{
    /// <summary>How many finished records may lie behind an unfinished one, times the queue's capacity.</summary>
    private const int LongestWindow = 64;

    private readonly Lock _lock = new();
    private readonly OffsetTracker _tracker = new();
    private readonly Lane<TKey, TValue>[] _lanes;
    private readonly int _capacity;
    private readonly CancellationTokenSource _handlers = new();
    private readonly CancellationTokenSource _delays = new();
    private readonly List<Lane<TKey, TValue>> _parked = [];
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _idle;
    private int _unfinished;
    private int _running;
    private bool _isStopped;
    private bool _isBacklogged;

    /// <summary>Makes the work of a partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="lanes">How many lanes its keys are spread over.</param>
    /// <param name="capacity">How many records may be unfinished.</param>
    public PartitionWork(AssignedPartition partition, int lanes, int capacity)
    {
        Partition = partition;
        SeekCount = partition.SeekCount;
        _capacity = capacity;
        _lanes = new Lane<TKey, TValue>[lanes];
        for (var index = 0; index < lanes; index++)
        {
            _lanes[index] = new Lane<TKey, TValue>(this);
        }

        HandlersToken = _handlers.Token;
        DelaysToken = _delays.Token;
    }

    /// <summary>The partition.</summary>
    public AssignedPartition Partition { get; }

    /// <summary>Its seeks when the work began: a later one makes the work void.</summary>
    public int SeekCount { get; }

    /// <summary>Cancelled when handlers shall stop because their records are no longer theirs.</summary>
    public CancellationToken HandlersToken { get; }

    /// <summary>Cancelled when no one waits for another attempt any more.</summary>
    public CancellationToken DelaysToken { get; }

    /// <summary>Whether the partition has moved on from what this work is about.</summary>
    public bool IsVoid => Partition.IsRevoked || Partition.SeekCount != SeekCount;

    /// <summary>The offset of the first record that is not finished; negative when all are.</summary>
    public long FirstUnfinished
    {
        get
        {
            lock (_lock)
            {
                return _tracker.FirstUnfinished;
            }
        }
    }

    /// <summary>Whether there is room for another record.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return IsRoomy(_capacity) || _isStopped || _isBacklogged;
            }
        }
    }

    /// <summary>Adds a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="bytes">Its own bytes.</param>
    /// <param name="offset">Its offset in the partition that it was fetched from.</param>
    /// <param name="keyHash">Chooses its lane.</param>
    /// <param name="attempt">The number of its next attempt.</param>
    /// <returns>A lane that someone must take; null when there is nothing to do.</returns>
    public Lane<TKey, TValue>? Add(
        in ConsumedRecord<TKey, TValue> record, RawBytes bytes, long offset, uint keyHash, int attempt)
    {
        long slot;
        lock (_lock)
        {
            if (_isStopped)
            {
                bytes.Return();
                return null;
            }

            slot = _tracker.Add(offset);
            _unfinished++;
        }

        var lane = _lanes[keyHash % (uint)_lanes.Length];
        return lane.Add(new WorkItem<TKey, TValue>(record, bytes, slot, attempt)) ? lane : null;
    }

    /// <summary>Adds a record that needs no handler.</summary>
    /// <param name="offset">Its offset.</param>
    public void AddFinished(long offset)
    {
        lock (_lock)
        {
            if (!_isStopped)
            {
                Advance(_tracker.Finish(_tracker.Add(offset)));
            }
        }
    }

    /// <summary>A handler is about to run.</summary>
    /// <returns>False when no more shall begin.</returns>
    public bool TryBegin()
    {
        lock (_lock)
        {
            if (_isStopped)
            {
                return false;
            }

            _running++;
            return true;
        }
    }

    /// <summary>A handler has returned, and whatever follows from how it did.</summary>
    public void End()
    {
        TaskCompletionSource? idle = null;
        lock (_lock)
        {
            if (--_running == 0)
            {
                idle = _idle;
            }
        }

        idle?.TrySetResult();
    }

    /// <summary>A record needs no further attempt.</summary>
    /// <param name="item">The record.</param>
    /// <returns>Whether the partition shall be fetched again.</returns>
    public bool Finish(in WorkItem<TKey, TValue> item)
    {
        TaskCompletionSource? room = null;
        var shallResume = false;
        lock (_lock)
        {
            _unfinished--;
            Advance(_tracker.Finish(item.Slot));
            if (IsRoomy((_capacity + 1) / 2))
            {
                room = _room;
                _room = null;
                shallResume = _isBacklogged;
                _isBacklogged = false;
            }
        }

        item.Bytes.Return();
        room?.TrySetResult();
        return shallResume;
    }

    /// <summary>Completes when there is room again.</summary>
    public Task WhenRoomAsync()
    {
        lock (_lock)
        {
            return IsRoomy((_capacity + 1) / 2) || _isStopped
                ? Task.CompletedTask
                : (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>The wait for room has been long: the partition is not to be fetched until there is some.</summary>
    /// <returns>Whether that is still so.</returns>
    public bool TrySetBacklogged()
    {
        lock (_lock)
        {
            _isBacklogged = !_isStopped && !IsRoomy((_capacity + 1) / 2);
            return _isBacklogged;
        }
    }

    /// <summary>Leaves a lane aside while the application has paused the partition.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="item">Its next record, which it gets back.</param>
    /// <returns>False when the partition has gone on meanwhile.</returns>
    public bool TryPark(Lane<TKey, TValue> lane, in WorkItem<TKey, TValue> item)
    {
        lock (_lock)
        {
            if ((Partition.Pauses & PauseReasons.Application) == 0)
            {
                return false;
            }

            // Before anyone can find the lane here: whoever takes it begins with this record.
            lane.PutBack(in item);
            _parked.Add(lane);
            return true;
        }
    }

    /// <summary>The lanes that were left aside.</summary>
    public IReadOnlyList<Lane<TKey, TValue>> Unpark()
    {
        lock (_lock)
        {
            if (_parked.Count == 0)
            {
                return [];
            }

            var lanes = _parked.ToArray();
            _parked.Clear();
            return lanes;
        }
    }

    /// <summary>Nothing more begins, and what was not begun is dropped.</summary>
    /// <returns>Completes when nothing runs any more.</returns>
    public Task StopAsync()
    {
        Task idle;
        TaskCompletionSource? room;
        lock (_lock)
        {
            _isStopped = true;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running == 0)
            {
                _idle.TrySetResult();
            }

            idle = _idle.Task;
            room = _room;
            _room = null;
        }

        room?.TrySetResult();
        _delays.Cancel();
        foreach (var lane in _lanes)
        {
            lane.Clear();
        }

        return idle;
    }

    /// <summary>Tells running handlers that their records are no longer theirs.</summary>
    public void CancelHandlers() => _handlers.Cancel();

    /// <inheritdoc />
    public void Dispose()
    {
        _handlers.Dispose();
        _delays.Dispose();
    }

    private bool IsRoomy(int capacity) => _unfinished < capacity && _tracker.Count < (long)_capacity * LongestWindow;

    private void Advance(long handled)
    {
        if (handled >= 0 && Partition.SeekCount == SeekCount)
        {
            Partition.HandleUpTo(handled);
            Partition.HandedOutOffset = handled;
        }
    }
}
