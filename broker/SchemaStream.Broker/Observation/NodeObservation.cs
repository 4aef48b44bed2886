using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Nodes;
using SchemaStream.Broker.Runtime.Observation;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Observation;

/// <summary>All by which a node is watched: its meter, who listens to it, and the HTTP port.</summary>
internal sealed class NodeObservation : IAsyncDisposable
{
    private readonly MetricStore? _metrics;
    private readonly HttpEndpoint? _http;
    private readonly IDisposable? _otlp;
    private RuntimeMetrics? _runtime;

    private NodeObservation(NodeConfiguration node, TimeProvider timeProvider, ILogger logger)
    {
        Meter = new Meter(BrokerMetrics.MeterName);
        if (node.HttpListener is { } address)
        {
            try
            {
                _http = new HttpEndpoint(address, PageAsync, timeProvider, logger);
            }
            catch (SocketException taken)
            {
                Meter.Dispose();
                throw new BrokerStartException(
                    $"Setting '{HttpListenerAddress}': expected a free port, found that {address} cannot be listened on: {taken.Message}", taken);
            }

            _metrics = new MetricStore(Meter, node.Settings.Int(MetricsMaxSeries));
            _http.Start();
            logger.HttpReady(HttpAddress!);
        }

        _otlp = OtlpExport.Start(node, Meter);
    }

    public Meter Meter { get; }

    public NodeHealth Health { get; } = new();

    /// <summary>The URL of the HTTP port, without a slash at its end; null where there is none.</summary>
    public string? HttpAddress => _http is { EndPoint: var bound }
        ? $"http://{NodeListener.JoinHostAndPort(Reachable(bound.Address).ToString(), bound.Port)}"
        : null;

    /// <summary>The HTTP port is open from here on: a node that starts for long is alive, and not ready.</summary>
    /// <exception cref="BrokerStartException">The port is taken.</exception>
    public static NodeObservation Start(NodeConfiguration node, TimeProvider timeProvider, ILogger logger) => new(node, timeProvider, logger);

    /// <summary>The runtime has numbers that take a moment to get; the page waits for them.</summary>
    public void Attach(RuntimeMetrics runtime) => _runtime = runtime;

    public async ValueTask DisposeAsync()
    {
        if (_http is not null)
        {
            await _http.DisposeAsync().ConfigureAwait(false);
        }

        _otlp?.Dispose();
        _metrics?.Dispose();
        Meter.Dispose();
    }

    private async ValueTask<HttpPage?> PageAsync(string path, CancellationToken cancellationToken)
    {
        switch (path)
        {
            case "/metrics":
                if (_runtime is { } runtime)
                {
                    await runtime.RefreshAsync(cancellationToken).ConfigureAwait(false);
                }

                return new HttpPage(200, PrometheusText.ContentType, PrometheusText.Write(_metrics!.Collect()));
            case "/health/live":
                return Health.Live();
            case "/health/ready":
                return Health.Ready();
            default:
                return null;
        }
    }

    /// <summary>An address that this machine's own programs can connect to.</summary>
    private static IPAddress Reachable(IPAddress bound) =>
        bound.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bound;
}
