using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace SchemaStream.Transport;

/// <summary>One record that its sender waits for; reused, so that waiting allocates nothing.</summary>
/// <remarks>
/// Two parties hold it: the sender until it has read the outcome, the transport until it has told it. The last to let
/// go gives it back. A sender that never reads leaves it to the garbage collector.
/// </remarks>
internal sealed class Delivery : IValueTaskSource<RecordPosition>, IThreadPoolWorkItem
{
    private const int MostKept = 4096;
    private const int Waiting = 0;
    private const int Told = 1;
    private const int Abandoned = 2;

    private static readonly ConcurrentQueue<Delivery> Kept = new();

    private ManualResetValueTaskSourceCore<RecordPosition> _source;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _token;
    private string _topic = "";
    private RecordPosition _position;
    private DeliveryFailure? _failure;
    private int _state;
    private int _holders;
    private IHandOver? _road;

    /// <summary>What the sender awaits, once.</summary>
    public ValueTask<RecordPosition> Task => new(this, _source.Version);

    /// <summary>Takes one for a record that is about to be handed over.</summary>
    /// <param name="topic">The topic.</param>
    public static Delivery Rent(string topic)
    {
        var delivery = Kept.TryDequeue(out var kept) ? kept : new Delivery();
        delivery._topic = topic;
        delivery._state = Waiting;
        delivery._holders = 2;
        return delivery;
    }

    /// <summary>Says whom to tell that the sender waits now: its record may still be held back to share a batch.</summary>
    /// <param name="road">The transport that has accepted the record.</param>
    public void AcceptedBy(IHandOver road) => _road = road;

    /// <summary>Lets the sender stop waiting. Called by the sender, once the record is accepted.</summary>
    /// <param name="cancellationToken">The sender's token.</param>
    public void Observe(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _token = cancellationToken;
            _cancellation = cancellationToken.UnsafeRegister(static state => ((Delivery)state!).Abandon(), this);
        }
    }

    /// <summary>The brokers have the record.</summary>
    /// <param name="partition">Where it went.</param>
    /// <param name="offset">Its offset; negative when unknown.</param>
    public void Succeed(int partition, long offset)
    {
        _position = new RecordPosition(_topic, partition, Math.Max(offset, -1));
        Tell();
    }

    /// <summary>The record failed.</summary>
    /// <param name="failure">Why.</param>
    public void Fail(DeliveryFailure failure)
    {
        _failure = failure;
        Tell();
    }

    /// <summary>The record was never handed over: both parties let go.</summary>
    public void Withdraw() => GiveBack();

    /// <summary>Completes on a pool thread: the sender's code must not run on the transport's.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (_failure is { } failure)
        {
            _source.SetException(new DeliveryException(failure));
        }
        else
        {
            _source.SetResult(_position);
        }

        LetGo();
    }

    RecordPosition IValueTaskSource<RecordPosition>.GetResult(short token)
    {
        _ = _source.GetStatus(token); // throws for a result that was read before, and so is another record's by now

        // Waits for a cancellation that runs at this moment: it must not meet the next record.
        _cancellation.Dispose();
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            LetGo();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<RecordPosition>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<RecordPosition>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        // First: once the continuation is known this may be another record's already.
        var road = _road;
        _source.OnCompleted(continuation, state, token, flags);
        road?.HandOver();
    }

    private void Tell()
    {
        if (Interlocked.CompareExchange(ref _state, Told, Waiting) == Waiting)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            LetGo(); // the sender no longer waits
        }
    }

    private void Abandon()
    {
        if (Interlocked.CompareExchange(ref _state, Abandoned, Waiting) == Waiting)
        {
            // The canceller's thread must not run the sender's code.
            _source.RunContinuationsAsynchronously = true;
            _source.SetException(new OperationCanceledException(_token));
        }
    }

    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            GiveBack();
        }
    }

    private void GiveBack()
    {
        _source.Reset();
        _source.RunContinuationsAsynchronously = false;
        _cancellation = default;
        _token = default;
        _position = default;
        _failure = null;
        _road = null;
        if (Kept.Count < MostKept)
        {
            Kept.Enqueue(this);
        }
    }
}

/// <summary>A transport that holds records back for a moment, so that they share a call.</summary>
internal interface IHandOver
{
    /// <summary>Hands over what is held back: someone waits for it.</summary>
    void HandOver();
}
