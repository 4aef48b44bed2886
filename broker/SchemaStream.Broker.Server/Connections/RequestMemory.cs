namespace SchemaStream.Broker.Server.Connections;

/// <summary>
/// The bytes of all requests that are being received or answered. A request is let in while any of the limit is left,
/// so the limit is passed by one request at most and no request can be too large to ever get in.
/// </summary>
internal sealed class RequestMemory(long limitBytes)
{
    // More are left to the garbage collector.
    private const int MaxIdleFrames = 256;

    private readonly Lock _lock = new();
    private readonly Queue<Waiter> _waiters = new();
    private readonly Stack<RequestFrame> _idleFrames = new();
    private long _usedBytes;

    public long UsedBytes
    {
        get
        {
            lock (_lock)
            {
                return _usedBytes;
            }
        }
    }

    /// <summary>Waits, first come first served, until the request may be received.</summary>
    public ValueTask ReserveAsync(int bytes, CancellationToken cancellation)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_usedBytes < limitBytes && _waiters.Count == 0)
            {
                _usedBytes += bytes;
                return ValueTask.CompletedTask;
            }

            waiter = new Waiter(bytes);
            _waiters.Enqueue(waiter);
        }

        return new ValueTask(waiter.WaitAsync(cancellation));
    }

    /// <summary>Room for so many bytes, which were reserved.</summary>
    public RequestFrame RentFrame(int bytes)
    {
        RequestFrame? frame;
        lock (_lock)
        {
            _idleFrames.TryPop(out frame);
        }

        frame ??= new RequestFrame(this);
        frame.Begin(bytes);
        return frame;
    }

    /// <summary>Releases the frame's bytes.</summary>
    public void Return(RequestFrame frame)
    {
        // Another request's from when it is idle.
        var length = frame.Length;
        lock (_lock)
        {
            if (_idleFrames.Count < MaxIdleFrames)
            {
                _idleFrames.Push(frame);
            }
        }

        Release(length);
    }

    public void Release(int bytes)
    {
        lock (_lock)
        {
            _usedBytes -= bytes;
            while (_usedBytes < limitBytes && _waiters.TryDequeue(out var waiter))
            {
                // A waiter whose connection closed meanwhile takes nothing.
                if (waiter.TrySetResult())
                {
                    _usedBytes += waiter.Bytes;
                }
            }
        }
    }

    private sealed class Waiter(int bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Bytes => bytes;

        public async Task WaitAsync(CancellationToken cancellation)
        {
            await using var registration = cancellation.Register(
                static (state, token) => ((Waiter)state!).TrySetCanceled(token), this).ConfigureAwait(false);
            await Task.ConfigureAwait(false);
        }
    }
}
