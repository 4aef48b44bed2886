using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Observation;

/// <summary>Counts requests, and knows the figures of the registry: as a meter for .NET's tools, and for the page.</summary>
internal sealed class RegistryMetrics : IDisposable
{
    private const string NoRoute = "(none)";

    private readonly ConcurrentDictionary<(string Method, string Pattern), Route> _routes = new();
    private readonly ConcurrentDictionary<Endpoint, Route> _byEndpoint = new();
    private readonly ConcurrentDictionary<int, long> _refusals = new();
    private readonly Route _unrouted = new("", NoRoute, new RouteSeries());
    private readonly Meter _meter = new(RegistryMetric.MeterName);
    private readonly Histogram<double> _duration;
    private readonly RegistryWriter _registry;
    private readonly TimeProvider _time;

    public RegistryMetrics(RegistryWriter registry, TimeProvider time)
    {
        _registry = registry;
        _time = time;
        _duration = _meter.CreateHistogram<double>(
            RegistryMetric.Duration.Name, RegistryMetric.Duration.Unit, RegistryMetric.Duration.Description);
        _meter.CreateObservableCounter(RegistryMetric.Requests.Name, RequestCounts, RegistryMetric.Requests.Unit, RegistryMetric.Requests.Description);
        _meter.CreateObservableCounter(RegistryMetric.Refusals.Name, RefusalCounts, RegistryMetric.Refusals.Unit, RegistryMetric.Refusals.Description);
        Observe(RegistryMetric.Subjects, () => [new(_registry.Image.Subjects.Count)]);
        Observe(RegistryMetric.Schemas, () => [new(SchemasOf(_registry.Image))]);
        Observe(RegistryMetric.Contracts, () => [new(_registry.Image.Contracts.ByTopic.Count)]);
        Observe(RegistryMetric.Leader, () => [new(_registry.IsLeader ? 1 : 0)]);
        Observe(RegistryMetric.LogEnd, LogEnds);
    }

    /// <summary>What has been measured of routes, by method and route.</summary>
    public IEnumerable<Route> Routes => _routes.Values
        .Append(_unrouted)
        .Where(route => route.Series.ByStatus().Any())
        .OrderBy(route => route.Pattern, StringComparer.Ordinal)
        .ThenBy(route => route.Method, StringComparer.Ordinal);

    public IEnumerable<(int Code, long Count)> Refusals =>
        _refusals.OrderBy(refusal => refusal.Key).Select(refusal => (refusal.Key, refusal.Value));

    public RegistryWriter Registry => _registry;

    public static long SchemasOf(RegistryImage image) => image.Contexts.Values.Sum(context => (long)context.ById.Count);

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var started = Start();
        await next(context).ConfigureAwait(false);
        var endpoint = context.GetEndpoint();
        Record(endpoint is null ? _unrouted : _byEndpoint.GetOrAdd(endpoint, Describe), context.Response.StatusCode, started);
        if (context.Features.Get<RequestState>()?.Refusal is { } code)
        {
            _refusals.AddOrUpdate(code, 1, static (_, count) => count + 1);
        }
    }

    /// <summary>What is measured of a route; the same for all who name it.</summary>
    public Route Of(string method, string pattern) =>
        _routes.GetOrAdd((method, pattern), static key => new Route(key.Method, key.Pattern, new RouteSeries()));

    /// <summary>When a request began, for <see cref="Record"/>.</summary>
    public long Start() => _time.GetTimestamp();

    /// <summary>Counts a request that was answered.</summary>
    public void Record(Route route, int status, long started)
    {
        var duration = _time.GetElapsedTime(started);
        route.Series.Record(status, duration);
        if (_duration.Enabled)
        {
            _duration.Record(duration.TotalSeconds, KeyValuePair.Create("method", (object?)route.Method), KeyValuePair.Create("route", (object?)route.Pattern));
        }
    }

    public void Dispose() => _meter.Dispose();

    private Route Describe(Endpoint endpoint)
    {
        var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods;
        var pattern = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? NoRoute;
        return Of(methods is [var method, ..] ? method : "", pattern);
    }

    private void Observe(RegistryMetric metric, Func<IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableGauge(metric.Name, read, metric.Unit, metric.Description);

    private IEnumerable<Measurement<long>> RequestCounts() =>
        from route in Routes
        from status in route.Series.ByStatus()
        select new Measurement<long>(
            status.Count, new("method", route.Method), new("route", route.Pattern), new("status", status.Status));

    private IEnumerable<Measurement<long>> RefusalCounts() =>
        Refusals.Select(refusal => new Measurement<long>(refusal.Count, new KeyValuePair<string, object?>("error_code", refusal.Code)));

    private IEnumerable<Measurement<long>> LogEnds()
    {
        var ends = _registry.Ends;
        yield return new(ends.Schemas, new KeyValuePair<string, object?>("log", "schemas"));
        yield return new(ends.Contracts, new KeyValuePair<string, object?>("log", "contracts"));
    }

    /// <summary>A route with what was measured of it.</summary>
    internal sealed record Route(string Method, string Pattern, RouteSeries Series);
}
