using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Forwarding;
using SchemaStream.Registry.Observation;

namespace SchemaStream.Registry.Http;

/// <summary>
/// The two requests that every client makes, answered ahead of all that only others need: a schema by its id, and a
/// subject's latest version, both without a query. A registry spends most of its time on them, and most of that was not
/// spent on answering. Whatever is unusual about a request goes to its endpoint, which answers these two in the same
/// bytes; a test holds both against each other.
/// </summary>
internal sealed class FrequentReads(RegistryWriter registry, ClusterRole cluster, RegistryMetrics? metrics)
{
    private const string ById = "/schemas/ids/";
    private const string BySubject = "/subjects/";
    private const string Latest = "/versions/latest";

    private readonly RegistryMetrics.Route? _byId = metrics?.Of(HttpMethods.Get, "/schemas/ids/{id}");
    private readonly RegistryMetrics.Route? _latest = metrics?.Of(HttpMethods.Get, "/subjects/{subject}/versions/{version}");

    public Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var started = metrics?.Start() ?? 0;
        if (!IsUsual(context) || Find(context, out var route) is not { } body)
        {
            return next(context);
        }

        var response = context.Response;
        response.Headers[RequestIds.Header] = RequestIds.Of(context);
        response.ContentType = ContentTypes.Versioned;
        response.ContentLength = body.Count;
        var written = response.Body.WriteAsync(body, CancellationToken.None).AsTask();
        if (!written.IsCompletedSuccessfully)
        {
            return EndAsync(written, body.Array!, route, started);
        }

        End(body.Array!, route, started);
        return Task.CompletedTask;
    }

    private bool IsUsual(HttpContext context) =>
        registry.Opened.IsCompletedSuccessfully
        && HttpMethods.IsGet(context.Request.Method)
        && ContentTypes.IsUsual(context.Request.Headers.Accept)
        && !(cluster.KeepsBodies && RequestForwarder.IsForwarded(context));

    private ArraySegment<byte>? Find(HttpContext context, out RegistryMetrics.Route? route)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith(ById, StringComparison.Ordinal))
        {
            route = _byId;
            return OfId(target.AsSpan(ById.Length));
        }

        route = _latest;
        return target.StartsWith(BySubject, StringComparison.Ordinal) && target.EndsWith(Latest, StringComparison.Ordinal)
            ? OfSubject(target[BySubject.Length..^Latest.Length])
            : null;
    }

    private ArraySegment<byte>? OfId(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && SchemaLookup.ById(registry.Image, within: null, id).TryGet(out var entry, out _)
            ? SchemaBytes.ById(entry.Schema)
            : null;

    /// <summary>Only names that stand in the path as they are, and for themselves.</summary>
    private ArraySegment<byte>? OfSubject(string name)
    {
        if (name.Length == 0 || name[0] == '.' || name.AsSpan().ContainsAny('%', '/', '?'))
        {
            return null;
        }

        var subject = Subject.Parse(name);
        return registry.Image.Subjects.TryGetValue(subject, out var held)
            && held.Config is not { Alias.Length: > 0 }
            && held.Latest is { } latest
                ? SchemaBytes.Of(subject, latest)
                : null;
    }

    private async Task EndAsync(Task written, byte[] body, RegistryMetrics.Route? route, long started)
    {
        await written.ConfigureAwait(false);
        End(body, route, started);
    }

    private void End(byte[] body, RegistryMetrics.Route? route, long started)
    {
        ArrayPool<byte>.Shared.Return(body);
        if (route is not null)
        {
            metrics!.Record(route, StatusCodes.Status200OK, started);
        }
    }
}
