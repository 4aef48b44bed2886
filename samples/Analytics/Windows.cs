using Shop.Contracts;

namespace Analytics;

/// <summary>Visits per minute of event time and product. Safe for one who counts and one who reads.</summary>
internal sealed class Windows
{
    /// <summary>Minutes that are kept; visits older than all of them are counted as too late, and nowhere else.</summary>
    private const int MostMinutes = 24 * 60;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<DateTimeOffset, Dictionary<string, long>> _minutes = [];
    private readonly HashSet<(DateTimeOffset Minute, string Sku)> _changed = [];
    private long _tooLate;

    public void Count(Visit visit)
    {
        var minute = MinuteOf(visit.At);
        lock (_gate)
        {
            if (!_minutes.TryGetValue(minute, out var counts))
            {
                if (_minutes.Count == MostMinutes && !MakeRoomFor(minute))
                {
                    _tooLate++;
                    return;
                }

                _minutes[minute] = counts = [];
            }

            counts[visit.Sku] = counts.GetValueOrDefault(visit.Sku) + 1;
            _changed.Add((minute, visit.Sku));
        }
    }

    /// <summary>What has grown since the last call.</summary>
    public IReadOnlyList<VisitsPerMinute> TakeChanges()
    {
        lock (_gate)
        {
            VisitsPerMinute[] changes =
            [
                .. _changed.Where(window => _minutes.ContainsKey(window.Minute)).Order()
                    .Select(window => new VisitsPerMinute(window.Minute, window.Sku, _minutes[window.Minute][window.Sku])),
            ];
            _changed.Clear();
            return changes;
        }
    }

    /// <summary>Visits that came after their minute was let go, since the last call.</summary>
    public long TakeTooLate()
    {
        lock (_gate)
        {
            var count = _tooLate;
            _tooLate = 0;
            return count;
        }
    }

    /// <summary>The newest minutes, the newest last, with their counts by product.</summary>
    public IReadOnlyList<(DateTimeOffset Minute, IReadOnlyDictionary<string, long> Counts)> Newest(int count)
    {
        lock (_gate)
        {
            return [.. _minutes.TakeLast(count).Select(minute => (minute.Key, (IReadOnlyDictionary<string, long>)new Dictionary<string, long>(minute.Value)))];
        }
    }

    private static DateTimeOffset MinuteOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private bool MakeRoomFor(DateTimeOffset minute)
    {
        var oldest = _minutes.First().Key;
        return minute > oldest && _minutes.Remove(oldest);
    }
}
