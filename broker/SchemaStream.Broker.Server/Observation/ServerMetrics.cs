using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using SchemaStream.Broker.Runtime.Observation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Observation;

/// <summary>The servers of a node as metrics. A request costs two looks at a clock where someone listens, and no object.</summary>
public sealed class ServerMetrics
{
    private static readonly FrozenDictionary<ApiKey, KeyValuePair<string, object?>> ApiTags = Enum.GetValues<ApiKey>()
        .Distinct()
        .ToFrozenDictionary(api => api, api => BrokerMetrics.RequestDuration.Tag(0, api.ToString()));

    private readonly TimeProvider _timeProvider;
    private readonly Histogram<double> _durations;
    private readonly Histogram<double> _queueDurations;
    private readonly Histogram<double> _throttleDurations;
    private readonly Counter<long> _failures;
    private readonly Lock _lock = new();
    private ListenerCounts[] _listeners = [];

    public ServerMetrics(Meter meter, TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(meter);
        _timeProvider = timeProvider;
        _durations = meter.CreateDurations(BrokerMetrics.RequestDuration);
        _queueDurations = meter.CreateDurations(BrokerMetrics.RequestQueueDuration);
        _throttleDurations = meter.CreateDurations(BrokerMetrics.ThrottleDuration);
        _failures = meter.CreateCounter(BrokerMetrics.RequestFailures);
        Observe(BrokerMetrics.Connections, listener => listener.Connections);
        Observe(BrokerMetrics.ConnectionsAccepted, listener => listener.Accepted);
        Observe(BrokerMetrics.ConnectionsRefused, listener => listener.Refused);
        Observe(BrokerMetrics.NetworkReceived, listener => listener.ReceivedBytes);
        Observe(BrokerMetrics.NetworkSent, listener => listener.SentBytes);
        Observe(BrokerMetrics.RequestMemory, listener => listener.RequestBytes);

        void Observe(MetricDefinition metric, Func<ListenerCounts, long> value) => meter.Observe(
            metric, () => Volatile.Read(ref _listeners).Select(listener => new Measurement<long>(value(listener), metric.Tag(0, listener.Name))));
    }

    /// <summary>For a server that no one watches.</summary>
    internal static ServerMetrics Unwatched(TimeProvider timeProvider) => new(new Meter(BrokerMetrics.MeterName), timeProvider);

    /// <summary>The clock where durations are wanted; 0 where no one listens.</summary>
    internal long Now => _durations.Enabled ? _timeProvider.GetTimestamp() : 0;

    internal void Add(ListenerCounts listener)
    {
        lock (_lock)
        {
            Volatile.Write(ref _listeners, [.. _listeners, listener]);
        }
    }

    /// <summary>A request's reply is ready, or there is none.</summary>
    /// <param name="arrived">By <see cref="Now"/>.</param>
    /// <param name="begun">By <see cref="Now"/>, once it was its turn.</param>
    internal void Served(ApiKey api, long arrived, long begun, TimeSpan pause)
    {
        if (arrived == 0 || begun == 0)
        {
            return;
        }

        var tag = ApiTags[api];
        _durations.Record(_timeProvider.GetElapsedTime(arrived).TotalSeconds, tag);
        _queueDurations.Record(_timeProvider.GetElapsedTime(arrived, begun).TotalSeconds, tag);
        if (pause > TimeSpan.Zero)
        {
            _throttleDurations.Record(pause.TotalSeconds, tag);
        }
    }

    internal void Failed(ApiKey api) => _failures.Add(1, ApiTags[api]);
}
