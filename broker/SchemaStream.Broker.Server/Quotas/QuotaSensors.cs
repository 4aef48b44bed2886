namespace SchemaStream.Broker.Server.Quotas;

/// <summary>Who shares a quota: empty texts where users or client ids are not counted apart.</summary>
internal readonly record struct SensorKey(string Quota, string User, string ClientId);

/// <summary>
/// The measurements of those who have quotas. Bounded, for anyone can make up a client id: who was not heard of for long is
/// forgotten, and where there are too many, those who were not heard of for longest.
/// </summary>
internal sealed class QuotaSensors<TSensor>(Func<TSensor> create, int limit)
    where TSensor : class
{
    /// <summary>Kafka's time after which a sensor expires.</summary>
    private static readonly long ExpiryMs = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private readonly Dictionary<SensorKey, Entry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Allocates for who is new only.</summary>
    public TSensor Get(in SensorKey key, long nowMs)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            if (_entries.Count >= limit)
            {
                MakeRoom(nowMs);
            }

            _entries[key] = entry = new Entry(create());
        }

        entry.LastUsedMs = nowMs;
        return entry.Sensor;
    }

    private void MakeRoom(long nowMs)
    {
        foreach (var (key, entry) in _entries)
        {
            if (nowMs - entry.LastUsedMs >= ExpiryMs)
            {
                _entries.Remove(key);
            }
        }

        if (_entries.Count >= limit)
        {
            // A quarter at once: looking through all of them for each new one would be the attacker's lever.
            foreach (var (key, _) in _entries.OrderBy(pair => pair.Value.LastUsedMs).Take(Math.Max(1, limit / 4)).ToArray())
            {
                _entries.Remove(key);
            }
        }
    }

    private sealed class Entry(TSensor sensor)
    {
        public TSensor Sensor { get; } = sensor;

        public long LastUsedMs { get; set; }
    }
}
