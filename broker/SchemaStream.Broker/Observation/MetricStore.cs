using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using SchemaStream.Broker.Runtime.Observation;

namespace SchemaStream.Broker.Observation;

/// <summary>
/// What the broker's meter and the runtime's own have measured, for the page of metrics. It listens only where that page is
/// served: without a listener a measurement costs next to nothing.
/// </summary>
internal sealed class MetricStore : IDisposable
{
    /// <summary>The meter that .NET itself has: memory, collections, threads, processor time.</summary>
    private const string RuntimeMeterName = "System.Runtime";

    private readonly ConcurrentQueue<MetricFamily> _families = new();
    private readonly MeterListener _listener = new();
    private readonly Lock _collecting = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private long _collection;

    /// <param name="meter">The broker's: another broker of this process has another one of that name.</param>
    /// <param name="limit">Series of one instrument that are told apart.</param>
    public MetricStore(Meter meter, int limit)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter) || instrument.Meter.Name == RuntimeMeterName)
            {
                var family = new MetricFamily(instrument, limit);
                if (TryTakeNames(family))
                {
                    _families.Enqueue(family);
                    listener.EnableMeasurementEvents(instrument, family);
                }
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Measure(value, tags, state));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Measure(value, tags, state));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Measure(value, tags, state));
        _listener.Start();
    }

    /// <summary>Asks for what is observed, and gives every instrument with its series, by name.</summary>
    public IReadOnlyList<(MetricFamily Family, IReadOnlyList<MetricSeries> Series)> Collect()
    {
        lock (_collecting)
        {
            Interlocked.Increment(ref _collection);
            _listener.RecordObservableInstruments();
            return
            [
                .. _families
                    .OrderBy(family => family.Name, StringComparer.Ordinal)
                    .Select(family => (family, family.Collect(_collection))),
            ];
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>
    /// Clients name metrics as well, and one name twice makes a page that no one reads: who came first keeps it, and the
    /// broker's own are there before any client is.
    /// </summary>
    private bool TryTakeNames(MetricFamily family)
    {
        lock (_names)
        {
            if (!_names.Add(family.Name))
            {
                return false;
            }

            if (family.Kind == MetricKind.Histogram)
            {
                _names.UnionWith([family.Name + "_bucket", family.Name + "_sum", family.Name + "_count"]);
            }

            return true;
        }
    }

    private void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
        ((MetricFamily)state!).Measure(value, tags, Interlocked.Read(ref _collection));
}
