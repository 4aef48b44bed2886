using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication;

/// <summary>
/// Appends that wait for the high watermark, in the order of their offsets, so that a move of the watermark takes from
/// the front; deadlines may differ, so an expired one is taken out of the middle.
/// </summary>
public sealed class PendingAcks
{
    private Entry[] _ring = new Entry[16];
    private int _head;
    private int _length;

    private readonly record struct Entry(long RequiredOffset, long DeadlineMs, IAcknowledgement? Waiter);

    /// <summary>How many still wait.</summary>
    public int Count { get; private set; }

    /// <summary>The earliest deadline, or <see cref="long.MaxValue"/>.</summary>
    public long NextDeadlineMs { get; private set; } = long.MaxValue;

    /// <param name="requiredOffset">Complete once the high watermark is at this offset: the one after the last record.</param>
    public void Add(long requiredOffset, long deadlineMs, IAcknowledgement waiter)
    {
        if (_length == _ring.Length)
        {
            Grow();
        }

        // Appends come in order. What was appended before and is sent again waits for less than those behind it.
        var place = _length++;
        for (; place > 0 && At(place - 1).RequiredOffset > requiredOffset; place--)
        {
            _ring[(_head + place) % _ring.Length] = At(place - 1);
        }

        _ring[(_head + place) % _ring.Length] = new Entry(requiredOffset, deadlineMs, waiter);
        Count++;
        NextDeadlineMs = Math.Min(NextDeadlineMs, deadlineMs);
    }

    /// <summary>Completes what the high watermark has reached; <paramref name="error"/> says when it does not count.</summary>
    public void Advance(long highWatermark, ErrorCode error = ErrorCode.None)
    {
        while (_length > 0 && At(0).RequiredOffset <= highWatermark)
        {
            var waiter = At(0).Waiter;
            DropFirst();
            if (waiter is not null)
            {
                Count--;
                waiter.Complete(error);
            }
        }

        if (_length == 0)
        {
            NextDeadlineMs = long.MaxValue;
        }
    }

    /// <summary>Completes with REQUEST_TIMED_OUT whatever was due by now.</summary>
    public void Expire(long nowMs)
    {
        if (nowMs < NextDeadlineMs)
        {
            return;
        }

        var next = long.MaxValue;
        for (var i = 0; i < _length; i++)
        {
            var entry = At(i);
            if (entry.Waiter is null)
            {
                continue;
            }

            if (entry.DeadlineMs > nowMs)
            {
                next = Math.Min(next, entry.DeadlineMs);
                continue;
            }

            _ring[(_head + i) % _ring.Length] = entry with { Waiter = null };
            Count--;
            entry.Waiter.Complete(ErrorCode.RequestTimedOut);
        }

        NextDeadlineMs = next;
    }

    /// <summary>Completes all with the error: leadership is gone, or the partition is.</summary>
    public void FailAll(ErrorCode error) => Advance(long.MaxValue, error);

    private Entry At(int index) => _ring[(_head + index) % _ring.Length];

    private void DropFirst()
    {
        _ring[_head] = default;
        _head = (_head + 1) % _ring.Length;
        _length--;
    }

    private void Grow()
    {
        var larger = new Entry[_ring.Length * 2];
        for (var i = 0; i < _length; i++)
        {
            larger[i] = At(i);
        }

        (_ring, _head) = (larger, 0);
    }
}
