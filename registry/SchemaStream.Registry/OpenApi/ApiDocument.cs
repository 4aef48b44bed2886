using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.OpenApi;

/// <summary>The OpenAPI document of the routes that are served, each with what its row says of it.</summary>
internal static class ApiDocument
{
    private const string Json = ContentTypes.Versioned;
    private static readonly string[] SecuritySchemes = ["basic", "bearer"];

    public static byte[] Render(IEnumerable<RouteEndpoint> routes, string version)
    {
        var rows = ApiOperations.All.ToDictionary(row => (row.Method, row.Path));
        var paths =
            from route in routes
            let path = PathOf(route)
            from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
            where method != HttpMethods.Head && route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
            group rows.GetValueOrDefault((method, path)) ?? new ApiOperation(method, path, "") by path
            into operations
            orderby operations.Key
            select operations;
        return Reply.Render(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("openapi", "3.0.3");
            writer.WriteStartObject("info");
            writer.WriteString("title", "SchemaStream Registry");
            writer.WriteString("version", version);
            writer.WriteString(
                "description", "Confluent's Schema Registry API, and topic contracts. A path may be preceded by /contexts/{context}.");
            writer.WriteEndObject();
            writer.WriteStartObject("paths");
            foreach (var path in paths)
            {
                writer.WriteStartObject(path.Key);
                foreach (var operation in path.OrderBy(operation => operation.Method, StringComparer.Ordinal))
                {
                    WriteOperation(writer, operation);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            WriteEntities(writer);
            WriteSecurity(writer);
            writer.WriteEndObject();
        });
    }

    /// <summary>The pattern of a route, as rows and documents write it.</summary>
    public static string PathOf(RouteEndpoint route) => "/" + (route.RoutePattern.RawText ?? "").TrimStart('/');

    private static void WriteOperation(Utf8JsonWriter writer, ApiOperation operation)
    {
        writer.WriteStartObject(Lower(operation.Method));
        writer.WriteString("operationId", IdOf(operation));
        writer.WriteString("summary", operation.Summary);
        writer.WriteStartArray("tags");
        writer.WriteStringValue(TagOf(operation.Path));
        writer.WriteEndArray();
        writer.WriteStartArray("parameters");
        foreach (var name in PathParameters(operation.Path))
        {
            WriteParameter(writer, name, "path");
        }

        foreach (var name in operation.Query)
        {
            WriteParameter(writer, name, "query");
        }

        writer.WriteEndArray();
        if (operation.Body.Length > 0)
        {
            writer.WriteStartObject("requestBody");
            writer.WriteBoolean("required", true);
            WriteContent(writer, Json, operation.Body, ApiExamples.Of(operation));
            writer.WriteEndObject();
        }

        WriteResponses(writer, operation);
        writer.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter writer, string name, string place)
    {
        var isRepeated = name.EndsWith('*');
        var plain = name.TrimEnd('*');
        var (type, meaning) = ApiParameters.Of(plain);
        writer.WriteStartObject();
        writer.WriteString("name", plain);
        writer.WriteString("in", place);
        writer.WriteBoolean("required", place == "path");
        writer.WriteString("description", meaning);
        writer.WritePropertyName("schema");
        WriteType(writer, isRepeated ? $"[{type}]" : type);
        writer.WriteEndObject();
    }

    private static void WriteResponses(Utf8JsonWriter writer, ApiOperation operation)
    {
        writer.WriteStartObject("responses");
        writer.WriteStartObject(operation.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteString("description", "Done.");
        switch (operation.Reply)
        {
            case "":
                break;
            case "html":
                WriteContent(writer, "text/html", "string");
                break;
            case "document":
                WriteContent(writer, "application/json", "object");
                break;
            case "text":
                WriteContent(writer, Json, "anything");
                break;
            default:
                WriteContent(writer, Json, operation.Reply);
                break;
        }

        writer.WriteEndObject();
        var refusals = operation.Errors.GroupBy(code => code >= 1000 ? code / 100 : code).OrderBy(codes => codes.Key);
        foreach (var codes in refusals)
        {
            writer.WriteStartObject(codes.Key.ToString(System.Globalization.CultureInfo.InvariantCulture));
            writer.WriteString("description", $"Refused with error_code {string.Join(", ", codes.Order())}.");
            WriteContent(writer, Json, "Error");
            writer.WriteEndObject();
        }

        writer.WriteStartObject("default");
        writer.WriteString("description", "Refused; the code says why.");
        WriteContent(writer, Json, "Error");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter writer, string mediaType, string type, string? example = null)
    {
        writer.WriteStartObject("content");
        writer.WriteStartObject(mediaType);
        writer.WritePropertyName("schema");
        WriteType(writer, type);
        if (example is not null)
        {
            writer.WritePropertyName("example");
            writer.WriteRawValue(example);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteEntities(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("components");
        writer.WriteStartObject("schemas");
        foreach (var (name, properties) in ApiEntities.All)
        {
            writer.WriteStartObject(name);
            writer.WriteString("type", "object");
            writer.WriteStartObject("properties");
            foreach (var property in properties.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var colon = property.IndexOf(':', StringComparison.Ordinal);
                writer.WritePropertyName(property[..colon]);
                WriteType(writer, property[(colon + 1)..]);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartObject("securitySchemes");
        foreach (var scheme in SecuritySchemes)
        {
            writer.WriteStartObject(scheme);
            writer.WriteString("type", "http");
            writer.WriteString("scheme", scheme);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary>None, or one of those that a registry can be told to ask for.</summary>
    private static void WriteSecurity(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("security");
        writer.WriteStartObject();
        writer.WriteEndObject();
        foreach (var scheme in SecuritySchemes)
        {
            writer.WriteStartObject();
            writer.WriteStartArray(scheme);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteType(Utf8JsonWriter writer, string type)
    {
        writer.WriteStartObject();
        if (type.StartsWith('['))
        {
            writer.WriteString("type", "array");
            writer.WritePropertyName("items");
            WriteType(writer, type[1..^1]);
        }
        else if (type is "string" or "integer" or "boolean" or "object")
        {
            writer.WriteString("type", type);
            if (type == "integer")
            {
                writer.WriteString("format", "int64");
            }
        }
        else if (type != "anything")
        {
            writer.WriteString("$ref", $"#/components/schemas/{type}");
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<string> PathParameters(string path) =>
        path.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}'));

    private static string IdOf(ApiOperation operation) =>
        Lower(operation.Method) + string.Concat(operation.Path
            .Split(['/', '{', '}', ':', '.', '-'], StringSplitOptions.RemoveEmptyEntries)
            .Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string TagOf(string path) =>
        path.Split(['/', ':'], StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first : "server";

#pragma warning disable CA1308 // OpenAPI writes methods in lower case.
    private static string Lower(string method) => method.ToLowerInvariant();
#pragma warning restore CA1308
}
