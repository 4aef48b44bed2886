using System.Runtime.CompilerServices;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>Until when a connection is not read from, because its client exceeded a quota.</summary>
internal sealed class ConnectionPauses(TimeProvider timeProvider)
{
    private long _until;

    /// <summary>Zero where it is read from.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var until = Volatile.Read(ref _until);
            if (until == 0)
            {
                return TimeSpan.Zero;
            }

            var now = timeProvider.GetTimestamp();
            return until > now ? timeProvider.GetElapsedTime(now, until) : TimeSpan.Zero;
        }
    }

    /// <summary>Pauses from now on for so long, unless it does for longer already. Callers exclude each other.</summary>
    public void Extend(TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            var until = timeProvider.GetTimestamp() + (long)(pause.TotalSeconds * timeProvider.TimestampFrequency);
            Volatile.Write(ref _until, Math.Max(Volatile.Read(ref _until), until));
        }
    }

    /// <summary>Waits until the pause is over. False when the connection takes no more requests.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitAsync(CancellationToken noMoreRequests)
    {
        while (Remaining is { Ticks: > 0 } remaining)
        {
            try
            {
                // A timer rounds down; a little more saves a second one.
                await Task.Delay(remaining + TimeSpan.FromMilliseconds(1), timeProvider, noMoreRequests).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return !noMoreRequests.IsCancellationRequested;
    }
}
