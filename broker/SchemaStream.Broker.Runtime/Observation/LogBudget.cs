namespace SchemaStream.Broker.Runtime.Observation;

/// <summary>
/// How many log lines one client, or one partition, may cause: the first few of each window are written, and the first of
/// a later window says how many were not. No one fills a disk or hides a log by doing wrong quickly.
/// </summary>
public sealed class LogBudget<TKey>(TimeProvider timeProvider)
    where TKey : notnull
{
    private const int LinesPerWindow = 10;

    /// <summary>Beyond so many at once, all others share one budget.</summary>
    private const int MostKeys = 1_000;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Spent> _spent = [];
    private readonly Spent _others = new();

    /// <summary>Whether a line may be written now.</summary>
    /// <param name="suppressed">How many were not written before it, and were not told of yet.</param>
    public bool MayWrite(TKey key, out int suppressed)
    {
        var now = timeProvider.GetTimestamp();
        lock (_lock)
        {
            var spent = Of(key, now);
            suppressed = 0;
            if (spent.Lines == 0 || timeProvider.GetElapsedTime(spent.Since, now) >= Window)
            {
                suppressed = Math.Max(0, spent.Lines - LinesPerWindow);
                (spent.Since, spent.Lines) = (now, 0);
            }

            return ++spent.Lines <= LinesPerWindow;
        }
    }

    private Spent Of(TKey key, long now)
    {
        if (_spent.TryGetValue(key, out var spent))
        {
            return spent;
        }

        if (_spent.Count >= MostKeys)
        {
            foreach (var (other, old) in _spent)
            {
                if (timeProvider.GetElapsedTime(old.Since, now) >= Window)
                {
                    _spent.Remove(other);
                }
            }

            if (_spent.Count >= MostKeys)
            {
                return _others;
            }
        }

        spent = new Spent { Since = now };
        _spent.Add(key, spent);
        return spent;
    }

    private sealed class Spent
    {
        public long Since { get; set; }

        public int Lines { get; set; }
    }
}
