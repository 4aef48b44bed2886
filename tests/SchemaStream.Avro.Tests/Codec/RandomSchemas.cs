using System.Text.Json.Nodes;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Random schemas, values of them, and readers that differ from them a little. One seed, one result.</summary>
internal sealed class RandomSchemas(int seed)
{
    private const int MaxDepth = 4;

    private static readonly string[] Primitives = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

    private readonly Random _random = new(seed);
    private int _names;

    public JsonNode Schema(int depth = 0)
    {
        var pick = _random.Next(depth >= MaxDepth ? 8 : 15);
        return pick switch
        {
            < 8 => JsonValue.Create(Primitives[pick]),
            8 => new JsonObject { ["type"] = "array", ["items"] = Schema(depth + 1) },
            9 => new JsonObject { ["type"] = "map", ["values"] = Schema(depth + 1) },
            10 => new JsonObject { ["type"] = "enum", ["name"] = Name("E"), ["symbols"] = new JsonArray([.. Symbols()]) },
            11 => new JsonObject { ["type"] = "fixed", ["name"] = Name("F"), ["size"] = _random.Next(4) },
            12 => Union(depth),
            _ => Record(depth),
        };
    }

    /// <summary>A reader's schema for a writer's: mostly one that resolves, sometimes one that does not.</summary>
    public JsonNode Reader(JsonNode writer)
    {
        var reader = writer.DeepClone();
        Change(reader);
        return _random.Next(6) == 0 && Kind(reader) is not "union" and not "null" ? new JsonArray("null", reader) : reader;
    }

    public object? Value(AvroSchema schema, int depth = 0) => schema switch
    {
        AvroRecordSchema record => Fill(record, depth),
        AvroUnionSchema union => Value(union.Branches[depth > 8 && union.NullIndex >= 0 ? union.NullIndex : _random.Next(union.Branches.Count)], depth + 1),
        AvroArraySchema array => Enumerable.Range(0, Count(depth)).Select(_ => Value(array.Items, depth + 1)).ToList(),
        AvroMapSchema map => Enumerable.Range(0, Count(depth)).ToDictionary(i => "k" + i, _ => Value(map.Values, depth + 1)),
        AvroEnumSchema symbols => symbols.Symbols[_random.Next(symbols.Symbols.Count)],
        AvroFixedSchema size => Bytes(size.Size),
        _ => schema.Kind switch
        {
            AvroSchemaKind.Null => null,
            AvroSchemaKind.Boolean => _random.Next(2) == 1,
            AvroSchemaKind.Int => (int)Number(32),
            AvroSchemaKind.Long => Number(64),
            AvroSchemaKind.Float => (float)_random.NextDouble(),
            AvroSchemaKind.Double => _random.NextDouble() * 1e9,
            AvroSchemaKind.Bytes => Bytes(_random.Next(20)),
            _ => Text(),
        },
    };

    private void Change(JsonNode node)
    {
        if (node is JsonArray branches)
        {
            foreach (var branch in branches.ToList())
            {
                Change(branch!);
            }

            return;
        }

        if (node is not JsonObject schema)
        {
            return;
        }

        foreach (var part in new[] { "items", "values" })
        {
            if (schema[part] is { } inner)
            {
                schema[part] = Promoted(inner);
            }
        }

        if (schema["symbols"] is JsonArray symbols && _random.Next(2) == 0)
        {
            symbols.RemoveAt(_random.Next(symbols.Count));
            symbols.Add("Added");
            if (_random.Next(3) > 0)
            {
                schema["default"] = "Added";
            }
        }

        if (schema["fields"] is JsonArray fields)
        {
            ChangeFields(fields);
        }
    }

    private void ChangeFields(JsonArray fields)
    {
        foreach (var field in fields.ToList())
        {
            field!["type"] = Promoted(field["type"]!);
            if (_random.Next(6) == 0)
            {
                field["aliases"] = new JsonArray(field["name"]!.GetValue<string>());
                field["name"] = Name("renamed");
            }
        }

        if (fields.Count > 1 && _random.Next(3) == 0)
        {
            // A named type must stay before its uses: only fields without definitions move.
            var movable = fields.Where(field => field!["type"] is JsonValue).ToList();
            if (movable.Count > 0)
            {
                fields.Remove(movable[0]);
                fields.Add(movable[0]);
            }
        }

        if (fields.Count > 0 && fields[^1]!["type"] is JsonValue && _random.Next(4) == 0)
        {
            fields.RemoveAt(fields.Count - 1);
        }

        if (_random.Next(3) == 0)
        {
            fields.Add(new JsonObject { ["name"] = Name("added"), ["type"] = "long", ["default"] = _random.Next(100) });
        }

        if (_random.Next(12) == 0)
        {
            fields.Add(new JsonObject { ["name"] = Name("missing"), ["type"] = "long" });
        }
    }

    private JsonNode Promoted(JsonNode type)
    {
        var changed = type.DeepClone();
        Change(changed);
        var wider = Kind(changed) switch
        {
            "int" => _random.Next(3) switch { 0 => "long", 1 => "double", _ => "int" },
            "long" => _random.Next(2) == 0 ? "float" : "long",
            "float" => _random.Next(2) == 0 ? "double" : "float",
            "string" => _random.Next(3) == 0 ? "bytes" : "string",
            _ => null,
        };
        changed = wider is null ? changed : JsonValue.Create(wider);
        return Kind(changed) is not "union" and not "null" && _random.Next(5) == 0 ? new JsonArray(changed, "null") : changed;
    }

    private static string Kind(JsonNode node) => node switch
    {
        JsonArray => "union",
        JsonObject schema => schema["type"]!.GetValue<string>(),
        _ => node.GetValue<string>(),
    };

    private JsonArray Union(int depth)
    {
        var branches = new JsonArray();
        var kinds = new HashSet<string>();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var branch = Schema(depth + 1);

            // Values tell bytes from fixed and text from symbols by their C# type only: not both in one union.
            var family = Kind(branch) switch { "fixed" => "bytes", "enum" => "string", var kind => kind };
            if (family != "union" && kinds.Add(family))
            {
                branches.Add(branch);
            }
        }

        return branches.Count == 0 ? new JsonArray("null", "int") : branches;
    }

    private JsonObject Record(int depth)
    {
        var name = Name("R");
        var fields = new JsonArray();
        for (var i = _random.Next(5); i > 0; i--)
        {
            fields.Add(new JsonObject { ["name"] = Name("f"), ["type"] = Schema(depth + 1) });
        }

        if (_random.Next(4) == 0)
        {
            fields.Add(new JsonObject { ["name"] = Name("self"), ["type"] = new JsonArray("null", name) });
        }

        return new JsonObject { ["type"] = "record", ["name"] = name, ["fields"] = fields };
    }

    private AvroRecord Fill(AvroRecordSchema schema, int depth)
    {
        var record = new AvroRecord(schema);
        foreach (var field in schema.Fields)
        {
            record[field.Name] = Value(field.Schema, depth + 1);
        }

        return record;
    }

    private IEnumerable<JsonNode> Symbols() => Enumerable.Range(0, _random.Next(1, 5)).Select(i => (JsonNode)JsonValue.Create("S" + i));

    private string Name(string prefix) => prefix + _names++;

    private int Count(int depth) => depth > 5 ? 0 : _random.Next(4);

    private long Number(int bits) => _random.NextInt64(long.MinValue, long.MaxValue) >> (64 - _random.Next(1, bits + 1));

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);

        // Half of them readable as text: promotions of bytes to string should mostly work.
        return [.. bytes.Select(b => (byte)(b & 0x7f))];
    }

    private string Text() => _random.Next(8) switch
    {
        0 => "",
        1 => new string('x', _random.Next(300)),
        2 => new string('ä', _random.Next(40, 90)),
        3 => "😀" + _random.Next(),
        _ => "text" + _random.Next(),
    };
}
