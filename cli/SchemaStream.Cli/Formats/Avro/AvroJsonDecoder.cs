using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using SchemaStream.Avro.Codec;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Cli.Formats.Avro;

/// <summary>Writes Avro's values as JSON.</summary>
internal sealed class AvroJsonDecoder(JsonStyle style, Utf8JsonWriter output)
{
    /// <summary>Each level is at most two of JSON, and a writer takes a thousand.</summary>
    public const int Deepest = 400;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public void Write(AvroSchema schema, ref AvroReader reader, int depth)
    {
        if (depth > Deepest)
        {
            throw new CodecException($"the value nests more than {Deepest} levels deep");
        }

        switch (schema)
        {
            case AvroRecordSchema record:
                output.WriteStartObject();
                foreach (var field in record.Fields)
                {
                    output.WritePropertyName(field.Name);
                    Write(field.Schema, ref reader, depth + 1);
                }

                output.WriteEndObject();
                break;
            case AvroUnionSchema union:
                WriteUnion(union, ref reader, depth);
                break;
            case AvroArraySchema array:
                WriteArray(array, ref reader, depth);
                break;
            case AvroMapSchema map:
                WriteMap(map, ref reader, depth);
                break;
            case AvroEnumSchema symbols:
                output.WriteStringValue(symbols.Symbols[reader.ReadSymbol(symbols.Symbols.Count)]);
                break;
            case AvroFixedSchema sized:
                WriteBytes(schema, reader.ReadFixed(sized.Size));
                break;
            default:
                WritePrimitive(schema, ref reader);
                break;
        }
    }

    private void WriteUnion(AvroUnionSchema union, ref AvroReader reader, int depth)
    {
        var branch = union.Branches[reader.ReadBranch(union.Branches.Count)];
        if (branch.Kind == AvroSchemaKind.Null)
        {
            output.WriteNullValue();
        }
        else if (style == JsonStyle.Readable && AvroUnions.IsOptional(union))
        {
            Write(branch, ref reader, depth + 1);
        }
        else
        {
            output.WriteStartObject();
            output.WritePropertyName(branch.FullName);
            Write(branch, ref reader, depth + 1);
            output.WriteEndObject();
        }
    }

    private void WriteArray(AvroArraySchema array, ref AvroReader reader, int depth)
    {
        var least = AvroUnions.IsEmpty(array.Items) ? 0 : 1;
        output.WriteStartArray();
        for (var left = reader.ReadBlock(least); left > 0; left = reader.ReadBlock(least))
        {
            for (; left > 0; left--)
            {
                Write(array.Items, ref reader, depth + 1);
            }
        }

        output.WriteEndArray();
    }

    private void WriteMap(AvroMapSchema map, ref AvroReader reader, int depth)
    {
        output.WriteStartObject();
        for (var left = reader.ReadBlock(1); left > 0; left = reader.ReadBlock(1))
        {
            for (; left > 0; left--)
            {
                output.WritePropertyName(Text(ref reader));
                Write(map.Values, ref reader, depth + 1);
            }
        }

        output.WriteEndObject();
    }

    private void WritePrimitive(AvroSchema schema, ref AvroReader reader)
    {
        switch (schema.Kind)
        {
            case AvroSchemaKind.Null:
                output.WriteNullValue();
                break;
            case AvroSchemaKind.Boolean:
                output.WriteBooleanValue(reader.ReadBoolean());
                break;
            case AvroSchemaKind.Int:
                WriteWhole(schema, reader.ReadInt());
                break;
            case AvroSchemaKind.Long:
                WriteWhole(schema, reader.ReadLong());
                break;
            case AvroSchemaKind.Float:
                JsonNumbers.Write(output, reader.ReadFloat());
                break;
            case AvroSchemaKind.Double:
                JsonNumbers.Write(output, reader.ReadDouble());
                break;
            case AvroSchemaKind.Bytes:
                WriteBytes(schema, reader.ReadSlice());
                break;
            default:
                output.WriteStringValue(Text(ref reader));
                break;
        }
    }

    private static string Text(ref AvroReader reader)
    {
        try
        {
            return StrictUtf8.GetString(reader.ReadSlice());
        }
        catch (DecoderFallbackException invalid)
        {
            throw new CodecException("a text is not UTF-8", invalid);
        }
    }

    private void WriteWhole(AvroSchema schema, long value)
    {
        if (style == JsonStyle.Readable && schema.LogicalType is { } logical && AvroLogicalText.Of(logical.Kind, value) is { } text)
        {
            output.WriteStringValue(text);
        }
        else
        {
            output.WriteNumberValue(value);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteBytes(AvroSchema schema, ReadOnlySpan<byte> bytes)
    {
        switch (style == JsonStyle.Readable ? schema.LogicalType?.Kind : null)
        {
            case AvroLogicalKind.Decimal:
                output.WriteStringValue(AvroLogicalText.OfDecimal(bytes, schema.LogicalType!.Scale));
                break;
            case AvroLogicalKind.Uuid when bytes.Length == 16:
                output.WriteStringValue(new Guid(bytes, bigEndian: true));
                break;
            case AvroLogicalKind.Duration when bytes.Length == 12:
                AvroLogicalText.WriteDuration(bytes, output);
                break;
            default:
                output.WriteStringValue(Encoding.Latin1.GetString(bytes));
                break;
        }
    }
}
