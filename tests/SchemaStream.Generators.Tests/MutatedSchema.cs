using System.Text.Json.Nodes;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Generators.Tests;

/// <summary>What an older or newer program may have written: fields gone, added, in another order, of smaller types and other units.</summary>
internal sealed class MutatedSchema(int seed)
{
    private readonly Random _random = new(seed);

    public static AvroSchema Of(AvroSchema schema, int seed) =>
        AvroSchema.Parse(new MutatedSchema(seed).Change(JsonNode.Parse(schema.ToJson())!).ToJsonString(), validation: AvroValidation.Lenient);

    private JsonNode Change(JsonNode schema) => schema switch
    {
        JsonArray union => Union(union),
        JsonObject { } named when named["type"] is JsonValue type => (string)type! switch
        {
            "record" => Record(named),
            "enum" => Enum(named),
            "array" => With(named, "items"),
            "map" => With(named, "values"),
            "long" => Logical(named),
            _ => named.DeepClone(),
        },
        JsonValue word => Word((string)word!),
        _ => schema.DeepClone(),
    };

    private JsonNode Word(string word) => (word, _random.Next(4)) switch
    {
        ("long", 0) => "int",
        ("float", 0) => "int",
        ("double", 0) => "float",
        ("double", 1) => "long",
        ("string", 0) => "bytes",
        ("bytes", 0) => "string",
        _ => word,
    };

    private JsonObject Logical(JsonObject schema)
    {
        var clone = (JsonObject)schema.DeepClone();
        var type = (string?)clone["logicalType"];
        if (type?.EndsWith("-micros", StringComparison.Ordinal) == true && _random.Next(2) == 0)
        {
            clone["logicalType"] = type.Replace("-micros", _random.Next(2) == 0 ? "-millis" : "-nanos", StringComparison.Ordinal);
            clone["type"] = type.StartsWith("time-", StringComparison.Ordinal) ? "int" : "long";
        }

        return clone;
    }

    private JsonArray Union(JsonArray union)
    {
        var branches = union.Select(branch => Change(branch!)).ToList();
        if (_random.Next(3) == 0 && branches.All(DefinesNothing))
        {
            branches.Reverse();
        }

        return [.. branches];
    }

    private JsonObject Record(JsonObject record)
    {
        var clone = (JsonObject)record.DeepClone();
        var fields = new List<JsonNode>();
        foreach (var field in (JsonArray)record["fields"]!)
        {
            var changed = (JsonObject)field!.DeepClone();
            changed["type"] = Change(field["type"]!);
            if (_random.Next(12) > 0 || !changed.ContainsKey("default"))
            {
                changed.Remove("default");
                fields.Add(changed);
            }
        }

        if (_random.Next(3) == 0)
        {
            fields.Insert(_random.Next(fields.Count + 1), JsonNode.Parse("""{"name":"AddedLater","type":{"type":"array","items":["null","string"]}}""")!);
        }

        // A name that is used before it is defined would be no schema: only what defines nothing changes places.
        if (fields.All(field => DefinesNothing(field["type"]!)) && _random.Next(2) == 0)
        {
            fields.Reverse();
        }

        clone["fields"] = new JsonArray([.. fields]);
        return clone;
    }

    private static bool DefinesNothing(JsonNode schema) => !schema.ToJsonString().Contains("\"name\"", StringComparison.Ordinal);

    private JsonObject Enum(JsonObject symbols)
    {
        var clone = (JsonObject)symbols.DeepClone();
        var list = (JsonArray)clone["symbols"]!;
        if (_random.Next(2) == 0)
        {
            list.Insert(0, "AddedLater");
        }

        return clone;
    }

    private JsonObject With(JsonObject schema, string part)
    {
        var clone = (JsonObject)schema.DeepClone();
        clone[part] = Change(schema[part]!);
        return clone;
    }
}
