using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Endpoints;

/// <summary>Schemas found by their metadata, and registered again with other tags, metadata and rules.</summary>
internal sealed class DataContractEndpoints(RegistryWriter registry)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Get("/subjects/{subject}/metadata", FindAsync);
        routes.Post("/subjects/{subject}/versions/{version}/tags", TagAsync);
    }

    private Task FindAsync(HttpContext context)
    {
        var visibility = context.Flag("deleted") ? Visibility.Deleted : Visibility.Live;
        if (!ReadPairs(context).TryGet(out var pairs, out var error)
            || !SchemaLookup.ByMetadata(registry.Image, SubjectOf(context), pairs, visibility).TryGet(out var found, out error)
            || !SchemaView.Of(context, registry, found.Schema).TryGet(out var view, out error))
        {
            return Reply.ErrorAsync(context, error);
        }

        return Reply.JsonAsync(context, writer => SchemaJson.WriteSchema(writer, found, view));
    }

    /// <summary>Keys and values go in pairs, in the order in which they come.</summary>
    private static Outcome<IReadOnlyCollection<KeyValuePair<string, string>>> ReadPairs(HttpContext context)
    {
        var (keys, values) = (context.Request.Query["key"], context.Request.Query["value"]);
        IReadOnlyCollection<KeyValuePair<string, string>> pairs =
            [.. keys.Zip(values, (key, value) => KeyValuePair.Create(key ?? "", value ?? ""))];
        return keys.Count == values.Count
            ? Outcome.Of(pairs)
            : new RegistryError(400, $"There are {keys.Count} times 'key' and {values.Count} times 'value': they go in pairs.");
    }

    private async Task TagAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context, ReadChanges).ConfigureAwait(false);
        if (!body.TryGet(out var changes, out var error)
            || !VersionSelector.Parse(context.Segment(3)).TryGet(out var version, out error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        var registered = await registry.SubmitAsync(
            new TagSchema(SubjectOf(context), version, changes), context.RequestAborted).ConfigureAwait(false);
        await Reply.OutcomeAsync(
            context,
            registered,
            (writer, schema) => SchemaJson.WriteRegistered(writer, schema, SchemaView.Stored(schema.Schema))).ConfigureAwait(false);
    }

    private static Outcome<TagChanges> ReadChanges(JsonElement body)
    {
        var fields = new JsonFields(body);
        var changes = new TagChanges
        {
            NewVersion = fields.Number("newVersion"),
            TagsToAdd = SchemaTagsJson.Read(fields, "tagsToAdd"),
            TagsToRemove = SchemaTagsJson.Read(fields, "tagsToRemove"),
            Metadata = fields.Part("metadata", DataContractJson.ReadMetadata),
            RuleSet = fields.Part("ruleSet", DataContractJson.ReadRuleSet),
            RulesToMerge = fields.Part("rulesToMerge", DataContractJson.ReadRuleSet),
            RulesToRemove = fields.Strings("rulesToRemove"),
        };
        return fields.Error is { } malformed ? malformed : changes;
    }

    private static Subject SubjectOf(HttpContext context) => Subject.Parse(context.Segment(1));
}
