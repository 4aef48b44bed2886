namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>A deadline on a lane that can be set again and again. Touched on its lane only.</summary>
public sealed class LaneTimer
{
    private const long Never = long.MaxValue;

    private readonly LaneTimers _timers;
    private readonly Action<LaneTimer> _onDeadline;

    internal LaneTimer(LaneTimers timers, ILaneOwner? owner, Action<LaneTimer> onDeadline)
    {
        _timers = timers;
        _onDeadline = onDeadline;
        Owner = owner;
    }

    /// <summary>Who goes offline when the work at the deadline throws.</summary>
    public ILaneOwner? Owner { get; }

    /// <summary>In steady milliseconds; <see cref="long.MaxValue"/> while not armed.</summary>
    public long DeadlineMs { get; private set; } = Never;

    /// <summary>The earliest entry of this timer in the queue: a later deadline needs none of its own.</summary>
    internal long QueuedMs { get; set; } = Never;

    /// <summary>Sets the deadline anew, in steady milliseconds.</summary>
    public void Arm(long deadlineMs)
    {
        DeadlineMs = deadlineMs;
        if (deadlineMs < QueuedMs)
        {
            QueuedMs = deadlineMs;
            _timers.Enqueue(this, deadlineMs);
        }
    }

    public void Disarm() => DeadlineMs = Never;

    internal void Fire()
    {
        DeadlineMs = Never;
        _onDeadline(this);
    }
}
