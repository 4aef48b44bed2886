using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Runtime.Observation;

namespace SchemaStream.Broker.Runtime;

// What is seen of a node from outside.
public sealed partial class BrokerRuntime
{
    /// <summary>Why requests would not succeed now; null where they do.</summary>
    public string? WhyNotServing()
    {
        if (Fault.IsCompleted)
        {
            return "the node cannot go on; its log says why";
        }

        if (_lifecycle is null)
        {
            return _quorum.View.LeaderId is null ? "no leader of the controllers' quorum is known" : null;
        }

        return _metadata.Image.IsLive(_options.NodeId) ? null : "the controller has fenced this broker";
    }

    /// <summary>Has the meter show this node's inside.</summary>
    public RuntimeMetrics Observe(Meter meter, TimeProvider timeProvider, ILoggerFactory loggers) => new(
        meter,
        _quorum,
        _metadata,
        _replicas,
        _options.MetricsMaxSeries,
        timeProvider,
        loggers.CreateLogger<RuntimeMetrics>());
}
