using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Producing;

/// <content>The loop that sees to everything that is not records.</content>
internal sealed partial class WireProducer
{
    private const long LongestWaitMs = 60_000;

    /// <summary>How long nothing is pending before the memory of a burst is given back.</summary>
    private const long IdleMs = 10_000;

    private readonly Wakeup _wakeup = new();
    private readonly ITimer _clock;

    /// <summary>By broker; under the lock.</summary>
    private readonly Dictionary<int, Sender> _senders = [];

    private readonly HashSet<int> _wantedNodes = [];

    /// <summary>What runs beside the loop, under the lock.</summary>
    private readonly List<Task> _work = [];

    private long _busyAtMs;

    /// <summary>When the loop looks again by itself; under the lock.</summary>
    private long _nextLookMs;

    private async Task RunAsync()
    {
        while (!_stopped.IsCancellationRequested)
        {
            SetClock();
            lock (_lock)
            {
                Look(NowMs);
            }

            Tell();
            try
            {
                await _wakeup.WaitAsync(_stopped).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return; // disposed of: nothing is pending any more
            }
        }
    }

    /// <summary>Under the lock: whatever is due now.</summary>
    private void Look(long nowMs)
    {
        _work.RemoveAll(static work => work.IsCompletedSuccessfully);
        _state.HasTrouble = false;
        _state.Expire(nowMs);
        StartChores(nowMs);
        WakeSenders(nowMs);
        var next = _state.NextDeadlineMs(nowMs);
        if (_state.Pending > 0)
        {
            _busyAtMs = nowMs;
            next = _state.NeedsIdentity && !_isIdentityAsked ? Math.Min(next, _identityAtMs) : next;
        }
        else if (nowMs - _busyAtMs >= IdleMs)
        {
            _state.TrimFree();
        }
        else
        {
            next = Math.Min(next, _busyAtMs + IdleMs);
        }

        foreach (var sender in _senders.Values)
        {
            next = sender.HeldUntilMs > nowMs ? Math.Min(next, sender.HeldUntilMs) : next;
        }

        var wait = Math.Clamp(next - nowMs, 1, LongestWaitMs);
        _nextLookMs = nowMs + wait;
        _clock.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Under the lock: wakes the loops of the brokers that something can be sent to, and begins those that are new.</summary>
    private void WakeSenders(long nowMs)
    {
        _wantedNodes.Clear();
        _state.FindNodes(_wantedNodes, nowMs);
        foreach (var node in _wantedNodes)
        {
            if (!_senders.TryGetValue(node, out var sender))
            {
                _senders.Add(node, sender = new Sender(node));
                Start(SendAsync(sender));
            }

            sender.Wakeup.Set();
        }
    }

    /// <summary>Under the lock: begins something that is waited for at the end.</summary>
    private void Start(Task work) => _work.Add(work);

    private Task[] TakeWork()
    {
        lock (_lock)
        {
            return [.. _work];
        }
    }
}
