using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Reflection;
using SchemaStream.Avro.Schemas;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Formats;
using SchemaStream.Json;
using SchemaStream.Protobuf;

namespace SchemaStream.Cli.Schemas.Comparing;

/// <summary>A schema as a list of its parts: what is at which place. Two such lists show what differs, whatever the layout.</summary>
internal static class SchemaOutline
{
    private const int MostParts = 100_000;

    /// <exception cref="CliException">It is no schema, or too large to be listed.</exception>
    public static IReadOnlyDictionary<string, string> Of(SchemaText schema)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            switch (schema.Format)
            {
                case SchemaFormat.Avro:
                    Avro(SchemaTexts.Avro(schema.Text, schema.Resolved), "", parts);
                    break;
                case SchemaFormat.Protobuf:
                    Protobuf(SchemaTexts.Protobuf(schema.Text, schema.Resolved).File, parts);
                    break;
                default:
                    using (var document = JsonDocument.Parse(schema.Text, new JsonDocumentOptions { MaxDepth = 500 }))
                    {
                        Json(document.RootElement, "#", parts);
                    }

                    break;
            }
        }
        catch (Exception invalid) when (invalid is AvroSchemaException or JsonSchemaException or ProtoSchemaException or JsonException)
        {
            throw ErrorCatalog.SchemaInvalid.Exception($"{schema.Name} is not a valid schema.", invalid.Message, inner: invalid);
        }

        return parts.Count <= MostParts ? parts : throw ErrorCatalog.SchemaInvalid.Exception($"{schema.Name} has more than {MostParts} parts.");
    }

    /// <summary>Named types once each, by their names: where they are used, their names stand.</summary>
    private static void Avro(AvroSchema schema, string place, Dictionary<string, string> parts)
    {
        switch (schema)
        {
            case AvroRecordSchema record when parts.TryAdd(record.FullName, record.IsError ? "error" : "record"):
                foreach (var field in record.Fields)
                {
                    var path = $"{record.FullName}.{field.Name}";
                    parts[path] = TypeName(field.Schema)
                        + (field.Default is { } value ? $" = {value.GetRawText()}" : "")
                        + (field.Aliases.Count > 0 ? $" (aliases {string.Join(", ", field.Aliases)})" : "");
                    Avro(field.Schema, path, parts);
                }

                break;
            case AvroEnumSchema symbols when parts.TryAdd(symbols.FullName, "enum" + (symbols.Default is { } unknown ? $" = {unknown}" : "")):
                for (var i = 0; i < symbols.Symbols.Count; i++)
                {
                    parts[$"{symbols.FullName}.{symbols.Symbols[i]}"] = $"symbol {i.ToString(CultureInfo.InvariantCulture)}";
                }

                break;
            case AvroFixedSchema sized:
                parts.TryAdd(sized.FullName, TypeName(sized, isDefinition: true));
                break;
            case AvroArraySchema array:
                Avro(array.Items, place, parts);
                break;
            case AvroMapSchema map:
                Avro(map.Values, place, parts);
                break;
            case AvroUnionSchema union:
                foreach (var branch in union.Branches)
                {
                    Avro(branch, place, parts);
                }

                break;
            default:
                break;
        }

        if (place.Length == 0 && schema is not AvroNamedSchema)
        {
            parts["/"] = TypeName(schema);
        }
    }

    private static string TypeName(AvroSchema schema, bool isDefinition = false)
    {
        var name = schema switch
        {
            AvroFixedSchema sized when isDefinition => $"fixed {sized.Size.ToString(CultureInfo.InvariantCulture)}",
            AvroArraySchema array => $"array<{TypeName(array.Items)}>",
            AvroMapSchema map => $"map<{TypeName(map.Values)}>",
            AvroUnionSchema union => $"[{string.Join(", ", union.Branches.Select(branch => TypeName(branch)))}]",
            _ => schema.FullName,
        };
        return schema.LogicalType is { } logical && (isDefinition || schema is not AvroNamedSchema)
            ? logical.Kind == AvroLogicalKind.Decimal
                ? string.Create(CultureInfo.InvariantCulture, $"{name} (decimal {logical.Precision}, {logical.Scale})")
                : $"{name} ({logical.Kind})"
            : name;
    }

    private static void Protobuf(FileDescriptorProto file, Dictionary<string, string> parts)
    {
        parts["syntax"] = file.Syntax.Length == 0 ? "proto2" : file.Syntax;
        parts["package"] = file.Package;
        foreach (var import in file.Dependency)
        {
            parts[$"import {import}"] = "import";
        }

        foreach (var message in file.MessageType)
        {
            Message(message, file.Package, parts);
        }

        foreach (var type in file.EnumType)
        {
            Enum(type, file.Package, parts);
        }
    }

    private static void Message(DescriptorProto message, string outer, Dictionary<string, string> parts)
    {
        var name = outer.Length == 0 ? message.Name : $"{outer}.{message.Name}";
        parts[name] = message.Options?.MapEntry == true ? "map entry" : "message";
        foreach (var field in message.Field)
        {
            // The number is what a field is on the wire; its name is for people.
            parts[$"{name}.{field.Name}"] = string.Create(
                CultureInfo.InvariantCulture, $"{field.Number}: {Label(field)}{(field.HasTypeName ? field.TypeName.TrimStart('.') : ScalarName(field.Type))}")
                + (field.HasOneofIndex && !field.Proto3Optional ? $" (oneof {message.OneofDecl[field.OneofIndex].Name})" : "");
        }

        foreach (var nested in message.NestedType)
        {
            Message(nested, name, parts);
        }

        foreach (var type in message.EnumType)
        {
            Enum(type, name, parts);
        }
    }

    private static string Label(FieldDescriptorProto field) => field.Label switch
    {
        FieldDescriptorProto.Types.Label.Repeated => "repeated ",
        FieldDescriptorProto.Types.Label.Required => "required ",
        _ => field.Proto3Optional ? "optional " : "",
    };

    private static string ScalarName(FieldDescriptorProto.Types.Type type) => type.ToString().ToLowerInvariant();

    private static void Enum(EnumDescriptorProto type, string outer, Dictionary<string, string> parts)
    {
        var name = outer.Length == 0 ? type.Name : $"{outer}.{type.Name}";
        parts[name] = "enum";
        foreach (var value in type.Value)
        {
            parts[$"{name}.{value.Name}"] = value.Number.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static void Json(JsonElement value, string pointer, Dictionary<string, string> parts)
    {
        if (parts.Count > MostParts)
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var isEmpty = true;
                foreach (var member in value.EnumerateObject())
                {
                    isEmpty = false;
                    Json(member.Value, $"{pointer}/{member.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", parts);
                }

                parts[pointer] = isEmpty ? "{}" : "object";
                break;
            case JsonValueKind.Array when value.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array):
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Json(item, $"{pointer}/{(index++).ToString(CultureInfo.InvariantCulture)}", parts);
                }

                parts[pointer] = "list";
                break;
            case JsonValueKind.Array:
                // Lists of words, such as `required`, are read as a whole.
                parts[pointer] = $"[{string.Join(", ", value.EnumerateArray().Select(item => item.GetRawText()))}]";
                break;
            default:
                parts[pointer] = value.GetRawText();
                break;
        }
    }
}
