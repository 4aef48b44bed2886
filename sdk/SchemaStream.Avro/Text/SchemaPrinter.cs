using System.Globalization;
using System.Text;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Text;

/// <summary>
/// Schema to text. Registries compare schemas by the MD5 of this text, so the order of attributes is a promise:
/// the one in which Apache Avro's <c>Schema.toString</c> prints them.
/// </summary>
internal sealed class SchemaPrinter
{
    private readonly StringBuilder _output = new();
    private readonly Dictionary<string, AvroNamedSchema> _written;
    private string _namespace = "";

    private SchemaPrinter(Dictionary<string, AvroNamedSchema> written) => _written = written;

    public static string Print(AvroSchema schema, IEnumerable<AvroSchema> references)
    {
        var printer = new SchemaPrinter(NamedTypes.Collect(references));
        printer.Write(schema);
        return printer._output.ToString();
    }

    private void Write(AvroSchema schema)
    {
        switch (schema)
        {
            case AvroNamedSchema named when _written.ContainsKey(named.FullName):
                WriteName(named.Name);
                break;
            case AvroNamedSchema named:
                _written.Add(named.FullName, named);
                WriteNamed(named);
                break;
            case AvroArraySchema array:
                _output.Append("{\"type\":\"array\",\"items\":");
                Write(array.Items);
                WriteProperties(array.Properties);
                _output.Append('}');
                break;
            case AvroMapSchema map:
                _output.Append("{\"type\":\"map\",\"values\":");
                Write(map.Values);
                WriteProperties(map.Properties);
                _output.Append('}');
                break;
            case AvroUnionSchema union:
                WriteUnion(union);
                break;
            case { Properties.Count: 0 }:
                _output.AppendJson(schema.FullName);
                break;
            default:
                _output.Append("{\"type\":").AppendJson(schema.FullName);
                WriteProperties(schema.Properties);
                _output.Append('}');
                break;
        }
    }

    private void WriteUnion(AvroUnionSchema union)
    {
        _output.Append('[');
        for (var i = 0; i < union.Branches.Count; i++)
        {
            _output.Append(i == 0 ? "" : ",");
            Write(union.Branches[i]);
        }

        _output.Append(']');
    }

    private void WriteName(AvroName name)
    {
        // The short form only where a parser finds the same type by it.
        var isShort = name.Namespace == _namespace && AvroKindNames.Primitive(name.Name) is null;
        _output.AppendJson(isShort ? name.Name : name.FullName);
    }

    private void WriteNamed(AvroNamedSchema schema)
    {
        var keyword = schema is AvroRecordSchema { IsError: true } ? "error" : schema.Kind.TypeName();
        _output.Append("{\"type\":").AppendJson(keyword).Append(",\"name\":").AppendJson(schema.Name.Name);
        if (schema.Name.Namespace != _namespace)
        {
            _output.Append(",\"namespace\":").AppendJson(schema.Name.Namespace);
        }

        if (schema.Doc is not null)
        {
            _output.Append(",\"doc\":").AppendJson(schema.Doc);
        }

        switch (schema)
        {
            case AvroRecordSchema record:
                WriteFields(record);
                break;
            case AvroEnumSchema symbols:
                WriteTexts("symbols", symbols.Symbols);
                if (symbols.Default is not null)
                {
                    _output.Append(",\"default\":").AppendJson(symbols.Default);
                }

                break;
            case AvroFixedSchema size:
                _output.Append(CultureInfo.InvariantCulture, $",\"size\":{size.Size}");
                break;
            default:
                break;
        }

        WriteProperties(schema.Properties);
        if (schema.Aliases.Count > 0)
        {
            WriteTexts("aliases", schema.Aliases.Select(alias =>
                alias.Namespace == schema.Name.Namespace ? alias.Name : alias.FullName));
        }

        _output.Append('}');
    }

    private void WriteFields(AvroRecordSchema record)
    {
        var outer = _namespace;
        _namespace = record.Name.Namespace;
        _output.Append(",\"fields\":[");
        foreach (var field in record.Fields)
        {
            _output.Append(field.Position == 0 ? "" : ",").Append("{\"name\":").AppendJson(field.Name).Append(",\"type\":");
            Write(field.Schema);
            if (field.Doc is not null)
            {
                _output.Append(",\"doc\":").AppendJson(field.Doc);
            }

            if (field.Default is { } value)
            {
                _output.Append(",\"default\":").AppendJson(value);
            }

            if (field.Order != AvroFieldOrder.Ascending)
            {
                _output.Append(",\"order\":").AppendJson(field.Order == AvroFieldOrder.Ignore ? "ignore" : "descending");
            }

            if (field.Aliases.Count > 0)
            {
                WriteTexts("aliases", field.Aliases);
            }

            WriteProperties(field.Properties);
            _output.Append('}');
        }

        _output.Append(']');
        _namespace = outer;
    }

    private void WriteTexts(string name, IEnumerable<string> texts)
    {
        _output.Append(',').AppendJson(name).Append(":[");
        var count = 0;
        foreach (var text in texts)
        {
            _output.Append(count++ == 0 ? "" : ",").AppendJson(text);
        }

        _output.Append(']');
    }

    private void WriteProperties(IReadOnlyList<AvroProperty> properties)
    {
        foreach (var property in properties)
        {
            _output.Append(',').AppendJson(property.Name).Append(':').AppendJson(property.Value);
        }
    }
}
