namespace SchemaStream.Broker.Runtime.Cleaning;

/// <summary>Keeps what several tasks read and write within a rate: each waits until what went before has had its time.</summary>
internal sealed class IoThrottle(double bytesPerSecond, TimeProvider timeProvider)
{
    private readonly System.Threading.Lock _gate = new();
    private readonly long _start = timeProvider.GetTimestamp();
    private TimeSpan _busyUntil;

    /// <summary>After so many bytes: waits as long as they should have taken.</summary>
    public Task PassAsync(long bytes, CancellationToken cancellationToken)
    {
        var time = TimeSpan.FromSeconds(Math.Min(bytes / bytesPerSecond, TimeSpan.FromHours(1).TotalSeconds));
        TimeSpan wait;
        lock (_gate)
        {
            var now = timeProvider.GetElapsedTime(_start);
            _busyUntil = (_busyUntil > now ? _busyUntil : now) + time;
            wait = _busyUntil - now;
        }

        // What is too short for a timer adds up until it is not.
        return wait < TimeSpan.FromMilliseconds(1) ? Task.CompletedTask : Task.Delay(wait, timeProvider, cancellationToken);
    }
}
