using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaStream.Avro.Schemas;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>Tags that Avro records and fields carry in their property <c>confluent:tags</c>.</summary>
/// <remarks>A record's path is its full name, a field's that and its own. A path without namespace will do where it is found.</remarks>
internal sealed class AvroTags
{
    private const string Property = "confluent:tags";

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = AvroLimits.MaxJsonDepth,
    };

    private readonly Dictionary<(string Path, SchemaEntityType Type), JsonObject> _parts = [];

    /// <summary>Tags of the records that this schema itself defines.</summary>
    public static IReadOnlyList<EntityTags> In(AvroSchema schema, IReadOnlyList<AvroSchema> references)
    {
        var found = new List<EntityTags>();
        var visited = new HashSet<AvroSchema>(ReferenceEqualityComparer.Instance);
        foreach (var reference in references)
        {
            Collect(reference, visited, null);
        }

        Collect(schema, visited, found);
        return found;
    }

    /// <summary>The text with its parts' tags changed; what is added and removed at once is not there in the end.</summary>
    public static Outcome<string> Change(string text, IReadOnlyList<EntityTags> add, IReadOnlyList<EntityTags> remove)
    {
        var root = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = AvroLimits.MaxJsonDepth })!;
        var tags = new AvroTags();
        tags.Index(root, enclosing: "");
        foreach (var change in add)
        {
            if (tags.Find(change) is not { } part)
            {
                return Unknown(change);
            }

            Put(part, TagsOf(part).Union(change.Tags, StringComparer.Ordinal));
        }

        foreach (var change in remove)
        {
            if (tags.Find(change) is not { } part)
            {
                return Unknown(change);
            }

            Put(part, TagsOf(part).Except(change.Tags, StringComparer.Ordinal));
        }

        return root.ToJsonString(Readable);
    }

    private static void Collect(AvroSchema schema, HashSet<AvroSchema> visited, List<EntityTags>? found)
    {
        switch (schema)
        {
            case AvroRecordSchema record when visited.Add(record):
                Note(found, record.FullName, null, record.Properties);
                foreach (var part in record.Fields)
                {
                    Note(found, record.FullName, part.Name, part.Properties);
                    Collect(part.Schema, visited, found);
                }

                break;
            case AvroArraySchema array:
                Collect(array.Items, visited, found);
                break;
            case AvroMapSchema map:
                Collect(map.Values, visited, found);
                break;
            case AvroUnionSchema union:
                foreach (var branch in union.Branches)
                {
                    Collect(branch, visited, found);
                }

                break;
            default:
                break;
        }
    }

    private static void Note(
        List<EntityTags>? found, string record, string? part, IReadOnlyList<AvroProperty> properties)
    {
        if (found is null || record.Length + (part?.Length ?? 0) >= EntityTags.LongestPath)
        {
            return;
        }

        foreach (var property in properties)
        {
            if (property is { Name: Property, Value.ValueKind: JsonValueKind.Array })
            {
                string[] tags =
                [
                    .. property.Value.EnumerateArray()
                        .Where(tag => tag.ValueKind == JsonValueKind.String)
                        .Select(tag => tag.GetString()!),
                ];
                if (tags.Length > 0)
                {
                    found.Add(part is null
                        ? new EntityTags(record, SchemaEntityType.Record, tags)
                        : new EntityTags($"{record}.{part}", SchemaEntityType.Field, tags));
                }
            }
        }
    }

    /// <summary>Finds every record and field once; of two of one short name the first is meant by it.</summary>
    private void Index(JsonNode? node, string enclosing)
    {
        switch (node)
        {
            case JsonArray union:
                foreach (var branch in union)
                {
                    Index(branch, enclosing);
                }

                break;
            case JsonObject schema when TextOf(schema, "type") is "record" or "error":
                IndexRecord(schema, enclosing);
                break;
            case JsonObject schema:
                Index(schema["items"] ?? schema["values"] ?? (schema["type"] is JsonValue ? null : schema["type"]), enclosing);
                break;
            default:
                break;
        }
    }

    private void IndexRecord(JsonObject record, string enclosing)
    {
        var name = TextOf(record, "name") ?? "";
        var dot = name.LastIndexOf('.');
        var space = dot >= 0 ? name[..dot] : TextOf(record, "namespace") ?? enclosing;
        var shortName = name[(dot + 1)..];
        var fullName = space.Length == 0 ? shortName : $"{space}.{shortName}";
        Add(fullName, shortName, null, record);
        foreach (var part in record["fields"]?.AsArray().OfType<JsonObject>() ?? [])
        {
            Add(fullName, shortName, TextOf(part, "name"), part);
            Index(part["type"], space);
        }
    }

    private void Add(string fullName, string shortName, string? part, JsonObject node)
    {
        if (fullName.Length + (part?.Length ?? 0) >= EntityTags.LongestPath)
        {
            return;
        }

        var type = part is null ? SchemaEntityType.Record : SchemaEntityType.Field;
        _parts.TryAdd((part is null ? fullName : $"{fullName}.{part}", type), node);
        _parts.TryAdd((part is null ? shortName : $"{shortName}.{part}", type), node);
    }

    private JsonObject? Find(EntityTags change) => _parts.GetValueOrDefault((change.NormalizedPath, change.Type));

    private static IEnumerable<string> TagsOf(JsonObject part) => part[Property] is JsonArray tags
        ? tags.OfType<JsonValue>().Where(tag => tag.GetValueKind() == JsonValueKind.String).Select(tag => tag.GetValue<string>())
        : [];

    private static void Put(JsonObject part, IEnumerable<string> tags)
    {
        var list = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);
        if (list.Count == 0)
        {
            part.Remove(Property);
        }
        else
        {
            part[Property] = list;
        }
    }

    private static string? TextOf(JsonObject node, string name) =>
        node[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static RegistryError Unknown(EntityTags change) => RegistryError.InvalidSchema(
        $"There is no {(change.Type == SchemaEntityType.Record ? "record" : "field")} '{change.ShownPath}' in the schema to tag.");
}
