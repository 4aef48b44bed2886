using System.Threading.Tasks.Sources;

namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>
/// A command with an outcome that is awaited once. It is its own ValueTask source and its own work item, so that an
/// operation taken from a pool costs no allocation from the post to the awaiting handler's continuation.
/// </summary>
public abstract class LaneOperation<TResult> : LaneCommand, IValueTaskSource<TResult>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<TResult> _source;
    private TResult? _result;
    private Exception? _error;
    private int _completed;

    /// <summary>The pending outcome. Taken once per use, by the poster.</summary>
    public ValueTask<TResult> Outcome => new(this, _source.Version);

    /// <summary>
    /// Sets the outcome, from the lane; only the first one counts, as a fault may follow. The continuation runs on the
    /// pool: a lane never runs its callers' code.
    /// </summary>
    protected void Complete(TResult result)
    {
        if (Interlocked.Exchange(ref _completed, 1) == 0)
        {
            _result = result;
            Publish();
        }
    }

    protected void CompleteWithError(Exception error)
    {
        if (Interlocked.Exchange(ref _completed, 1) == 0)
        {
            _error = error;
            Publish();
        }
    }

    /// <summary>Called once the outcome was taken: give the operation back to its pool here.</summary>
    protected abstract void Recycle();

    void IThreadPoolWorkItem.Execute() => SetOutcome();

    TResult IValueTaskSource<TResult>.GetResult(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            _source.Reset();
            Volatile.Write(ref _completed, 0);
            Recycle();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<TResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<TResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Publish()
    {
        if (RunsInline)
        {
            SetOutcome();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    private void SetOutcome()
    {
        if (_error is { } error)
        {
            _error = null;
            _source.SetException(error);
            return;
        }

        var result = _result!;
        _result = default;
        _source.SetResult(result);
    }
}
