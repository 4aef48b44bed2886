using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>
/// One text for schemas that differ in layout alone: attributes in one order, names in full, extra attributes sorted.
/// Unlike Avro's Parsing Canonical Form nothing is left out, for defaults, aliases and docs are what people registered.
/// </summary>
internal sealed class AvroNormalForm
{
    private readonly HashSet<string> _written;
    private readonly Utf8JsonWriter _writer;

    private AvroNormalForm(Utf8JsonWriter writer, HashSet<string> written)
    {
        _writer = writer;
        _written = written;
    }

    public static string Print(AvroSchema schema, IReadOnlyList<AvroSchema> references)
    {
        var output = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = AvroLimits.MaxJsonDepth,
        };
        using (var writer = new Utf8JsonWriter(output, options))
        {
            var known = new HashSet<string>(StringComparer.Ordinal);
            foreach (var reference in references)
            {
                Collect(reference, known);
            }

            new AvroNormalForm(writer, known).Write(schema);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Collect(AvroSchema schema, HashSet<string> names)
    {
        switch (schema)
        {
            case AvroNamedSchema named when !names.Add(named.FullName):
                break;
            case AvroRecordSchema record:
                foreach (var field in record.Fields)
                {
                    Collect(field.Schema, names);
                }

                break;
            case AvroArraySchema array:
                Collect(array.Items, names);
                break;
            case AvroMapSchema map:
                Collect(map.Values, names);
                break;
            case AvroUnionSchema union:
                foreach (var branch in union.Branches)
                {
                    Collect(branch, names);
                }

                break;
            default:
                break;
        }
    }

    private void Write(AvroSchema schema)
    {
        switch (schema)
        {
            case AvroNamedSchema named when !_written.Add(named.FullName):
                _writer.WriteStringValue(named.FullName);
                break;
            case AvroNamedSchema named:
                WriteNamed(named);
                break;
            case AvroArraySchema array:
                WriteContainer("array", "items", array.Items, array.Properties);
                break;
            case AvroMapSchema map:
                WriteContainer("map", "values", map.Values, map.Properties);
                break;
            case AvroUnionSchema union:
                _writer.WriteStartArray();
                foreach (var branch in union.Branches)
                {
                    Write(branch);
                }

                _writer.WriteEndArray();
                break;
            case { Properties.Count: 0 }:
                _writer.WriteStringValue(schema.FullName);
                break;
            default:
                _writer.WriteStartObject();
                _writer.WriteString("type", schema.FullName);
                WriteProperties(schema.Properties);
                _writer.WriteEndObject();
                break;
        }
    }

    private void WriteContainer(
        string type, string part, AvroSchema content, IReadOnlyList<AvroProperty> properties)
    {
        _writer.WriteStartObject();
        _writer.WriteString("type", type);
        _writer.WritePropertyName(part);
        Write(content);
        WriteProperties(properties);
        _writer.WriteEndObject();
    }

    private void WriteNamed(AvroNamedSchema schema)
    {
        _writer.WriteStartObject();
        _writer.WriteString("type", schema switch
        {
            AvroRecordSchema { IsError: true } => "error",
            AvroRecordSchema => "record",
            AvroEnumSchema => "enum",
            _ => "fixed",
        });
        _writer.WriteString("name", schema.FullName);
        WriteDoc(schema.Doc);
        WriteNames("aliases", schema.Aliases.Select(alias => alias.FullName));
        switch (schema)
        {
            case AvroRecordSchema record:
                _writer.WriteStartArray("fields");
                foreach (var field in record.Fields)
                {
                    WriteField(field);
                }

                _writer.WriteEndArray();
                break;
            case AvroEnumSchema symbols:
                WriteNames("symbols", symbols.Symbols);
                if (symbols.Default is not null)
                {
                    _writer.WriteString("default", symbols.Default);
                }

                break;
            case AvroFixedSchema size:
                _writer.WriteNumber("size", size.Size);
                break;
            default:
                break;
        }

        WriteProperties(schema.Properties);
        _writer.WriteEndObject();
    }

    private void WriteField(AvroField field)
    {
        _writer.WriteStartObject();
        _writer.WriteString("name", field.Name);
        WriteDoc(field.Doc);
        _writer.WritePropertyName("type");
        Write(field.Schema);
        if (field.Default is { } value)
        {
            _writer.WritePropertyName("default");
            value.WriteTo(_writer);
        }

        if (field.Order != AvroFieldOrder.Ascending)
        {
            _writer.WriteString("order", field.Order == AvroFieldOrder.Ignore ? "ignore" : "descending");
        }

        WriteNames("aliases", field.Aliases);
        WriteProperties(field.Properties);
        _writer.WriteEndObject();
    }

    private void WriteDoc(string? doc)
    {
        if (doc is not null)
        {
            _writer.WriteString("doc", doc);
        }
    }

    private void WriteNames(string property, IEnumerable<string> names)
    {
        var all = names.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        _writer.WriteStartArray(property);
        foreach (var name in all)
        {
            _writer.WriteStringValue(name);
        }

        _writer.WriteEndArray();
    }

    private void WriteProperties(IReadOnlyList<AvroProperty> properties)
    {
        foreach (var property in properties.OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            _writer.WritePropertyName(property.Name);
            property.Value.WriteTo(_writer);
        }
    }
}
