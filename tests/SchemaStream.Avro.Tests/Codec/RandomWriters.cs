using System.Text;
using System.Text.Json.Nodes;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Schemas whose data a reader's schema reads, unlike it in all that resolution allows; and values of the reader as values of them.</summary>
internal sealed class RandomWriters(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, JsonObject> _named = [];
    private readonly HashSet<string> _written = [];

    /// <summary>A writer's schema for a reader's text.</summary>
    public JsonNode Writer(string reader)
    {
        Collect(JsonNode.Parse(reader), "");
        return Change(JsonNode.Parse(reader)!, "");
    }

    /// <summary>A value of the reader as one of the writer: narrower numbers, other fields.</summary>
    public object? Adapt(object? value, AvroSchema reader, AvroSchema writer)
    {
        if (writer is AvroUnionSchema writers)
        {
            var branch = reader is AvroUnionSchema of ? of.Branches[BranchOf(of, value)] : reader;
            return Adapt(value, branch, writers.Branches.First(each => each.Kind == branch.Kind && each.FullName == branch.FullName));
        }

        return (value, writer.Kind) switch
        {
            (AvroRecord record, _) => AdaptRecord(record, (AvroRecordSchema)writer),
            (List<object?> items, _) => items.Select(item => Adapt(item, ((AvroArraySchema)reader).Items, ((AvroArraySchema)writer).Items)).ToList(),
            (Dictionary<string, object?> entries, _) => entries.ToDictionary(
                entry => entry.Key, entry => Adapt(entry.Value, ((AvroMapSchema)reader).Values, ((AvroMapSchema)writer).Values)),
            (long number, AvroSchemaKind.Int) => number == (int)number ? (int)number : _random.Next(),
            (double number, AvroSchemaKind.Float) => (float)number,
            (double, AvroSchemaKind.Long) => (long)_random.Next(),
            (string text, AvroSchemaKind.Bytes) => Encoding.UTF8.GetBytes(text),
            _ => value,
        };
    }

    private AvroRecord AdaptRecord(AvroRecord value, AvroRecordSchema writer)
    {
        var record = new AvroRecord(writer);
        foreach (var field in writer.Fields)
        {
            record[field.Name] = value.Schema.FindField(field.Name) is { } known
                ? Adapt(value[known.Position], known.Schema, field.Schema)
                : new RandomSchemas(_random.Next()).Value(field.Schema);
        }

        return record;
    }

    private static int BranchOf(AvroUnionSchema union, object? value) => Enumerable.Range(0, union.Branches.Count).First(i => (union.Branches[i], value) switch
    {
        ({ Kind: AvroSchemaKind.Null }, null) => true,
        ({ Kind: AvroSchemaKind.Record } branch, AvroRecord record) => branch.FullName == record.Schema.FullName,
        ({ Kind: AvroSchemaKind.Boolean }, bool) => true,
        ({ Kind: AvroSchemaKind.Int }, int) => true,
        ({ Kind: AvroSchemaKind.Long }, long) => true,
        ({ Kind: AvroSchemaKind.Float }, float) => true,
        ({ Kind: AvroSchemaKind.Double }, double) => true,
        ({ Kind: AvroSchemaKind.Bytes or AvroSchemaKind.Fixed }, byte[]) => true,
        (AvroEnumSchema symbols, string text) => symbols.OrdinalOf(text) >= 0,
        ({ Kind: AvroSchemaKind.String }, string) => true,
        ({ Kind: AvroSchemaKind.Array }, List<object?>) => true,
        ({ Kind: AvroSchemaKind.Map }, Dictionary<string, object?>) => true,
        _ => false,
    });

    /// <summary>Definitions by their full names: fields change places, and a name must not come before what it names.</summary>
    private void Collect(JsonNode? node, string space)
    {
        switch (node)
        {
            case JsonArray list:
                foreach (var inner in list)
                {
                    Collect(inner, space);
                }

                break;
            case JsonObject part:
                var inside = part["namespace"]?.GetValue<string>() ?? space;
                if (part["name"] is { } name && part["type"] is JsonValue kind && kind.GetValue<string>() is "record" or "enum" or "fixed")
                {
                    _named[Full(name.GetValue<string>(), inside)] = part;
                }

                foreach (var each in new[] { "type", "items", "values", "fields" })
                {
                    Collect(part[each], inside);
                }

                break;
        }
    }

    private JsonNode Change(JsonNode node, string space)
    {
        switch (node)
        {
            case JsonArray union:
                var branches = union.ToArray();
                _random.Shuffle(branches);
                return new JsonArray([.. branches.Select(branch => IsPrimitive(branch!, space) ? branch!.DeepClone() : Change(branch!, space))]);
            case JsonValue word when _named.ContainsKey(Full(word.GetValue<string>(), space)):
                var name = Full(word.GetValue<string>(), space);
                return _written.Contains(name) ? JsonValue.Create(name) : Definition(name, SpaceOf(name));
            case JsonValue word:
                return JsonValue.Create(Narrower(word.GetValue<string>()));
        }

        var part = (JsonObject)node;
        switch (part["type"]!.GetValue<string>())
        {
            case "record" or "enum" or "fixed":
                var inside = part["namespace"]?.GetValue<string>() ?? space;
                var name = Full(part["name"]!.GetValue<string>(), inside);
                return _written.Contains(name) ? JsonValue.Create(name) : Definition(name, inside);
            case "array":
                return new JsonObject { ["type"] = "array", ["items"] = Change(part["items"]!, space) };
            case "map":
                return new JsonObject { ["type"] = "map", ["values"] = Change(part["values"]!, space) };
            default:
                return part.DeepClone();
        }
    }

    /// <summary>Within a union nothing gets narrower: there may be a branch of that type already.</summary>
    private bool IsPrimitive(JsonNode branch, string space) => branch is JsonValue word && !_named.ContainsKey(Full(word.GetValue<string>(), space));

    private JsonObject Definition(string name, string space)
    {
        _written.Add(name);
        var made = (JsonObject)_named[name].DeepClone();
        made["name"] = name;
        made.Remove("namespace");
        if (made["fields"] is not JsonArray fields)
        {
            return made;
        }

        var kept = fields.Where(field => field!["default"] is null || _random.Next(5) > 0).ToArray();
        _random.Shuffle(kept);
        var changed = kept.Select(field => (JsonNode)new JsonObject
        {
            ["name"] = field!["name"]!.DeepClone(), ["type"] = Change(field["type"]!, space),
        }).ToList();
        if (_random.Next(2) == 0)
        {
            changed.Insert(_random.Next(changed.Count + 1), new JsonObject
            {
                ["name"] = "gone", ["type"] = new JsonObject { ["type"] = "map", ["values"] = new JsonArray("null", "double") },
            });
        }

        made["fields"] = new JsonArray([.. changed]);
        return made;
    }

    private string Narrower(string type) => (type, _random.Next(3)) switch
    {
        ("long", 0) => "int",
        ("double", 0) => "float",
        ("double", 1) => "long",
        ("string", 0) => "bytes",
        _ => type,
    };

    private static string Full(string name, string space) => name.Contains('.', StringComparison.Ordinal) || space.Length == 0 ? name : $"{space}.{name}";

    private static string SpaceOf(string name) => name.LastIndexOf('.') is >= 0 and var dot ? name[..dot] : "";
}
