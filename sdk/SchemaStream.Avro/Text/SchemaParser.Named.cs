using System.Text.Json;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Text;

/// <content>Records, enums and fixeds.</content>
internal sealed partial class SchemaParser
{
    private AvroRecordSchema ParseRecord(JsonElement element, bool isError, string enclosing, JsonPath path)
    {
        var naming = ParseNaming(element, enclosing, path);
        var record = new AvroRecordSchema(naming, isError, Properties(element, SchemaWords.OfRecord));
        Define(record, path);

        var list = Required(element, "fields", path);
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new AvroSchemaException(path.Member("fields").ToString(), $"expected an array of fields, found {Describe(list)}");
        }

        var fields = new List<AvroField>(list.GetArrayLength());
        var names = new HashSet<string>();
        foreach (var item in list.EnumerateArray())
        {
            var at = path.Member("fields").Item(fields.Count);
            var field = ParseField(item, fields.Count, naming.Name.Namespace, at);
            if (!names.Add(field.Name))
            {
                throw new AvroSchemaException(at.ToString(), $"the record has two fields named \"{field.Name}\"");
            }

            fields.Add(field);
        }

        record.SetFields(fields);
        return record;
    }

    private AvroField ParseField(JsonElement element, int position, string enclosing, JsonPath path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new AvroSchemaException(path.ToString(), $"expected a field object, found {Describe(element)}");
        }

        var name = Text(element, "name", path) ?? throw new AvroSchemaException(path.ToString(), "a field needs a \"name\"");
        CheckSimpleName(name, path.Member("name"));
        var schema = ParseSchema(Required(element, "type", path), enclosing, path.Member("type"));
        var field = new AvroField(name, position, schema)
        {
            Default = element.TryGetProperty("default", out var value) ? value.Clone() : null,
            Doc = Text(element, "doc", path),
            Order = ParseOrder(element, path),
            Aliases = Texts(element, "aliases", path),
            Properties = Properties(element, SchemaWords.OfField),
        };
        if (field.Default is not null)
        {
            _defaults.Add(new PendingDefault(field, path.Member("default")));
        }

        foreach (var alias in field.Aliases)
        {
            CheckSimpleName(alias, path.Member("aliases"));
        }

        return field;
    }

    private static AvroFieldOrder ParseOrder(JsonElement element, JsonPath path) => Text(element, "order", path) switch
    {
        null or "ascending" => AvroFieldOrder.Ascending,
        "descending" => AvroFieldOrder.Descending,
        "ignore" => AvroFieldOrder.Ignore,
        var other => throw new AvroSchemaException(
            path.Member("order").ToString(), $"expected \"ascending\", \"descending\" or \"ignore\", found \"{other}\""),
    };

    private AvroEnumSchema ParseEnum(JsonElement element, string enclosing, JsonPath path)
    {
        var naming = ParseNaming(element, enclosing, path);
        if (!element.TryGetProperty("symbols", out _))
        {
            throw new AvroSchemaException(path.ToString(), "\"symbols\" is missing");
        }

        var symbols = Texts(element, "symbols", path);
        var seen = new HashSet<string>();
        foreach (var symbol in symbols)
        {
            CheckSimpleName(symbol, path.Member("symbols"));
            if (!seen.Add(symbol))
            {
                throw new AvroSchemaException(path.Member("symbols").ToString(), $"the symbol \"{symbol}\" is there twice");
            }
        }

        var defaultSymbol = Text(element, "default", path);
        if (_strict && defaultSymbol is not null && !seen.Contains(defaultSymbol))
        {
            throw new AvroSchemaException(
                path.Member("default").ToString(), $"the default \"{defaultSymbol}\" is not one of the enum's symbols");
        }

        var schema = new AvroEnumSchema(naming, symbols, defaultSymbol, Properties(element, SchemaWords.OfEnum));
        Define(schema, path);
        return schema;
    }

    private AvroFixedSchema ParseFixed(JsonElement element, string enclosing, JsonPath path)
    {
        var naming = ParseNaming(element, enclosing, path);
        var size = Required(element, "size", path);
        if (size.ValueKind != JsonValueKind.Number || !size.TryGetInt32(out var bytes) || bytes < 0)
        {
            throw new AvroSchemaException(
                path.Member("size").ToString(), $"expected a whole number from 0 to {int.MaxValue}, found {Describe(size)}");
        }

        var properties = Properties(element, SchemaWords.OfFixed);
        var logicalType = LogicalTypes.Read(properties, AvroSchemaKind.Fixed, bytes);
        var schema = new AvroFixedSchema(naming, bytes, logicalType, properties);
        Define(schema, path);
        return schema;
    }

    private AvroNaming ParseNaming(JsonElement element, string enclosing, JsonPath path)
    {
        var text = Text(element, "name", path) ?? throw new AvroSchemaException(path.ToString(), "a named type needs a \"name\"");
        var space = Text(element, "namespace", path) ?? enclosing;
        var name = AvroName.Resolve(text, space);
        CheckSimpleName(name.Name, path.Member("name"));
        if (_strict && !AvroName.IsNamespace(name.Namespace))
        {
            throw new AvroSchemaException(
                path.ToString(), $"the namespace \"{name.Namespace}\" is not names of letters, digits and underscores joined by dots");
        }

        if (AvroKindNames.Primitive(name.Name) is not null)
        {
            throw new AvroSchemaException(path.Member("name").ToString(), $"\"{name.Name}\" is a type of Avro and may not be redefined");
        }

        var aliases = new List<AvroName>();
        foreach (var alias in Texts(element, "aliases", path))
        {
            var resolved = AvroName.Resolve(alias, name.Namespace);
            CheckSimpleName(resolved.Name, path.Member("aliases"));
            aliases.Add(resolved);
        }

        return new AvroNaming(name, aliases, Text(element, "doc", path));
    }

    private void Define(AvroNamedSchema schema, JsonPath path)
    {
        if (!_names.TryAdd(schema.FullName, schema))
        {
            throw new AvroSchemaException(path.ToString(), $"{schema.FullName} is already defined");
        }

        if (_names.Count > AvroLimits.MaxNames)
        {
            throw new AvroSchemaException(path.ToString(), $"more than {AvroLimits.MaxNames} named types");
        }
    }

    private void CheckSimpleName(string name, JsonPath path)
    {
        if (name.Length == 0 || (_strict && !AvroName.IsSimple(name)))
        {
            throw new AvroSchemaException(
                path.ToString(), $"\"{name}\" is not a name: a letter or underscore, then letters, digits and underscores");
        }
    }

    private static string? Text(JsonElement element, string name, JsonPath path)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new AvroSchemaException(path.Member(name).ToString(), $"expected a string, found {Describe(value)}");
    }

    private static List<string> Texts(JsonElement element, string name, JsonPath path)
    {
        var texts = new List<string>();
        if (!element.TryGetProperty(name, out var list))
        {
            return texts;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new AvroSchemaException(path.Member(name).ToString(), $"expected an array of strings, found {Describe(list)}");
        }

        foreach (var item in list.EnumerateArray())
        {
            texts.Add(item.ValueKind == JsonValueKind.String
                ? item.GetString()!
                : throw new AvroSchemaException(
                    path.Member(name).Item(texts.Count).ToString(), $"expected a string, found {Describe(item)}"));
        }

        return texts;
    }
}
