using System.Runtime.CompilerServices;
using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Text;

/// <summary>Checks default values, which are JSON, against their types.</summary>
internal static class DefaultValues
{
    /// <summary>What is wrong with a default and where.</summary>
    internal readonly record struct Fault(JsonPath Path, string Text);

    /// <summary>What is wrong with a value as the default of a type; null when nothing is.</summary>
    public static Fault? Problem(AvroSchema schema, JsonElement value, JsonPath path) =>
        Problem(schema, value, path, new DefaultSteps());

    private static Fault? Problem(AvroSchema schema, JsonElement value, JsonPath path, DefaultSteps steps)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        steps.Take(path);
        return schema switch
        {
            AvroUnionSchema union => InUnion(union, value, path, steps),
            AvroRecordSchema record => InRecord(record, value, path, steps),
            AvroArraySchema array => InArray(array, value, path, steps),
            AvroMapSchema map => InMap(map, value, path, steps),
            AvroEnumSchema symbols when value.ValueKind == JsonValueKind.String && symbols.OrdinalOf(value.GetString()!) < 0 =>
                new Fault(path, $"the default {SchemaParser.Describe(value)} is not one of {schema.FullName}'s symbols"),
            AvroFixedSchema size when value.ValueKind == JsonValueKind.String && value.GetString()!.Length != size.Size =>
                new Fault(path, $"the default of {schema.FullName} has {value.GetString()!.Length} bytes, expected {size.Size}"),
            _ => Fits(schema.Kind, value) ? null : Mismatch(schema, value, path),
        };
    }

    private static bool Fits(AvroSchemaKind kind, JsonElement value) => kind switch
    {
        AvroSchemaKind.Null => value.ValueKind == JsonValueKind.Null,
        AvroSchemaKind.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        AvroSchemaKind.Int => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        AvroSchemaKind.Long => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        AvroSchemaKind.Float or AvroSchemaKind.Double => value.ValueKind == JsonValueKind.Number,
        AvroSchemaKind.Bytes or AvroSchemaKind.Fixed =>
            value.ValueKind == JsonValueKind.String && value.GetString()!.All(c => c <= 0xFF),
        _ => value.ValueKind == JsonValueKind.String,
    };

    private static Fault? InUnion(AvroUnionSchema union, JsonElement value, JsonPath path, DefaultSteps steps) =>
        BranchOf(union, value, steps) >= 0 ? null : Mismatch(union, value, path);

    /// <summary>The branch of a union that a default belongs to; -1 when none takes it.</summary>
    public static int BranchOf(AvroUnionSchema union, JsonElement value, DefaultSteps steps)
    {
        for (var i = 0; i < union.Branches.Count; i++)
        {
            if (Problem(union.Branches[i], value, JsonPath.Root, steps) is null)
            {
                return i;
            }
        }

        return -1;
    }

    private static Fault? InRecord(AvroRecordSchema record, JsonElement value, JsonPath path, DefaultSteps steps)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return Mismatch(record, value, path);
        }

        foreach (var field in record.Fields)
        {
            if (value.TryGetProperty(field.Name, out var given))
            {
                if (Problem(field.Schema, given, path.Member(field.Name), steps) is { } fault)
                {
                    return fault;
                }
            }
            else if (field.Default is null)
            {
                return new Fault(path, $"the default lacks the field \"{field.Name}\" of {record.FullName}, which has none of its own");
            }
        }

        return null;
    }

    private static Fault? InArray(AvroArraySchema array, JsonElement value, JsonPath path, DefaultSteps steps)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return Mismatch(array, value, path);
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (Problem(array.Items, item, path.Item(index++), steps) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static Fault? InMap(AvroMapSchema map, JsonElement value, JsonPath path, DefaultSteps steps)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return Mismatch(map, value, path);
        }

        foreach (var entry in value.EnumerateObject())
        {
            if (Problem(map.Values, entry.Value, path.Member(entry.Name), steps) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static Fault Mismatch(AvroSchema schema, JsonElement value, JsonPath path) =>
        new(path, $"the default {SchemaParser.Describe(value)} is not a value of {schema.FullName}");
}
