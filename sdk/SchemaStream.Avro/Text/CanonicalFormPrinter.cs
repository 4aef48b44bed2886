using System.Globalization;
using System.Text;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Text;

/// <summary>The Parsing Canonical Form: two schemas of the same form read and write the same bytes.</summary>
internal sealed class CanonicalFormPrinter
{
    private readonly StringBuilder _output = new();
    private readonly HashSet<string> _written = [];

    public static string Print(AvroSchema schema)
    {
        var printer = new CanonicalFormPrinter();
        printer.Write(schema);
        return printer._output.ToString();
    }

    private void Write(AvroSchema schema)
    {
        switch (schema)
        {
            case AvroNamedSchema named:
                WriteNamed(named);
                break;
            case AvroArraySchema array:
                _output.Append("{\"type\":\"array\",\"items\":");
                Write(array.Items);
                _output.Append('}');
                break;
            case AvroMapSchema map:
                _output.Append("{\"type\":\"map\",\"values\":");
                Write(map.Values);
                _output.Append('}');
                break;
            case AvroUnionSchema union:
                _output.Append('[');
                for (var i = 0; i < union.Branches.Count; i++)
                {
                    _output.Append(i == 0 ? "" : ",");
                    Write(union.Branches[i]);
                }

                _output.Append(']');
                break;
            default:
                _output.AppendJson(schema.FullName);
                break;
        }
    }

    private void WriteNamed(AvroNamedSchema schema)
    {
        if (!_written.Add(schema.FullName))
        {
            _output.AppendJson(schema.FullName);
            return;
        }

        _output.Append("{\"name\":").AppendJson(schema.FullName);
        _output.Append(",\"type\":").AppendJson(schema is AvroRecordSchema { IsError: true } ? "error" : schema.Kind.TypeName());
        switch (schema)
        {
            case AvroRecordSchema record:
                _output.Append(",\"fields\":[");
                foreach (var field in record.Fields)
                {
                    _output.Append(field.Position == 0 ? "" : ",").Append("{\"name\":").AppendJson(field.Name).Append(",\"type\":");
                    Write(field.Schema);
                    _output.Append('}');
                }

                _output.Append(']');
                break;
            case AvroEnumSchema symbols:
                _output.Append(",\"symbols\":[");
                for (var i = 0; i < symbols.Symbols.Count; i++)
                {
                    _output.Append(i == 0 ? "" : ",").AppendJson(symbols.Symbols[i]);
                }

                _output.Append(']');
                break;
            case AvroFixedSchema size:
                _output.Append(CultureInfo.InvariantCulture, $",\"size\":{size.Size}");
                break;
            default:
                break;
        }

        _output.Append('}');
    }
}
