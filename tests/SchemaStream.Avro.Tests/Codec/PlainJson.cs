using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>Values without a C# type as JSON, as Avro writes defaults: bytes are text of the code points 0 to 255.</summary>
internal static class PlainJson
{
    public static JsonNode? Of(object? value) => value switch
    {
        null => null,
        byte[] bytes => Encoding.Latin1.GetString(bytes),
        AvroRecord record => new JsonObject(record.Schema.Fields.Select(field => KeyValuePair.Create(field.Name, Of(record[field.Name])))),
        List<object?> items => new JsonArray([.. items.Select(Of)]),
        Dictionary<string, object?> entries => new JsonObject(entries.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value)))),
        float number => JsonValue.Create((double)number),
        _ => JsonSerializer.SerializeToNode(value, value.GetType()),
    };

    public static object? ToValue(AvroSchema schema, JsonElement json) => schema switch
    {
        AvroUnionSchema union => union.Branches.Select(branch => (Ok: TryValue(branch, json, out var value), value)).First(entry => entry.Ok).value,
        AvroRecordSchema record => ToRecord(record, json),
        AvroArraySchema array => json.EnumerateArray().Select(item => ToValue(array.Items, item)).ToList(),
        AvroMapSchema map => json.EnumerateObject().ToDictionary(entry => entry.Name, entry => ToValue(map.Values, entry.Value)),
        _ => schema.Kind switch
        {
            AvroSchemaKind.Null => json.ValueKind == JsonValueKind.Null ? null : throw new InvalidOperationException(),
            AvroSchemaKind.Boolean => json.GetBoolean(),
            AvroSchemaKind.Int => json.GetInt32(),
            AvroSchemaKind.Long => json.GetInt64(),
            AvroSchemaKind.Float => json.GetSingle(),
            AvroSchemaKind.Double => json.GetDouble(),
            AvroSchemaKind.Bytes or AvroSchemaKind.Fixed => Encoding.Latin1.GetBytes(json.GetString()!),
            _ => json.GetString(),
        },
    };

    private static AvroRecord ToRecord(AvroRecordSchema schema, JsonElement json)
    {
        var record = new AvroRecord(schema);
        foreach (var field in schema.Fields)
        {
            record[field.Name] = ToValue(field.Schema, json.TryGetProperty(field.Name, out var given) ? given : field.Default!.Value);
        }

        return record;
    }

    private static bool TryValue(AvroSchema schema, JsonElement json, out object? value)
    {
        try
        {
            value = ToValue(schema, json);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            value = null;
            return false;
        }
    }
}
