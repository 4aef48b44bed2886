using System.Text;
using System.Text.Json;
using SchemaStream.Avro.Schemas;
using SchemaStream.Avro.Text;

namespace SchemaStream.Avro.Codec;

/// <summary>A field's default as the bytes that a writer would have written.</summary>
internal static class DefaultBytes
{
    public static byte[] Of(AvroField field)
    {
        var value = field.Default!.Value;
        if (DefaultValues.Problem(field.Schema, value, JsonPath.Root) is { } problem)
        {
            // Possible in a schema that was parsed leniently.
            throw new AvroSchemaException($"the default of \"{field.Name}\" cannot be used: {problem.Text}");
        }

        using var output = new MemoryStream();
        Write(field.Schema, value, output, new DefaultSteps(), depth: 0);
        return output.ToArray();
    }

    private static void Write(AvroSchema schema, JsonElement value, MemoryStream output, DefaultSteps steps, int depth)
    {
        steps.Take(JsonPath.Root);
        if (depth > AvroLimits.MaxValueDepth)
        {
            // A record whose own field defaults to that record has no end.
            throw new AvroSchemaException($"a default of {schema.FullName} nests more than {AvroLimits.MaxValueDepth} levels deep");
        }

        switch (schema)
        {
            case AvroRecordSchema record:
                foreach (var field in record.Fields)
                {
                    var content = value.TryGetProperty(field.Name, out var given) ? given : field.Default!.Value;
                    Write(field.Schema, content, output, steps, depth + 1);
                }

                break;
            case AvroUnionSchema union:
                var branch = DefaultValues.BranchOf(union, value, steps);
                WriteLong(branch, output);
                Write(union.Branches[branch], value, output, steps, depth + 1);
                break;
            case AvroEnumSchema symbols:
                WriteLong(symbols.OrdinalOf(value.GetString()!), output);
                break;
            case AvroArraySchema array:
                WriteCount(value.GetArrayLength(), output);
                foreach (var item in value.EnumerateArray())
                {
                    Write(array.Items, item, output, steps, depth + 1);
                }

                WriteEnd(value.GetArrayLength(), output);
                break;
            case AvroMapSchema map:
                WriteCount(value.GetPropertyCount(), output);
                foreach (var entry in value.EnumerateObject())
                {
                    WriteBytes(Encoding.UTF8.GetBytes(entry.Name), output);
                    Write(map.Values, entry.Value, output, steps, depth + 1);
                }

                WriteEnd(value.GetPropertyCount(), output);
                break;
            case AvroFixedSchema:
                output.Write(Encoding.Latin1.GetBytes(value.GetString()!));
                break;
            default:
                WritePrimitive(schema.Kind, value, output);
                break;
        }
    }

    private static void WritePrimitive(AvroSchemaKind kind, JsonElement value, MemoryStream output)
    {
        switch (kind)
        {
            case AvroSchemaKind.Boolean:
                output.WriteByte(value.GetBoolean() ? (byte)1 : (byte)0);
                break;
            case AvroSchemaKind.Int or AvroSchemaKind.Long:
                WriteLong(value.GetInt64(), output);
                break;
            case AvroSchemaKind.Float:
                Span<byte> single = stackalloc byte[sizeof(float)];
                System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(single, value.GetSingle());
                output.Write(single);
                break;
            case AvroSchemaKind.Double:
                Span<byte> wide = stackalloc byte[sizeof(double)];
                System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(wide, value.GetDouble());
                output.Write(wide);
                break;
            case AvroSchemaKind.Bytes:
                WriteBytes(Encoding.Latin1.GetBytes(value.GetString()!), output);
                break;
            case AvroSchemaKind.String:
                WriteBytes(Encoding.UTF8.GetBytes(value.GetString()!), output);
                break;
            default:
                break;
        }
    }

    private static void WriteCount(int count, MemoryStream output) => WriteLong(count, output);

    private static void WriteEnd(int count, MemoryStream output)
    {
        // The count of an empty collection is its end mark.
        if (count > 0)
        {
            output.WriteByte(0);
        }
    }

    private static void WriteBytes(byte[] bytes, MemoryStream output)
    {
        WriteLong(bytes.Length, output);
        output.Write(bytes);
    }

    private static void WriteLong(long value, MemoryStream output)
    {
        Span<byte> bytes = stackalloc byte[AvroWriter.RoomOfLong];
        output.Write(bytes[..AvroWriter.WriteLong(ref bytes[0], 0, value)]);
    }
}
