using System.Diagnostics.Metrics;
using SchemaStream.Broker.Runtime.Observation;

namespace SchemaStream.Broker.Server.Telemetry;

/// <summary>
/// Hands clients' numbers on as the broker's own metrics, under the clients' names. Instruments and series are bounded: beyond
/// the bound all clients are one, and what fits nowhere is counted.
/// </summary>
internal sealed class ClientMetricsSink
{
    public const string ClientIdTag = "client_id";

    private const int MaxInstruments = 500;
    private const string OtherClients = "other";

    private readonly Lock _lock = new();
    private readonly Meter _meter;
    private readonly int _maxSeries;
    private readonly Dictionary<string, (TelemetryKind Kind, Instrument Instrument)> _instruments = new(StringComparer.Ordinal);
    private readonly HashSet<string> _series = new(StringComparer.Ordinal);
    private readonly Counter<long> _pushes;
    private readonly Counter<long> _dropped;

    public ClientMetricsSink(Meter meter, int maxSeries = 2_000)
    {
        _meter = meter;
        _maxSeries = maxSeries;
        _pushes = Create(meter, BrokerMetrics.ClientTelemetryPushes);
        _dropped = Create(meter, BrokerMetrics.ClientTelemetryDropped);
    }

    public void Take(IReadOnlyList<TelemetryPoint> points, int dropped, string clientId)
    {
        _pushes.Add(1);
        foreach (var point in points)
        {
            if (!TryTake(point, clientId))
            {
                dropped++;
            }
        }

        if (dropped > 0)
        {
            _dropped.Add(dropped);
        }
    }

    private static Counter<long> Create(Meter meter, MetricDefinition metric) =>
        meter.CreateCounter<long>(metric.Name, metric.Unit, metric.Description);

    private bool TryTake(in TelemetryPoint point, string clientId)
    {
        Instrument? instrument;
        KeyValuePair<string, object?>[] tags;
        lock (_lock)
        {
            instrument = Find(point);
            tags = TagsOf(point, clientId);
        }

        switch (instrument)
        {
            case Gauge<double> gauge:
                gauge.Record(point.Value, tags);
                return true;
            case Counter<double> counter:
                counter.Add(point.Value, tags);
                return true;
            case UpDownCounter<double> upDown:
                upDown.Add(point.Value, tags);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Null where there are too many, or the name is something else already.</summary>
    private Instrument? Find(in TelemetryPoint point)
    {
        if (_instruments.TryGetValue(point.Name, out var known))
        {
            return known.Kind == point.Kind ? known.Instrument : null;
        }

        // What the broker says of itself is not for clients to say.
        if (_instruments.Count >= MaxInstruments || point.Name.StartsWith("schemastream.", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Instrument made = point.Kind switch
        {
            TelemetryKind.Gauge => _meter.CreateGauge<double>(point.Name, point.Unit),
            TelemetryKind.Counter => _meter.CreateCounter<double>(point.Name, point.Unit),
            _ => _meter.CreateUpDownCounter<double>(point.Name, point.Unit),
        };
        _instruments[point.Name] = (point.Kind, made);
        return made;
    }

    private KeyValuePair<string, object?>[] TagsOf(in TelemetryPoint point, string clientId)
    {
        var key = $"{point.Name}\n{clientId}\n{string.Join('\n', point.Tags.Select(tag => $"{tag.Key}={tag.Value}"))}";
        if (_series.Count < _maxSeries)
        {
            _series.Add(key);
        }
        else if (!_series.Contains(key))
        {
            return [KeyValuePair.Create(ClientIdTag, (object?)OtherClients)];
        }

        return [KeyValuePair.Create(ClientIdTag, (object?)clientId), .. point.Tags];
    }
}
