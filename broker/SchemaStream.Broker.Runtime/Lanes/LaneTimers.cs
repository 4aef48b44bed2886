namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>The deadlines of one lane, on one timer of the clock. Touched on the lane only, but for disposal.</summary>
public sealed class LaneTimers : IDisposable
{
    private const long Never = long.MaxValue;

    /// <summary>The longest that the clock's own timer is set for; a later deadline is looked at again then.</summary>
    private const long LongestWaitMs = 24 * 60 * 60 * 1000;

    private readonly Lane _lane;
    private readonly ITimer _timer;
    private readonly PriorityQueue<LaneTimer, long> _deadlines = new();
    private readonly Tick _tick;
    private long _setForMs = Never;

    internal LaneTimers(Lane lane, TimeProvider timeProvider)
    {
        _lane = lane;
        _tick = new Tick(this);
        _timer = timeProvider.CreateTimer(
            static state => ((LaneTimers)state!).OnClock(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <param name="onDeadline">Runs on the lane. It may arm the timer again.</param>
    public LaneTimer Create(ILaneOwner? owner, Action<LaneTimer> onDeadline) => new(this, owner, onDeadline);

    public void Dispose() => _timer.Dispose();

    internal void Enqueue(LaneTimer timer, long deadlineMs)
    {
        _deadlines.Enqueue(timer, deadlineMs);
        if (deadlineMs < _setForMs)
        {
            SetClock(deadlineMs);
        }
    }

    private void SetClock(long deadlineMs)
    {
        _setForMs = deadlineMs;
        // One more millisecond: the steady clock truncates, and an early tick would find nothing due.
        var waitMs = Math.Clamp(deadlineMs - _lane.Clock.SteadyMs + 1, 1, LongestWaitMs);
        _timer.Change(TimeSpan.FromMilliseconds(waitMs), Timeout.InfiniteTimeSpan);
    }

    private void OnClock()
    {
        // The clock is set again only after the tick ran, so the one tick is never queued twice.
        _lane.Post(_tick);
    }

    /// <summary>Takes one timer that is due, or null after having set the clock for the next.</summary>
    private LaneTimer? NextDue(long nowMs)
    {
        while (_deadlines.TryPeek(out var timer, out var queuedMs))
        {
            if (queuedMs > nowMs)
            {
                SetClock(queuedMs);
                return null;
            }

            _deadlines.Dequeue();
            if (timer.QueuedMs == queuedMs)
            {
                timer.QueuedMs = Never;
            }

            if (timer.DeadlineMs <= nowMs)
            {
                return timer;
            }

            if (timer.DeadlineMs < timer.QueuedMs)
            {
                timer.Arm(timer.DeadlineMs);
            }
        }

        _setForMs = Never;
        return null;
    }

    private sealed class Tick(LaneTimers timers) : LaneCommand
    {
        private ILaneOwner? _owner;

        protected internal override ILaneOwner? Owner => _owner;

        protected internal override void Execute(Lane lane)
        {
            var nowMs = lane.Clock.SteadyMs;
            timers._setForMs = Never;
            while (timers.NextDue(nowMs) is { } timer)
            {
                _owner = timer.Owner;
                timer.Fire();
            }

            _owner = null;
        }

        /// <summary>One timer's fault must not stop the others: the rest that is due goes on with a new tick.</summary>
        protected internal override void Fail(Exception cause)
        {
            _owner = null;
            if (cause is not LaneClosedException)
            {
                timers._lane.Post(this);
            }
        }
    }
}
