using System.Runtime.CompilerServices;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>The requests under way, and the replies in the order in which they are owed.</summary>
internal sealed partial class Connection
{
    // Replies that are ready together go out in one send.
    private const int MaxRepliesPerSend = 32;

    private readonly Queue<RequestContext> _owed = new();
    private readonly Stack<RequestContext> _free = new();
    private readonly List<RequestContext> _sending = [];
    private readonly List<ArraySegment<byte>> _segments = [];
    private int _running;
    private RequestContext? _exclusive;
    private int _unsentBytes;
    private bool _isSending;
    private bool _closesAfterSend;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _sent;
    private bool _isClosed;

    /// <summary>
    /// Whether a request is being worked on: then a quiet connection is not an idle one. One whose client has to pause may be, as
    /// in Kafka: it is not read from, so that nothing else would tell that the client left, and the pause may be days.
    /// </summary>
    public bool IsWorking
    {
        get
        {
            lock (_lock)
            {
                return _running > 0;
            }
        }
    }

    private RequestContext Rent()
    {
        lock (_lock)
        {
            return _free.TryPop(out var context)
                ? context
                : new RequestContext(Identity, _table, _texts, _onServed, _ending.Token);
        }
    }

    /// <summary>False when no more requests are taken. Only the read loop waits here, so one signal does.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitForTurnAsync(ApiHandler handler)
    {
        while (!MayBegin(handler, out var inTheWay))
        {
            inTheWay?.Hurry();
            await _progress.WaitAsync().ConfigureAwait(false);
        }

        return !_noMoreRequests.IsCancellationRequested;
    }

    private bool MayBegin(ApiHandler handler, out RequestContext? inTheWay)
    {
        lock (_lock)
        {
            inTheWay = _exclusive;
            var isItsTurn = handler.MayOverlap ? _exclusive is null : _running == 0;
            var hasRoom = _owed.Count < _options.MaxInFlightRequests && _unsentBytes < _options.MaxUnsentBytes;
            return _noMoreRequests.IsCancellationRequested || (isItsTurn && hasRoom);
        }
    }

    /// <summary>A connection that was cut waits for no one: what is still running gives its memory back when it ends.</summary>
    private async Task WaitUntilAnsweredAsync()
    {
        while (true)
        {
            lock (_lock)
            {
                if (_isClosed || (_running == 0 && _owed.Count == 0 && !_isSending))
                {
                    return;
                }
            }

            await _progress.WaitAsync().ConfigureAwait(false);
        }
    }

    private void Begin(ApiHandler handler, RequestContext context)
    {
        lock (_lock)
        {
            _running++;
            _exclusive = handler.MayOverlap ? null : context;
            _owed.Enqueue(context);
        }

        context.BegunAt = _counts.Metrics.Now;

        // Runs here until its first wait: produce requests are therefore begun in the order in which they came.
        context.Serve(handler.InvokeAsync(context));

        // Only this loop begins requests anew: the context is still this one's, even where its reply is sent already.
        if (context.Pause > TimeSpan.Zero)
        {
            lock (_lock)
            {
                _pauses.Extend(context.Pause);
            }
        }
    }

    private void OnServed(RequestContext context)
    {
        try
        {
            context.EndServe();
        }
        catch (ProtocolException unreadable)
        {
            _counts.Metrics.Failed(context.ApiKey);
            Warnings.RequestUnreadable(Identity.Remote, context.ApiKey, context.ApiVersion, context.ClientId, unreadable.Message);
            context.Outcome = RequestOutcome.Close;
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            context.Outcome = RequestOutcome.Close;
        }
        catch (Exception fault)
        {
            // The border between one client and everyone else: what goes wrong for it costs its connection only.
            _counts.Metrics.Failed(context.ApiKey);
            Warnings.RequestFailed(fault, Identity.Remote, context.ApiKey, context.ApiVersion, context.ClientId);
            context.Outcome = RequestOutcome.Close;
        }

        _counts.Metrics.Served(context.ApiKey, context.ArrivedAt, context.BegunAt, context.Pause);
        context.ReleaseRequest();
        Finish(context);
    }

    private void Finish(RequestContext context)
    {
        bool send;
        lock (_lock)
        {
            _running--;
            _exclusive = null;
            _pauses.Extend(context.Pause);
            _unsentBytes += context.Response.Length;
            context.IsFinished = true;
            send = !_isSending && _owed.Peek().IsFinished;
            _isSending |= send;
        }

        _progress.Set();
        if (send)
        {
            Send();
        }
    }

    /// <summary>Ends the connection after the replies that are owed.</summary>
    private void Refuse()
    {
        var context = Rent();
        lock (_lock)
        {
            _running++;
            _owed.Enqueue(context);
        }

        context.Outcome = RequestOutcome.Close;
        Finish(context);
    }

    /// <summary>
    /// Whoever finishes the oldest request sends, until nothing is ready or the client has to read first; so there is one
    /// sender at a time and no thread of its own.
    /// </summary>
    private void Send()
    {
        while (TakeReady())
        {
            if (_segments.Count > 0 && !IsDone(_transport.SendAsync(_segments)))
            {
                return;
            }

            EndSend();
        }

        _progress.Set();
    }

    /// <summary>False when the client has to read first: then the sender goes on after that.</summary>
    private bool IsDone(ValueTask sending)
    {
        var sent = sending.ConfigureAwait(false).GetAwaiter();
        _sent = sent;
        if (sent.IsCompleted)
        {
            return true;
        }

        sent.UnsafeOnCompleted(_onSent);
        return false;
    }

    private void OnSent()
    {
        EndSend();
        Send();
    }

    private void EndSend()
    {
        try
        {
            if (_segments.Count > 0)
            {
                _sent.GetResult();
                Activity.Touch();
            }
        }
        catch (Exception broken) when (ConnectionFaults.IsExpected(broken))
        {
            _logger.ConnectionLost(Identity.Remote, broken.Message);
            _closesAfterSend = true;
        }
        catch (Exception fault)
        {
            // The replies must be let go of in any case, or the connection would wait for itself.
            _logger.ConnectionFailed(fault, Identity.Remote);
            _closesAfterSend = true;
        }

        if (_closesAfterSend)
        {
            Abort();
        }

        Recycle();
        _progress.Set();
    }

    /// <summary>Collects the finished requests at the head of the queue; false when there is none, and this sender is done.</summary>
    private bool TakeReady()
    {
        _closesAfterSend = false;
        _segments.Clear();
        lock (_lock)
        {
            while (_sending.Count < MaxRepliesPerSend
                && !_closesAfterSend
                && _owed.TryPeek(out var context)
                && context.IsFinished)
            {
                _owed.Dequeue();
                _sending.Add(context);
                _closesAfterSend = context.Outcome == RequestOutcome.Close;
                if (context.Outcome == RequestOutcome.Reply && !_isClosed)
                {
                    context.Response.AddSegmentsTo(_segments);
                }
            }

            _isSending = _sending.Count > 0;
            return _isSending;
        }
    }

    private void Recycle()
    {
        foreach (var context in _sending)
        {
            var length = context.Response.Length;
            _counts.Sent(length);
            context.Reset();
            lock (_lock)
            {
                _unsentBytes -= length;
                _free.Push(context);
            }
        }

        _sending.Clear();
    }
}
