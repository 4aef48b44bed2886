using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>Wakes one loop. A word that is not yet heard says enough. Waiting allocates nothing.</summary>
internal sealed class Wakeup : IValueTaskSource, IThreadPoolWorkItem
{
    private const int Quiet = 0;
    private const int Said = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Says the word; any thread.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _state, Said) == Waiting)
        {
            // Who says it a second time meanwhile is heard as well: the loop looks only after this.
            Volatile.Write(ref _state, Quiet);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Says the word, and the loop goes on inside of this call: for who has nothing else to do after it.</summary>
    public void SetAndRun()
    {
        if (Interlocked.Exchange(ref _state, Said) == Waiting)
        {
            Volatile.Write(ref _state, Quiet);
            _core.SetResult(true);
        }
    }

    /// <summary>Waits for the word; one loop at a time.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.CompareExchange(ref _state, Quiet, Said) == Said)
        {
            return;
        }

        _core.Reset();
        var registration = cancellationToken.UnsafeRegister(static waiting => ((Wakeup)waiting!).Set(), this);
        try
        {
            if (Interlocked.CompareExchange(ref _state, Waiting, Quiet) == Quiet)
            {
                await new ValueTask(this, _core.Version).ConfigureAwait(false);
            }
            else
            {
                Volatile.Write(ref _state, Quiet); // the word came just now
            }
        }
        finally
        {
            registration.Dispose();
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>The loop goes on from here, not inside of who said the word.</summary>
    void IThreadPoolWorkItem.Execute() => _core.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
