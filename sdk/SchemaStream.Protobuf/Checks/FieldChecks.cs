using System.Globalization;
using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;
using Label = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Checks;

/// <summary>Types, defaults and options of one field.</summary>
internal sealed class FieldChecks(LinkedFile file)
{
    public void Check(FieldSymbol symbol)
    {
        var field = symbol.Proto;
        CheckDefault(symbol);
        if (field.JsonName.Contains('\0', StringComparison.Ordinal))
        {
            throw file.Fault("json_name cannot have embedded null characters.", field);
        }

        if (field.Type == Type.Group && (symbol.TypeSymbol!.Scope != symbol.Scope || symbol.TypeSymbol.File != file
            || !IsLowered(field.Name, symbol.TypeSymbol.Name)))
        {
            // Only a descriptor made elsewhere can say it; the language has no words for it.
            throw file.Fault("A group's message is declared with its field, which has its name in small letters.", field);
        }

        if (file.IsProto3)
        {
            CheckProto3(symbol);
        }

        if (field.Options is { } options)
        {
            CheckOptions(symbol, options);
        }
    }

    private static bool IsLowered(string name, string group) =>
        name.Equals(group, StringComparison.OrdinalIgnoreCase) && !name.Any(char.IsAsciiLetterUpper);

    private void CheckProto3(FieldSymbol symbol)
    {
        var field = symbol.Proto;
        if (field.Label == Label.Required)
        {
            throw file.Fault("Required fields are not allowed in proto3.", field, PlacePart.Type);
        }

        if (field.HasDefaultValue)
        {
            throw file.Fault("Explicit default values are not allowed in proto3.", field, PlacePart.Default);
        }

        if (field.Type == Type.Group)
        {
            throw file.Fault("Groups are not supported in proto3 syntax.", field, PlacePart.Type);
        }

        if (field.Type == Type.Enum && !symbol.EnumType.File.IsProto3 && !symbol.IsExtension)
        {
            throw file.Fault(
                $"Enum type \"{symbol.EnumType.FullName}\" is not an open enum, but is used in "
                + $"\"{symbol.Containing!.FullName}\" which is a proto3 message type.",
                field,
                PlacePart.Type);
        }
    }

    private void CheckOptions(FieldSymbol symbol, FieldOptions options)
    {
        var field = symbol.Proto;
        if ((options.Lazy || options.UnverifiedLazy) && !symbol.IsMessage)
        {
            throw file.Fault("[lazy = true] can only be specified for submessage fields.", field, PlacePart.Type);
        }

        var isPackable = symbol.IsRepeated && !symbol.IsMessage && field.Type is not (Type.String or Type.Bytes);
        if (options.Packed && !isPackable)
        {
            throw file.Fault("[packed = true] can only be specified for repeated primitive fields.", field, PlacePart.Type);
        }

        var isWide = field.Type is Type.Int64 or Type.Uint64 or Type.Sint64 or Type.Fixed64 or Type.Sfixed64;
        if (options.Jstype != FieldOptions.Types.JSType.JsNormal && !isWide)
        {
            throw file.Fault(
                "jstype is only allowed on int64, uint64, sint64, fixed64 or sfixed64 fields.", field, PlacePart.Type);
        }
    }

    private void CheckDefault(FieldSymbol symbol)
    {
        var field = symbol.Proto;
        if (!field.HasDefaultValue)
        {
            return;
        }

        if (symbol.IsRepeated)
        {
            throw file.Fault("Repeated fields can't have default values.", field, PlacePart.Default);
        }

        if (symbol.IsMessage)
        {
            throw file.Fault("Messages can't have default values.", field, PlacePart.Default);
        }

        if (field.Type == Type.Enum)
        {
            if (!symbol.EnumType.TryNumber(field.DefaultValue, out _))
            {
                throw file.Fault(
                    $"Enum type \"{symbol.EnumType.FullName}\" has no value named \"{field.DefaultValue}\".", field, PlacePart.Default);
            }
        }
        else if (!IsValue(field.Type, field.DefaultValue))
        {
            throw file.Fault($"Couldn't parse default value \"{field.DefaultValue}\".", field, PlacePart.Default);
        }
    }

    private static bool IsValue(Type type, string text)
    {
        const NumberStyles Integer = NumberStyles.AllowLeadingSign;
        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            Type.Int32 or Type.Sint32 or Type.Sfixed32 => int.TryParse(text, Integer, culture, out _),
            Type.Int64 or Type.Sint64 or Type.Sfixed64 => long.TryParse(text, Integer, culture, out _),
            Type.Uint32 or Type.Fixed32 => uint.TryParse(text, NumberStyles.None, culture, out _),
            Type.Uint64 or Type.Fixed64 => ulong.TryParse(text, NumberStyles.None, culture, out _),
            Type.Float or Type.Double => text is "inf" or "-inf" or "nan" or "-nan"
                || double.TryParse(text, NumberStyles.Float, culture, out _),
            Type.Bool => text is "true" or "false",
            Type.Bytes => Literals.IsEscaped(text),
            _ => true,
        };
    }
}
