using System.Threading.Tasks.Sources;

namespace SchemaStream.Protocol.Client;

/// <summary>
/// A response that is read into its waiter's own object, from memory lent to it. Used again for a later request of the
/// connection once its waiter was told and it has left the queue of requests sent.
/// </summary>
internal sealed class PooledExchange(FramePool frames, Action<PooledExchange> free) : PendingResponse, IValueTaskSource<PooledResponse>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<PooledResponse> _core;
    private CancellationTokenRegistration _cancellation;
    private IResponseMessage? _response;
    private Memory<byte> _frame;
    private PooledResponse _loan;
    private PooledResponse _outcome;
    private short _version;
    private bool _flexible;
    private Exception? _error;
    private bool _isInReader;
    private int _isSettled;
    private int _users;

    public PooledExchange Begin(IResponseMessage response, short version, bool flexible)
    {
        _core.Reset();
        (_response, _version, _flexible) = (response, version, flexible);
        _isInReader = false;
        _isSettled = 0;

        // Its waiter, and the queue of requests sent.
        _users = 2;
        return this;
    }

    /// <summary>Waits for the response; once per request.</summary>
    /// <param name="isInReader">Whether the waiter goes on inside of the connection's reader, if there is a response.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<PooledResponse> WaitAsync(bool isInReader, CancellationToken cancellationToken)
    {
        _isInReader = isInReader;
        _cancellation = cancellationToken.UnsafeRegister(
            static (state, token) => ((PooledExchange)state!).Abandon(new OperationCanceledException(token)), this);
        return new ValueTask<PooledResponse>(this, _core.Version);
    }

    public override Memory<byte> Frame(int length)
    {
        _loan = frames.Take().Rent(length, out _frame);
        return _frame;
    }

    public override void Complete()
    {
        // Whoever has cancelled may be using the response object for something else by now.
        if (!TrySettle())
        {
            DropFrame();
            LetGo();
            return;
        }

        try
        {
            var reader = ReadHeader(_frame, _response!.Api, _flexible);
            _response.Read(ref reader, _version);
            var loan = _loan;
            (_frame, _loan) = (default, default);
            if (_isInReader)
            {
                _core.SetResult(loan);
            }
            else
            {
                Publish(loan, null);
            }
        }
        catch (ProtocolException unreadable)
        {
            DropFrame();
            Publish(default, unreadable);
            throw;
        }
        finally
        {
            LetGo();
        }
    }

    public override void Fail(Exception exception)
    {
        DropFrame();
        Abandon(exception);
        LetGo();
    }

    /// <summary>Ends the wait, but for a response that is being read already.</summary>
    public void Abandon(Exception reason)
    {
        if (TrySettle())
        {
            Publish(default, reason);
        }
    }

    /// <summary>The waiter goes on from here, by way of the pool: not inside of the connection's reader, unless they asked for it.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var (loan, error) = (_outcome, _error);
        (_outcome, _error) = (default, null);
        if (error is null)
        {
            _core.SetResult(loan);
        }
        else
        {
            _core.SetException(error);
        }
    }

    PooledResponse IValueTaskSource<PooledResponse>.GetResult(short token)
    {
        try
        {
            // Waits for a cancellation that is just running, so that it cannot meet this object's next request.
            _cancellation.Dispose();
            return _core.GetResult(token);
        }
        finally
        {
            LetGo();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<PooledResponse>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<PooledResponse>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Publish(PooledResponse loan, Exception? error)
    {
        (_outcome, _error) = (loan, error);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    private bool TrySettle() => Interlocked.Exchange(ref _isSettled, 1) == 0;

    private void DropFrame()
    {
        _loan.Dispose();
        (_frame, _loan) = (default, default);
    }

    private void LetGo()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _response = null;
            free(this);
        }
    }
}
