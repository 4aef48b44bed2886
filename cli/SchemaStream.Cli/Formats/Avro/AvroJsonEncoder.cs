using System.Globalization;
using System.Text;
using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Cli.Formats.Avro;

/// <summary>Writes JSON values in Avro's binary encoding.</summary>
internal sealed partial class AvroJsonEncoder(AvroSchema schema, JsonStyle style)
{
    // Which branch a person means is found by trying; a value that nests such choices could take for ever.
    private const int MaxSteps = 10_000_000;

    private readonly ByteSink _output = new();
    private readonly List<string> _path = [];
    private bool _isDefault;
    private int _steps;

    /// <exception cref="CodecException">The value is none that the schema describes.</exception>
    public byte[] Encode(JsonElement value)
    {
        _output.Clear();
        _path.Clear();
        _steps = 0;
        _isDefault = false;
        Write(schema, value);
        return _output.ToArray();
    }

    private bool IsReadable => style == JsonStyle.Readable && !_isDefault;

    private void Write(AvroSchema of, JsonElement value)
    {
        if (++_steps > MaxSteps || _path.Count > AvroJsonDecoder.Deepest)
        {
            throw Fault("the value is too large or nests too deep to be tried against the schema");
        }

        switch (of)
        {
            case AvroRecordSchema record:
                WriteRecord(record, value);
                break;
            case AvroUnionSchema union:
                WriteUnion(union, value);
                break;
            case AvroArraySchema array:
                WriteArray(array, value);
                break;
            case AvroMapSchema map:
                WriteMap(map, value);
                break;
            case AvroEnumSchema symbols:
                var ordinal = value.ValueKind == JsonValueKind.String ? symbols.OrdinalOf(Text(value, of)) : throw Misfit(of, value);
                _output.AddZigzag(ordinal >= 0 ? ordinal : throw Fault(
                    $"\"{Text(value, of)}\" is no symbol of {symbols.FullName}; it has {string.Join(", ", symbols.Symbols.Take(20))}"));
                break;
            case AvroFixedSchema sized:
                WriteFixed(sized, value);
                break;
            default:
                WritePrimitive(of, value);
                break;
        }
    }

    private void WriteRecord(AvroRecordSchema record, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Misfit(record, value);
        }

        foreach (var member in value.EnumerateObject())
        {
            if (record.FindField(member.Name) is null)
            {
                throw Fault($"{record.FullName} has no field \"{member.Name}\"; it has {string.Join(", ", record.Fields.Take(20).Select(field => field.Name))}");
            }
        }

        foreach (var field in record.Fields)
        {
            _path.Add(field.Name);
            if (value.TryGetProperty(field.Name, out var given))
            {
                Write(field.Schema, given);
            }
            else if (field.Default is { } otherwise && (_isDefault || style == JsonStyle.Readable))
            {
                WriteDefault(field.Schema, otherwise);
            }
            else
            {
                throw Fault(field.Default is null
                    ? $"the field is missing, and {record.FullName} has no default for it"
                    : "the field is missing: Avro's JSON names every field, also those that have a default");
            }

            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void WriteDefault(AvroSchema of, JsonElement value)
    {
        var before = _isDefault;
        _isDefault = true;
        Write(of, value);
        _isDefault = before;
    }

    private void WriteArray(AvroArraySchema array, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Misfit(array, value);
        }

        if (value.GetArrayLength() is var count and > 0)
        {
            _output.AddZigzag(count);
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                _path.Add($"[{index++.ToString(CultureInfo.InvariantCulture)}]");
                Write(array.Items, item);
                _path.RemoveAt(_path.Count - 1);
            }
        }

        _output.Add(0);
    }

    private void WriteMap(AvroMapSchema map, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Misfit(map, value);
        }

        if (value.EnumerateObject().Count() is var count and > 0)
        {
            _output.AddZigzag(count);
            foreach (var entry in value.EnumerateObject())
            {
                _path.Add(entry.Name);
                WriteText(entry.Name);
                Write(map.Values, entry.Value);
                _path.RemoveAt(_path.Count - 1);
            }
        }

        _output.Add(0);
    }

    private void WriteText(string text)
    {
        _output.AddZigzag(Encoding.UTF8.GetByteCount(text));
        _output.AddText(text);
    }

    private string Text(JsonElement value, AvroSchema of)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException halved)
        {
            throw new CodecException(Fault($"the text for {of.FullName} has half a surrogate pair").Message, halved);
        }
    }

    private CodecException Misfit(AvroSchema of, JsonElement value) => Fault($"{Excerpt(value)} is no {Describe(of)}");

    private CodecException Fault(string problem) => new(_path.Count == 0 ? problem : $"{string.Join('.', _path).Replace(".[", "[", StringComparison.Ordinal)}: {problem}");

    private static string Describe(AvroSchema of) => of.LogicalType is { } logical
        ? logical.Kind == AvroLogicalKind.Decimal
            ? $"{of.FullName} (decimal, {logical.Precision} digits, {logical.Scale} of them behind the point)"
            : $"{of.FullName} ({logical.Kind})"
        : of is AvroUnionSchema union ? $"union of {string.Join(", ", union.Branches.Select(branch => branch.FullName))}" : of.FullName;

    private static string Excerpt(JsonElement value)
    {
        const int most = 60;
        var text = value.ValueKind is JsonValueKind.Object ? "an object" : value.ValueKind is JsonValueKind.Array ? "an array" : value.GetRawText();
        return text.Length > most ? text[..most] + "…" : text;
    }
}
