using Microsoft.Extensions.Logging;
using SchemaStream.Transport;

namespace SchemaStream.Consuming.Processing;

/// <summary>Partitions whose next record is for later: they are not fetched until then, and nothing else waits.</summary>
/// <param name="transport">Fetches.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where failures are logged.</param>
internal sealed class HeldBackPartitions(IConsumerTransport transport, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>What a timer takes. A record that is due later is looked at then, and held back again.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<AssignedPartition, ITimer> _timers = [];
    private bool _isDisposed;

    /// <summary>Gives a record back to its partition if it is for later, and lets the partition go on then.</summary>
    /// <param name="due">When the record is due.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="generation">The record's generation.</param>
    /// <param name="offset">The record's offset.</param>
    /// <returns>Whether it is for later.</returns>
    public bool HoldUntil(DateTimeOffset due, AssignedPartition partition, int generation, long offset)
    {
        var left = due - time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        partition.Pause(PauseReasons.NotDue);
        partition.TryDrop(generation, offset);
        transport.ApplyPauses(partition);
        lock (_lock)
        {
            if (!_isDisposed)
            {
                if (_timers.Remove(partition, out var old))
                {
                    old.Dispose();
                }

                _timers[partition] = time.CreateTimer(_ => GoOn(partition), null, left < LongestHold ? left : LongestHold, Timeout.InfiniteTimeSpan);
            }
        }

        return true;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (var timer in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }

    private void GoOn(AssignedPartition partition)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            if (_timers.Remove(partition, out var timer))
            {
                timer.Dispose();
            }
        }

        var mustFetchAgain = partition.Resume(PauseReasons.NotDue, out var from, out var generation);
        transport.ApplyPauses(partition);
        if (mustFetchAgain)
        {
            transport.RewindInBackground(partition, generation, from, logger);
        }
    }
}
