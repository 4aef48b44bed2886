namespace SchemaStream.Broker.Observation;

/// <summary>One series of one instrument: what was measured with one set of tags.</summary>
internal sealed class MetricSeries(IReadOnlyList<KeyValuePair<string, object?>> tags, double[]? bounds)
{
    private readonly Lock _lock = new();
    private readonly long[] _buckets = bounds is null ? [] : new long[bounds.Length + 1];
    private double _value;
    private long _count;

    public IReadOnlyList<KeyValuePair<string, object?>> Tags => tags;

    /// <summary>The collection in which an observed value was seen last; those that are not seen any more are gone.</summary>
    public long SeenIn { get; private set; }

    /// <summary>A count's increment.</summary>
    public void Add(double delta)
    {
        lock (_lock)
        {
            _value += delta;
        }
    }

    /// <summary>What it is from now on.</summary>
    public void Set(double value)
    {
        lock (_lock)
        {
            _value = value;
        }
    }

    /// <summary>A value that was observed in this collection; several of one collection are one sum.</summary>
    public void Observe(double value, long collection)
    {
        lock (_lock)
        {
            _value = SeenIn == collection ? _value + value : value;
            SeenIn = collection;
        }
    }

    /// <summary>One value of a histogram.</summary>
    public void Record(double value)
    {
        var bucket = 0;
        while (bucket < bounds!.Length && value > bounds[bucket])
        {
            bucket++;
        }

        lock (_lock)
        {
            _buckets[bucket]++;
            _count++;
            _value += value;
        }
    }

    /// <summary>The value or sum, and of a histogram the count and a copy of the buckets.</summary>
    public (double Value, long Count, long[] Buckets) Read()
    {
        lock (_lock)
        {
            return (_value, _count, [.. _buckets]);
        }
    }
}
