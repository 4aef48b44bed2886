using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Registry.Http;

/// <summary>Tags on parts of a schema, as the API has them.</summary>
internal static class SchemaTagsJson
{
    private const string Record = "sr_record";
    private const string Field = "sr_field";
    private const string AnyTag = "*";

    public static IReadOnlyList<EntityTags> Read(JsonFields fields, string name) => fields.List(name, item =>
    {
        var entity = item.Object("schemaEntity");
        var (path, type) = (entity?.Text("entityPath"), entity?.Text("entityType"));
        if (item.Error is null && (path is null || type is not (Record or Field)))
        {
            item.Refuse($"'{name}' names its entities by 'entityPath' and 'entityType', which is {Record} or {Field}.");
        }

        return new EntityTags(
            path ?? "", type == Record ? SchemaEntityType.Record : SchemaEntityType.Field, item.Strings("tags") ?? []);
    });

    /// <summary>What <c>findTags</c> asks for: parts of the schema with one of these tags; none if it does not ask.</summary>
    public static Outcome<IReadOnlyList<EntityTags>> Find(HttpContext context, RegistryWriter registry, StoredSchema schema)
    {
        IReadOnlyList<EntityTags> found = [];
        if (!context.Request.QueryString.HasValue
            || !context.Request.Query.TryGetValue("findTags", out var wanted)
            || wanted.Count == 0)
        {
            return Outcome.Of(found);
        }

        if (!Candidate.Reopen(registry.Image, registry.Rules, schema).TryGet(out var parsed, out var error))
        {
            return error;
        }

        found = wanted.Contains(AnyTag)
            ? parsed.InlineTags
            : [.. parsed.InlineTags.Where(part => part.Tags.Any(tag => wanted.Contains(tag)))];
        return Outcome.Of(found);
    }

    public static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<EntityTags> parts)
    {
        if (parts.Count == 0)
        {
            return;
        }

        writer.WritePropertyName(name);
        Lists.Of(writer, parts, part =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("schemaEntity");
            writer.WriteString("entityPath", part.EntityPath);
            writer.WriteString("entityType", part.Type == SchemaEntityType.Record ? Record : Field);
            writer.WriteEndObject();
            writer.WritePropertyName("tags");
            Lists.Strings(writer, part.Tags);
            writer.WriteEndObject();
        });
    }
}
