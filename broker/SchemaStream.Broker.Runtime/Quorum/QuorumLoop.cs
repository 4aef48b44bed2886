using System.Threading.Channels;
using SchemaStream.Broker.Runtime.Lanes;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>
/// A thread of its own for the quorum of this node: its disk is used synchronously, and an election must not wait for a
/// free thread. Takes all work that is queued, then ends the round, in which one sync of the disk serves all of it.
/// </summary>
internal sealed class QuorumLoop : IDisposable
{
    /// <summary>Work of one round: what comes after it does not wait for ever.</summary>
    private const int MaxWorkPerRound = 1024;

    private readonly Channel<Action> _queue;
    private readonly TimeProvider _timeProvider;
    private readonly TaskCompletionSource _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LaneClock _clock;
    private ITimer? _timer;
    private int _tickIsDue;

    public QuorumLoop(int capacity, TimeProvider timeProvider)
    {
        _queue = Channel.CreateBounded<Action>(new BoundedChannelOptions(capacity) { SingleReader = true });
        _timeProvider = timeProvider;
        _clock = new LaneClock(timeProvider);
    }

    /// <summary>Fails with whatever stopped the loop before its time.</summary>
    public Task Fault => _fault.Task;

    /// <summary>Completes when the loop has come to its end, however it did.</summary>
    public Task Ended => _ended.Task;

    public long NowMs => _clock.SteadyMs;

    public bool Post(Action work) => _queue.Writer.TryWrite(work);

    public async ValueTask<bool> PostAsync(Action work, CancellationToken cancellationToken)
    {
        if (_queue.Writer.TryWrite(work))
        {
            return true;
        }

        try
        {
            await _queue.Writer.WriteAsync(work, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    /// <param name="owner">What runs on the loop.</param>
    /// <param name="tickPeriod">How often time passes for it.</param>
    public void Start(IQuorumLoopOwner owner, TimeSpan tickPeriod)
    {
        _timer = _timeProvider.CreateTimer(_ => Tick(), null, tickPeriod, tickPeriod);
        new Thread(() => Run(owner)) { Name = "quorum", IsBackground = true }.Start();
    }

    /// <summary>Stops the quorum for good: what it is to keep can no longer be relied on.</summary>
    public void Fail(Exception cause)
    {
        _fault.TrySetException(cause);
        _queue.Writer.TryComplete();
    }

    /// <summary>Takes no more work, and ends once what is queued is done.</summary>
    public void Complete() => _queue.Writer.TryComplete();

    public void Dispose() => _timer?.Dispose();

    private void Tick()
    {
        if (Interlocked.Exchange(ref _tickIsDue, 1) == 0)
        {
            // Wakes the loop if it sleeps; if its queue is full it does not.
            _queue.Writer.TryWrite(static () => { });
        }
    }

    private void Run(IQuorumLoopOwner owner)
    {
        try
        {
            owner.Begin();
            while (!_fault.Task.IsCompleted && WaitForWork())
            {
                for (var i = 0; i < MaxWorkPerRound && _queue.Reader.TryRead(out var work); i++)
                {
                    work();
                }

                if (Interlocked.Exchange(ref _tickIsDue, 0) == 1)
                {
                    owner.Tick();
                }

                owner.EndRound();
            }
        }
        catch (Exception cause)
        {
            Fail(cause);
        }

        try
        {
            owner.End(_fault.Task.Exception?.InnerException);
        }
        catch (Exception cause)
        {
            Fail(cause);
        }

        _ended.SetResult();
    }

    private bool WaitForWork()
    {
        var waiting = _queue.Reader.WaitToReadAsync();
        return waiting.IsCompleted ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult();
    }
}

/// <summary>What runs on a <see cref="QuorumLoop"/>: every call comes on its thread.</summary>
internal interface IQuorumLoopOwner
{
    void Begin();

    void Tick();

    /// <summary>All work of a round is done: what follows from it is carried out.</summary>
    void EndRound();

    /// <summary>The last call of all.</summary>
    void End(Exception? fault);
}
