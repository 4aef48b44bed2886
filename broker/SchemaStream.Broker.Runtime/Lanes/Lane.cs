using Microsoft.Extensions.Logging;

namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>
/// A bounded queue with one consumer at a time. Everything a partition or a shard owns is touched only on its lane, so the
/// rooms below need no locks. A lane has no thread of its own: it borrows one of the pool while it has work, and the
/// poster's own when it is idle, which saves the hop in the usual case.
/// </summary>
public sealed partial class Lane : IThreadPoolWorkItem, IDisposable
{
    /// <summary>How many commands a lane runs before it lets others have the thread.</summary>
    private const int CommandsPerTurn = 256;

    [ThreadStatic]
    private static bool t_onALane;

    private enum Admission
    {
        Inline,
        Queued,
        QueuedAndAwake,
        Overflowing,
        Refused,
    }

    private readonly System.Threading.Lock _gate = new();
    private readonly LaneCommand[] _queue;
    private readonly Queue<(LaneCommand Command, TaskCompletionSource? Accepted)> _overflow = new();
    private readonly ILogger _logger;
    private int _head;
    private int _count;
    private bool _running;
    private bool _closed;

    public Lane(string name, int capacity, TimeProvider timeProvider, ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Name = name;
        Clock = new LaneClock(timeProvider);
        Timers = new LaneTimers(this, timeProvider);
        _queue = new LaneCommand[capacity];
        _logger = logger;
    }

    public string Name { get; }

    public LaneClock Clock { get; }

    /// <summary>How many commands wait; any thread may look.</summary>
    public int QueuedCount => Volatile.Read(ref _count);

    /// <summary>Touched on the lane only.</summary>
    public LaneTimers Timers { get; }

    /// <summary>
    /// Hands a command to the lane. Completes at once unless the queue is full: then when there is room, which is how
    /// back-pressure reaches the connections. Commands run in the order of these calls.
    /// </summary>
    public ValueTask PostAsync(LaneCommand command)
    {
        TaskCompletionSource? accepted = null;
        Admission admission;
        lock (_gate)
        {
            admission = Admit();
            switch (admission)
            {
                case Admission.Overflowing:
                    accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _overflow.Enqueue((command, accepted));
                    break;
                case Admission.Queued or Admission.QueuedAndAwake:
                    Enqueue(command);
                    break;
            }
        }

        CarryOut(admission, command);
        return accepted is null ? ValueTask.CompletedTask : new ValueTask(accepted.Task);
    }

    /// <summary>Posts an operation; completes with its outcome.</summary>
    public ValueTask<TResult> RunAsync<TResult>(LaneOperation<TResult> operation)
    {
        var accepted = PostAsync(operation);
        return accepted.IsCompletedSuccessfully ? operation.Outcome : OutcomeOnceAccepted(accepted, operation);
    }

    /// <summary>
    /// Hands over a command that is one of a few of its kind, and so need not wait for room: the broker's own timers and ends.
    /// </summary>
    public void Post(LaneCommand command)
    {
        Admission admission;
        lock (_gate)
        {
            admission = Admit();
            switch (admission)
            {
                case Admission.Overflowing:
                    _overflow.Enqueue((command, null));
                    break;
                case Admission.Queued or Admission.QueuedAndAwake:
                    Enqueue(command);
                    break;
            }
        }

        CarryOut(admission, command);
    }

    /// <summary>
    /// Runs work for an owner beside the lane, because it takes long. A fault of it counts as one on the lane: it stops the
    /// owner and nothing else.
    /// </summary>
    internal Task RunBesideAsync(ILaneOwner owner, Func<Task> work) => Task.Run(async () =>
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (LaneClosedException)
        {
            // The broker stops before the work was of use to anyone.
        }
        catch (Exception cause)
        {
            Post(new LaneFault(owner, cause));
        }
    });

    /// <summary>Runs what is queued, then refuses everything: called once the posters have stopped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
        }

        Timers.Dispose();
    }

    void IThreadPoolWorkItem.Execute()
    {
        t_onALane = true;
        try
        {
            for (var turn = 0; turn < CommandsPerTurn; turn++)
            {
                if (Dequeue() is not { } command)
                {
                    return;
                }

                Run(command);
            }
        }
        finally
        {
            t_onALane = false;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private static async ValueTask<TResult> OutcomeOnceAccepted<TResult>(
        ValueTask accepted, LaneOperation<TResult> operation)
    {
        await accepted.ConfigureAwait(false);
        return await operation.Outcome.ConfigureAwait(false);
    }

    /// <summary>Under the gate: what becomes of a command that is posted now.</summary>
    private Admission Admit()
    {
        if (_closed)
        {
            return Admission.Refused;
        }

        if (_count == _queue.Length || _overflow.Count > 0)
        {
            return Admission.Overflowing;
        }

        if (_running)
        {
            return Admission.Queued;
        }

        _running = true;
        return t_onALane ? Admission.QueuedAndAwake : Admission.Inline;
    }

    private void CarryOut(Admission admission, LaneCommand command)
    {
        switch (admission)
        {
            case Admission.Inline:
                RunOnPostersThread(command);
                break;
            case Admission.QueuedAndAwake:
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                break;
            case Admission.Refused:
                command.Fail(new LaneClosedException(Name));
                break;
        }
    }

    private void RunOnPostersThread(LaneCommand command)
    {
        t_onALane = true;
        command.RunsInline = true;
        try
        {
            Run(command);
        }
        finally
        {
            t_onALane = false;
        }

        // Others may have queued meanwhile; their work is not this poster's to do.
        bool more;
        lock (_gate)
        {
            more = _count > 0;
            _running = more;
        }

        if (more)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void Run(LaneCommand command)
    {
        var inline = command.RunsInline;
        try
        {
            command.Execute(this);
        }
        catch (Exception cause)
        {
            TakeOwnerOffline(command, cause);
        }
        finally
        {
            if (inline)
            {
                command.RunsInline = false;
            }
        }
    }

    /// <summary>
    /// The one place where any exception is caught: the fault stops its owner, not the lane's other tenants. An owner that
    /// cannot even be stopped properly is told of and left as it is.
    /// </summary>
    private void TakeOwnerOffline(LaneCommand command, Exception cause)
    {
        try
        {
            if (command.Owner is { } owner)
            {
                OwnerWentOffline(owner.Name, Name, cause);
                owner.TakeOffline(cause);
            }
            else
            {
                CommandFailed(command.GetType().Name, Name, cause);
            }
        }
        catch (Exception worse)
        {
            OwnerNotStopped(command.GetType().Name, Name, worse);
        }

        try
        {
            command.Fail(cause);
        }
        catch (Exception worse)
        {
            CommandFailed(command.GetType().Name, Name, worse);
        }
    }

    private void Enqueue(LaneCommand command)
    {
        _queue[(_head + _count) % _queue.Length] = command;
        _count++;
    }

    /// <summary>The next command; or null, and then the lane is idle.</summary>
    private LaneCommand? Dequeue()
    {
        TaskCompletionSource? accepted = null;
        LaneCommand command;
        lock (_gate)
        {
            if (_count == 0)
            {
                _running = false;
                return null;
            }

            command = _queue[_head];
            _queue[_head] = null!;
            _head = (_head + 1) % _queue.Length;
            _count--;
            if (_overflow.TryDequeue(out var waiting))
            {
                Enqueue(waiting.Command);
                accepted = waiting.Accepted;
            }
        }

        accepted?.SetResult();
        return command;
    }

    [LoggerMessage(EventId = 1011, Level = LogLevel.Error, Message = "{Owner} on lane {Lane} goes offline: an invariant or its storage failed")]
    private partial void OwnerWentOffline(string owner, string lane, Exception cause);

    [LoggerMessage(EventId = 1013, Level = LogLevel.Critical, Message = "What {Command} failed for on lane {Lane} could not be taken offline")]
    private partial void OwnerNotStopped(string command, string lane, Exception cause);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Error, Message = "{Command} failed on lane {Lane}")]
    private partial void CommandFailed(string command, string lane, Exception cause);
}
