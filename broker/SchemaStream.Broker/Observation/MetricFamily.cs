using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using SchemaStream.Broker.Runtime.Observation;

namespace SchemaStream.Broker.Observation;

/// <summary>All series of one instrument, up to a limit; what comes beyond it counts together.</summary>
internal sealed class MetricFamily
{
    private const string Other = "(other)";

    /// <summary>For durations of which nothing else is said, in their unit.</summary>
    private static readonly double[] StandardBounds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

    private readonly ConcurrentDictionary<TagSet, MetricSeries> _series = new(TagSet.Comparer);
    private readonly ConcurrentDictionary<TagSet, MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly int _limit;
    private readonly bool _isSet;

    public MetricFamily(Instrument instrument, int limit)
    {
        Instrument = instrument;
        _limit = limit;
        _lookup = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
        var type = instrument.GetType().GetGenericTypeDefinition();
        Kind = type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : type == typeof(Histogram<>) ? MetricKind.Histogram
            : MetricKind.Gauge;
        IsObserved = instrument.IsObservable;
        _isSet = type == typeof(Gauge<>);
        Name = PrometheusText.NameOf(instrument.Name, instrument.Unit, Kind);
        Bounds = Kind != MetricKind.Histogram ? null : BoundsOf(instrument);
    }

    public Instrument Instrument { get; }

    /// <summary>As the page has it.</summary>
    public string Name { get; }

    public MetricKind Kind { get; }

    /// <summary>The upper bounds of a histogram's buckets but the last.</summary>
    public double[]? Bounds { get; }

    /// <summary>Whether values are asked for, rather than told when they occur.</summary>
    public bool IsObserved { get; }

    /// <summary>Any thread.</summary>
    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long collection)
    {
        var series = Find(tags);
        if (IsObserved)
        {
            series.Observe(value, collection);
        }
        else if (Kind == MetricKind.Histogram)
        {
            series.Record(value);
        }
        else if (_isSet)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    /// <summary>The series of a collection; observed ones that were not seen in it are forgotten.</summary>
    public IReadOnlyList<MetricSeries> Collect(long collection)
    {
        if (IsObserved)
        {
            foreach (var (tags, series) in _series)
            {
                if (series.SeenIn != collection)
                {
                    _series.TryRemove(tags, out _);
                }
            }
        }

        return [.. _series.Values];
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_lookup.TryGetValue(tags, out var series))
        {
            return series;
        }

        var kept = tags.ToArray();
        if (_series.Count >= _limit)
        {
            for (var i = 0; i < kept.Length; i++)
            {
                kept[i] = KeyValuePair.Create(kept[i].Key, (object?)Other);
            }
        }

        return _series.GetOrAdd(new TagSet(kept), static (key, bounds) => new MetricSeries(key.Tags, bounds), Bounds);
    }

    private static double[] BoundsOf(Instrument instrument) =>
        instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } told } ? [.. told] : StandardBounds;
}
