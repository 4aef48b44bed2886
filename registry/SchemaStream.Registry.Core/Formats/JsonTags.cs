using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaStream.Json;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>Tags that JSON Schemas carry in their keyword <c>confluent:tags</c>.</summary>
/// <remarks>
/// A path goes through the schema as Confluent names its parts: <c>object.name</c> is a property, <c>object</c> itself a
/// record, <c>array</c>, <c>not</c>, <c>anyof.0</c>, <c>allof.1</c>, <c>oneof.2</c>, <c>conditional.then</c> and
/// <c>object.definitions.Name</c> lead on. Where types are listed, or conditions stand beside properties, a number is
/// said that leads nowhere else.
/// </remarks>
internal static class JsonTags
{
    private const string Keyword = "confluent:tags";

    private static readonly string[] Combinations = ["allOf", "anyOf", "oneOf"];
    private static readonly string[] Conditions = ["if", "then", "else"];
    private static readonly string[] DefinitionKeywords = ["definitions", "$defs"];

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = JsonSchemaLimits.MaxJsonDepth,
    };

    public static IReadOnlyList<EntityTags> In(string text)
    {
        var found = new List<EntityTags>();
        Collect(Parse(text), scope: "", isField: false, found);
        return found;
    }

    /// <summary>The text with its parts' tags changed; what is added and removed at once is not there in the end.</summary>
    public static Outcome<string> Change(string text, IReadOnlyList<EntityTags> add, IReadOnlyList<EntityTags> remove)
    {
        var root = Parse(text);
        foreach (var (change, isAdded) in add.Select(each => (each, true)).Concat(remove.Select(each => (each, false))))
        {
            if (Find(root, change) is not { } part)
            {
                return RegistryError.InvalidSchema(
                    $"There is no {(change.Type == SchemaEntityType.Record ? "object" : "property")} " +
                    $"'{change.ShownPath}' in the schema to tag.");
            }

            var tags = TagsOf(part);
            Put(part, isAdded
                ? tags.Union(change.Tags, StringComparer.Ordinal)
                : tags.Except(change.Tags, StringComparer.Ordinal));
        }

        return root!.ToJsonString(Readable);
    }

    private static JsonNode? Parse(string text) =>
        JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = JsonSchemaLimits.MaxJsonDepth });

    private static void Collect(JsonNode? node, string scope, bool isField, List<EntityTags> found)
    {
        if (node is not JsonObject schema || scope.Length > EntityTags.LongestPath)
        {
            return;
        }

        foreach (var keyword in Combinations)
        {
            var parts = schema[keyword] as JsonArray;
            for (var i = 0; i < parts?.Count; i++)
            {
                Collect(parts[i], $"{scope}{Lower(keyword)}.{i}.", isField: false, found);
            }
        }

        var properties = schema["properties"] as JsonObject;
        var isConditional = Conditions.Any(schema.ContainsKey);
        if (isConditional)
        {
            var conditional = properties is null ? $"{scope}conditional." : $"{scope}allof.0.conditional.";
            foreach (var keyword in Conditions)
            {
                Collect(schema[keyword], $"{conditional}{keyword}.", isField: false, found);
            }
        }

        Collect(schema["items"], $"{scope}array.", isField: false, found);
        Collect(schema["not"], $"{scope}not.", isField: false, found);
        var among = PlaceAmongTypes(schema);
        var name = among is { } place ? $"{scope}anyof.{place}.object"
            : isConditional && properties is not null ? $"{scope}allof.1.object"
            : $"{scope}object";
        if (!isField && (properties is not null || among is not null || TextOf(schema["type"]) == "object"))
        {
            Note(schema, name, SchemaEntityType.Record, found);
        }

        CollectMembers(schema, properties, name, found);
    }

    private static void CollectMembers(JsonObject schema, JsonObject? properties, string name, List<EntityTags> found)
    {
        foreach (var (property, part) in properties ?? [])
        {
            if (name.Length + property.Length < EntityTags.LongestPath)
            {
                Note(part as JsonObject, $"{name}.{property}", SchemaEntityType.Field, found);
                Collect(part, $"{name}.{property}.", isField: true, found);
            }
        }

        foreach (var keyword in DefinitionKeywords)
        {
            foreach (var (definition, part) in schema[keyword] as JsonObject ?? [])
            {
                if (name.Length + definition.Length < EntityTags.LongestPath)
                {
                    Collect(part, $"{name}.{keyword}.{definition}.", isField: false, found);
                }
            }
        }
    }

    private static void Note(JsonObject? part, string path, SchemaEntityType type, List<EntityTags> found)
    {
        if (part is not null && TagsOf(part).ToArray() is { Length: > 0 } tags)
        {
            found.Add(new EntityTags(path, type, tags));
        }
    }

    private static JsonObject? Find(JsonNode? root, EntityTags change)
    {
        if (change.EntityPath.Length > EntityTags.LongestPath)
        {
            return null;
        }

        var words = new Queue<string>(change.NormalizedPath.Split('.'));
        var node = root as JsonObject;
        while (node is not null && words.TryDequeue(out var word))
        {
            switch (word)
            {
                case "object" when words.Count == 0:
                    return change.Type == SchemaEntityType.Record ? node : null;
                case "object":
                    var isDefinition = DefinitionKeywords.Contains(words.Peek()) && node[words.Peek()] is JsonObject;
                    node = Member(node[isDefinition ? words.Dequeue() : "properties"] as JsonObject, words);
                    if (words.Count == 0)
                    {
                        return change.Type == SchemaEntityType.Field && !isDefinition ? node : null;
                    }

                    break;
                default:
                    node = Step(node, word, words);
                    break;
            }
        }

        return null;
    }

    private static JsonObject? Step(JsonObject node, string word, Queue<string> words)
    {
        switch (word)
        {
            case "array":
                return node["items"] as JsonObject;
            case "not":
                return node["not"] as JsonObject;
            case "conditional":
                return words.TryDequeue(out var condition) && Conditions.Contains(condition) ? node[condition] as JsonObject : null;
            case "allof" or "anyof" or "oneof":
                if (!words.TryDequeue(out var number)
                    || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var place))
                {
                    return null;
                }

                var keyword = Array.Find(Combinations, each => Lower(each) == word)!;
                return node[keyword] is JsonArray parts
                    ? place < parts.Count ? parts[place] as JsonObject : null
                    : node;
            default:
                return null;
        }
    }

    /// <summary>The member that the next words name: a name may have dots in it.</summary>
    private static JsonObject? Member(JsonObject? members, Queue<string> words)
    {
        if (members is null || !words.TryDequeue(out var name))
        {
            return null;
        }

        while (!members.ContainsKey(name))
        {
            if (!words.TryDequeue(out var more))
            {
                return null;
            }

            name = $"{name}.{more}";
        }

        return members[name] as JsonObject;
    }

    private static IEnumerable<string> TagsOf(JsonObject part) =>
        part[Keyword] is JsonArray tags ? tags.Select(TextOf).OfType<string>() : [];

    private static void Put(JsonObject part, IEnumerable<string> tags)
    {
        var list = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);
        if (list.Count == 0)
        {
            part.Remove(Keyword);
        }
        else
        {
            part[Keyword] = list;
        }
    }

    /// <summary>Where "object" stands in a list of several types; null if there is no such list.</summary>
    private static int? PlaceAmongTypes(JsonObject schema)
    {
        var place = schema["type"] is JsonArray { Count: > 1 } types ? types.ToList().FindIndex(type => TextOf(type) == "object") : -1;
        return place >= 0 ? place : null;
    }

    private static string? TextOf(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static string Lower(string combination) => combination switch
    {
        "allOf" => "allof",
        "anyOf" => "anyof",
        _ => "oneof",
    };
}
