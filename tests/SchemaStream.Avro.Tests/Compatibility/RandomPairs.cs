using System.Text.Json.Nodes;

namespace SchemaStream.Avro.Tests.Compatibility;

/// <summary>
/// A schema and a later version of it, changed as people change schemas: about half of the changes are harmless. One seed,
/// one pair.
/// </summary>
internal sealed class RandomPairs(int seed)
{
    private const int MaxDepth = 3;

    private static readonly string[] Primitives = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

    private readonly Random _random = new(seed);
    private int _names;

    public (JsonNode Reader, JsonNode Writer) Next()
    {
        var writer = Record(0);
        var reader = writer.DeepClone();
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
        {
            var places = Nodes(reader).ToList();
            Change(places[_random.Next(places.Count)]);
        }

        return (reader, writer);
    }

    private JsonNode Schema(int depth)
    {
        var pick = _random.Next(depth >= MaxDepth ? 8 : 14);
        return pick switch
        {
            < 8 => JsonValue.Create(Primitives[pick]),
            8 => new JsonObject { ["type"] = "array", ["items"] = Schema(depth + 1) },
            9 => new JsonObject { ["type"] = "map", ["values"] = Schema(depth + 1) },
            10 => Named("enum", "E", ("symbols", new JsonArray([.. Enumerable.Range(0, _random.Next(1, 4)).Select(i => (JsonNode)$"S{i}")]))),
            11 => Named("fixed", "F", ("size", _random.Next(1, 4))),
            12 => Union(depth),
            _ => Record(depth),
        };
    }

    private JsonObject Record(int depth)
    {
        var fields = new JsonArray();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            fields.Add(new JsonObject { ["name"] = Name("f"), ["type"] = Schema(depth + 1) });
        }

        var record = Named("record", "R", ("fields", fields));
        if (_random.Next(5) == 0)
        {
            fields.Add(new JsonObject { ["name"] = Name("self"), ["type"] = new JsonArray("null", record["name"]!.DeepClone()) });
        }

        return record;
    }

    private JsonObject Named(string type, string prefix, (string Name, JsonNode Value) part)
    {
        var named = new JsonObject { ["type"] = type, ["name"] = Name(prefix) };
        if (_random.Next(3) == 0)
        {
            named["namespace"] = "acme";
        }

        named[part.Name] = part.Value;
        return named;
    }

    private JsonArray Union(int depth)
    {
        var union = new JsonArray("null");
        var kinds = new HashSet<string> { "null" };
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var branch = Schema(depth + 1);
            var kind = Kind(branch);
            if (kind != "union" && (kinds.Add(kind) || kind is "record" or "enum" or "fixed"))
            {
                union.Add(branch);
            }
        }

        return union;
    }

    /// <summary>Everything that can be changed: types with parts, and fields.</summary>
    private static IEnumerable<JsonNode> Nodes(JsonNode node)
    {
        yield return node;
        var parts = node switch
        {
            JsonArray union => union.Where(branch => branch is not null),
            JsonObject { } type => new[] { type["items"], type["values"], type["type"] is JsonValue ? null : type["type"] }.Concat(type["fields"] as JsonArray ?? []),
            _ => [],
        };
        foreach (var inner in parts.Where(part => part is not null).SelectMany(part => Nodes(part!)))
        {
            yield return inner;
        }
    }

    private void Change(JsonNode node)
    {
        switch (node)
        {
            case JsonArray union when _random.Next(2) == 0 && union.Count > 1 && union[^1] is JsonValue:
                union.RemoveAt(union.Count - 1);
                break;
            case JsonArray union when union.All(branch => Kind(branch!) != "boolean"):
                union.Add((JsonNode)"boolean");
                break;
            case JsonObject type when type["fields"] is JsonArray fields:
                ChangeRecord(type, fields);
                break;
            case JsonObject type when type["symbols"] is JsonArray symbols:
                ChangeEnum(type, symbols);
                break;
            case JsonObject type when type["size"] is not null:
                if (_random.Next(2) == 0)
                {
                    type["size"] = 4;
                }
                else
                {
                    Rename(type);
                }

                break;
            case JsonObject type when type["items"] is not null || type["values"] is not null:
                foreach (var name in new[] { "items", "values" })
                {
                    if (type[name] is JsonValue inner && Primitives.Contains(inner.GetValue<string>()))
                    {
                        type[name] = Other(inner.GetValue<string>());
                    }
                }

                break;
            case JsonObject field when field["type"] is { } old:
                ChangeField(field, old);
                break;
        }
    }

    private void ChangeRecord(JsonObject record, JsonArray fields)
    {
        switch (_random.Next(6))
        {
            case 0:
                fields.Add(new JsonObject { ["name"] = Name("added"), ["type"] = "long", ["default"] = 7 });
                break;
            case 1:
                fields.Add(new JsonObject { ["name"] = Name("missing"), ["type"] = "long" });
                break;
            case 2 when fields.Count > 0 && fields[^1]!["type"] is JsonValue:
                fields.RemoveAt(fields.Count - 1);
                break;
            case 3:
                Rename(record);
                break;
            default:
                if (fields.Count > 0)
                {
                    var field = fields[_random.Next(fields.Count)]!.AsObject();
                    ChangeField(field, field["type"]!);
                }

                break;
        }
    }

    private void ChangeField(JsonObject field, JsonNode old)
    {
        switch (_random.Next(4))
        {
            case 0:
                field["aliases"] = new JsonArray(field["name"]!.DeepClone());
                field["name"] = Name("renamed");
                break;
            case 1 when field["default"] is null && Kind(old) is not "union" and not "null":
                field["type"] = new JsonArray("null", old.DeepClone());
                break;
            case 2 when field["default"] is null && old is JsonValue primitive && Primitives.Contains(primitive.GetValue<string>()):
                field["type"] = Other(primitive.GetValue<string>());
                break;
            case 3:
                field["doc"] = "changed";
                break;
        }
    }

    private void ChangeEnum(JsonObject type, JsonArray symbols)
    {
        switch (_random.Next(4))
        {
            case 0:
                symbols.Add((JsonNode)Name("More"));
                break;
            case 1 when symbols.Count > 1:
                symbols.RemoveAt(symbols.Count - 1);
                break;
            case 2 when symbols.Count > 1:
                symbols.RemoveAt(symbols.Count - 1);
                type["default"] = symbols[0]!.DeepClone();
                break;
            default:
                Rename(type);
                break;
        }
    }

    /// <summary>Only types without a self reference are renamed, so that the text stays a schema.</summary>
    private void Rename(JsonObject named)
    {
        var old = named["name"]!.GetValue<string>();
        if (named.ToJsonString().Split($"\"{old}\"").Length > 2)
        {
            return;
        }

        named["name"] = Name("N");
        var within = named["namespace"]?.GetValue<string>();
        switch (_random.Next(3))
        {
            case 0:
                named["aliases"] = new JsonArray(old);
                break;
            case 1:
                named["aliases"] = new JsonArray(within is null ? old : $"{within}.{old}");
                break;
        }
    }

    private string Other(string primitive) => _random.Next(2) == 0
        ? primitive switch { "int" => "long", "long" => "float", "float" => "double", "string" => "bytes", "bytes" => "string", var same => same }
        : Primitives[_random.Next(Primitives.Length)];

    private static string Kind(JsonNode node) => node switch
    {
        JsonArray => "union",
        JsonObject schema => schema["type"]!.GetValue<string>(),
        _ => node.GetValue<string>(),
    };

    private string Name(string prefix) => prefix + _names++;
}
