using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Http;
using SchemaStream.Registry.Topics;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/</c>, <c>/v1/metadata</c>, <c>/contexts</c>: what the server says of itself.</summary>
internal sealed class ServerEndpoints(RegistryWriter registry, RegistryOptions options, ITopicDirectory? topics)
{
    public static readonly string Version = typeof(ServerEndpoints).Assembly.GetName().Version?.ToString(3) ?? "0";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Get("/", context => Reply.JsonAsync(context, Nothing));
        routes.Post("/", context => Reply.JsonAsync(context, Nothing));
        routes.Get("/v1/metadata/id", context => Reply.JsonAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("scope");
            writer.WriteStartArray("path");
            writer.WriteEndArray();
            writer.WriteStartObject("clusters");
            writer.WriteString("kafka-cluster", topics?.ClusterId ?? "");
            writer.WriteString("schema-registry-cluster", options.GroupId);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }));
        routes.Get("/v1/metadata/version", context => Reply.JsonAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("version", Version);
            writer.WriteString("commitId", "");
            writer.WriteEndObject();
        }));
        routes.Get("/v1/metadata/deployment", context => Reply.JsonAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("attributes");
            writer.WriteEndArray();
            writer.WriteEndObject();
        }));
        routes.Get("/contexts", context => Reply.OutcomeAsync(
            context,
            context.Page(Listing.Contexts(registry.Image, context.Text("contextPrefix") ?? ""), int.MaxValue),
            Lists.Strings));
        routes.Delete("/contexts/{context}", DeleteContextAsync);
    }

    private async Task DeleteContextAsync(HttpContext context)
    {
        if (!ContextName.Parse(context.Segment(1)).TryGet(out var name, out var error)
            || !(await registry.SubmitAsync(new DeleteContext(name), context.RequestAborted).ConfigureAwait(false))
                .TryGet(out _, out error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static void Nothing(System.Text.Json.Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteEndObject();
    }
}
