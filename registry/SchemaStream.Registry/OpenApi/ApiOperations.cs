using System.Globalization;

namespace SchemaStream.Registry.OpenApi;

/// <summary>The whole API, row by row. Every route has a row and every row a route; a test holds them together.</summary>
internal static class ApiOperations
{
    private const string Paging = "offset limit";
    private const string Registration = "40901 42201 42205 42208 42209 42210";
    private const string Associating = "40904 40905 40907 42205 42206 42212 40910";

    public static IReadOnlyList<ApiOperation> All { get; } =
    [
        .. Server(), .. Schemas(), .. Subjects(), .. Versions(), .. Settings(), .. Associations(), .. Contracts(),
    ];

    private static IEnumerable<ApiOperation> Server() =>
    [
        Row("GET /", "Whether the registry is there.", reply: "Nothing"),
        Row("POST /", "Whether the registry is there.", reply: "Nothing"),
        Row("GET /contexts", "Lists contexts.", reply: "[string]", query: $"contextPrefix {Paging}"),
        Row("DELETE /contexts/{context}", "Deletes an empty context.", errors: "400 42211", status: 204),
        Row("GET /v1/metadata/id", "Which cluster and which group of registries this is.", reply: "ServerId"),
        Row("GET /v1/metadata/version", "Which version of the registry this is.", reply: "ServerVersion"),
        Row("GET /v1/metadata/deployment", "What is said of the deployment.", reply: "Deployment"),
        Row("GET /health/live", "Whether the process answers.", reply: "Health"),
        Row("GET /health/ready", "Whether the log is read and changes are taken; 503 while not.", reply: "Health"),
        Row("GET /openapi", "A page to try this API.", reply: "html"),
        Row("GET /openapi/v1.json", "This document.", reply: "document"),
    ];

    private static IEnumerable<ApiOperation> Schemas() =>
    [
        Row("GET /schemas", "Lists schemas, by subject and version.", reply: "[ListedSchema]",
            query: $"subjectPrefix aliases deleted latestOnly ruleType resourceType associationType* lifecycle* {Paging}"),
        Row("GET /schemas/types", "The schema languages that are offered.", reply: "[string]"),
        Row("GET /schemas/ids/{id}", "A schema by its id.", reply: "SchemaString", errors: "40403",
            query: "subject format referenceFormat findTags* fetchMaxId"),
        Row("GET /schemas/ids/{id}/schema", "A schema's bare text by its id.", reply: "text", errors: "40403", query: "subject format"),
        Row("GET /schemas/ids/{id}/subjects", "The subjects that use an id.", reply: "[string]", errors: "40403",
            query: $"subject deleted {Paging}"),
        Row("GET /schemas/ids/{id}/versions", "The versions that use an id, one per subject.", reply: "[SubjectVersion]",
            errors: "40403", query: $"subject deleted {Paging}"),
        Row("GET /schemas/guids/{guid}", "A schema by its GUID.", reply: "SchemaString", errors: "40403", query: "format"),
        Row("GET /schemas/guids/{guid}/ids", "The ids that a schema has, by context.", reply: "[ContextId]"),
    ];

    private static IEnumerable<ApiOperation> Subjects() =>
    [
        Row("GET /subjects", "Lists subjects.", reply: "[string]", query: $"subjectPrefix deleted deletedOnly {Paging}"),
        Row("POST /subjects/{subject}", "Looks a schema up under a subject.", "RegisterRequest", "Schema",
            "40401 40403 42201", "normalize format deleted"),
        Row("DELETE /subjects/{subject}", "Deletes a subject: softly first, then for good.", reply: "[integer]",
            errors: "40401 40404 40405 40904 42205 42206", query: "permanent"),
        Row("GET /subjects/{subject}/metadata", "The newest schema whose metadata has all the properties asked for.",
            reply: "Schema", errors: "40401 40403", query: "key* value* format deleted"),
    ];

    private static IEnumerable<ApiOperation> Versions() =>
    [
        Row("GET /subjects/{subject}/versions", "Lists versions.", reply: "[integer]", errors: "40401",
            query: $"deleted deletedOnly deletedAsNegative {Paging}"),
        Row("POST /subjects/{subject}/versions", "Registers a schema.", "RegisterRequest", "RegisterResponse",
            $"{Registration} 40910", "normalize format force"),
        Row("GET /subjects/{subject}/versions/{version}", "A version: a number or 'latest'.", reply: "Schema",
            errors: "40401 40402 42202", query: "format referenceFormat deleted findTags*"),
        Row("GET /subjects/{subject}/versions/{version}/schema", "A version's bare text.", reply: "text",
            errors: "40401 40402 42202", query: "format deleted"),
        Row("GET /subjects/{subject}/versions/{version}/referencedby", "The ids of schemas that reference a version.",
            reply: "[integer]", errors: "40401 40402 42202", query: $"deleted {Paging}"),
        Row("DELETE /subjects/{subject}/versions/{version}", "Deletes a version: softly first, then for good.", reply: "integer",
            errors: "40401 40402 40406 40407 40904 42202 42205 42206", query: "permanent"),
        Row("POST /subjects/{subject}/versions/{version}/tags", "Registers a version's schema anew with other tags.",
            "TagRequest", "RegisterResponse", $"40401 40402 42202 {Registration}"),
        Row("POST /compatibility/subjects/{subject}/versions", "Checks a schema as its registration would.",
            "RegisterRequest", "Verdict", "42201", "normalize verbose"),
        Row("POST /compatibility/subjects/{subject}/versions/{version}", "Checks a schema against one version.",
            "RegisterRequest", "Verdict", "40402 42201 42202", "normalize verbose"),
    ];

    private static IEnumerable<ApiOperation> Settings() =>
    [
        Row("GET /config", "The registry's configuration.", reply: "Config", query: "defaultToGlobal"),
        Row("PUT /config", "Changes the registry's configuration.", "ConfigUpdate", "ConfigUpdate", "42203 42205 42210"),
        Row("DELETE /config", "Forgets the registry's configuration; replies what it was.", reply: "Config", errors: "42205"),
        Row("GET /config/{subject}", "A subject's configuration.", reply: "Config", errors: "40408", query: "defaultToGlobal"),
        Row("PUT /config/{subject}", "Changes a subject's configuration.", "ConfigUpdate", "ConfigUpdate", "42203 42205 42208 42210"),
        Row("DELETE /config/{subject}", "Forgets a subject's configuration; replies what it was.", reply: "Config", errors: "40401 42205"),
        Row("GET /mode", "The registry's mode.", reply: "Mode", query: "defaultToGlobal"),
        Row("PUT /mode", "Sets the registry's mode; null forgets it.", "Mode", "Mode", "42204 42205", "force"),
        Row("DELETE /mode", "Forgets the registry's mode; replies what it was.", reply: "Mode", errors: "42205", query: "recursive"),
        Row("GET /mode/{subject}", "A subject's mode.", reply: "Mode", errors: "40409", query: "defaultToGlobal"),
        Row("PUT /mode/{subject}", "Sets a subject's mode; null forgets it.", "Mode", "Mode", "42204 42205 42206 42208", "force"),
        Row("DELETE /mode/{subject}", "Forgets a subject's mode; replies what it was.", reply: "Mode", errors: "40401 42205", query: "recursive"),
    ];

    private static IEnumerable<ApiOperation> Associations() =>
    [
        Row("POST /associations", "Binds a resource's key and value to subjects.", "AssociationRequest", "AssociationResponse",
            $"40903 42201 42209 {Associating}", "context dryRun"),
        Row("PUT /associations/resources/{resourceId}", "Binds a resource, or changes how it is bound.", "AssociationRequest",
            "AssociationResponse", $"40901 40908 42201 {Associating}", "context dryRun"),
        Row("GET /associations/subjects/{subject}", "The associations of a subject.", reply: "[Association]",
            query: $"resourceType associationType* lifecycle {Paging}"),
        Row("GET /associations/resources/{resourceId}", "The associations of a resource.", reply: "[Association]",
            query: $"resourceType associationType* lifecycle {Paging}"),
        Row("GET /associations/resources/{namespace}/{name}", "The associations of a resource by its name; '-' is any.",
            reply: "[Association]", query: $"resourceType associationType* lifecycle {Paging}"),
        Row("DELETE /associations/resources/{resourceId}", "Unbinds a resource.", errors: "40410 40908 42205 42206",
            query: "resourceType associationType* cascadeLifecycle dryRun", status: 204),
        Row("POST /associations:batchGet", "The associations of several resources.", "AssociationBatchGet", "AssociationBatch",
            "42212", "includeSchemas", status: 207),
        Row("POST /associations:batchMutate", "Changes the associations of several resources.", "AssociationBatchMutate",
            "AssociationBatch", "42212", "context dryRun", status: 207),
    ];

    private static IEnumerable<ApiOperation> Contracts() =>
    [
        Row("GET /settings", "Lists subjects and contexts that have a configuration or a mode of their own.", reply: "[string]",
            query: $"subjectPrefix {Paging}"),
        Row("GET /contracts/topics", "Lists topic contracts.", reply: "[Contract]", query: $"topicPrefix {Paging}"),
        Row("GET /contracts/topics/{topic}", "What a topic carries.", reply: "Contract", errors: "40420"),
        Row("PUT /contracts/topics/{topic}", "Binds a topic to its types, for good.", "Contract", "Contract", "40910 42220"),
        Row("DELETE /contracts/topics/{topic}", "Ends a contract whose topic is gone.", reply: "Contract", errors: "40420 42206", query: "force"),
        Row("GET /contracts/topics/{topic}/history", "Who bound and unbound a topic, and when.", reply: "[ContractFact]", errors: "40420", query: Paging),
        Row("POST /contracts/topics/{topic}/successor", "Binds the topic that takes this one's place, with other types.",
            "Contract", "Contract", "40420 40910 42220"),
    ];

    private static ApiOperation Row(
        string route, string summary, string body = "", string reply = "", string errors = "", string query = "", int status = 200)
    {
        var space = route.IndexOf(' ', StringComparison.Ordinal);
        return new ApiOperation(route[..space], route[(space + 1)..], summary)
        {
            Query = Words(query),
            Body = body,
            Reply = reply,
            Errors = [.. Words(errors).Select(code => int.Parse(code, CultureInfo.InvariantCulture))],
            Status = status,
        };
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
