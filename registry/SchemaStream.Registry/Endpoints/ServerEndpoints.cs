using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/</c>, <c>/v1/metadata</c>, <c>/contexts</c>: what the server says of itself.</summary>
internal sealed class ServerEndpoints(RegistryWriter registry, RegistryOptions options)
{
    private static readonly string Version = typeof(ServerEndpoints).Assembly.GetName().Version?.ToString(3) ?? "0";

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
            writer.WriteString("kafka-cluster", options.KafkaClusterId);
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
            context.Page(
                registry.Image.Contexts.Keys
                    .Append(Core.Subject.DefaultContext)
                    .Distinct()
                    .Where(name => name.StartsWith(context.Text("contextPrefix") ?? "", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal),
                int.MaxValue),
            Lists.Strings));
    }

    private static void Nothing(System.Text.Json.Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteEndObject();
    }
}
