using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Parsing;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Linking;

/// <summary>Finds what the type names of a file mean, and writes them in full.</summary>
internal sealed class TypeResolver(SymbolTable symbols, ExtensionTable extensions, LinkedFile file)
{
    public void Resolve()
    {
        var scope = file.Proto.Package;
        foreach (var message in file.Proto.MessageType)
        {
            ResolveMessage(message, scope);
        }

        foreach (var extension in file.Proto.Extension)
        {
            ResolveField(extension, scope);
        }

        foreach (var service in file.Proto.Service)
        {
            foreach (var method in service.Method)
            {
                var user = Names.Join(Names.Join(scope, service.Name), method.Name);
                method.InputType = "." + Message(method.InputType, user, method, PlacePart.Input).FullName;
                method.OutputType = "." + Message(method.OutputType, user, method, PlacePart.Output).FullName;
            }
        }
    }

    private void ResolveMessage(DescriptorProto message, string scope)
    {
        var fullName = Names.Join(scope, message.Name);
        var symbol = (MessageSymbol)symbols.Find(fullName)!;
        foreach (var field in message.Field)
        {
            if (field.HasExtendee)
            {
                throw file.Fault("FieldDescriptorProto.extendee set for non-extension field.", field);
            }

            var declared = ResolveField(field, fullName);
            declared.Containing = symbol;
            CheckNumber(declared);
            if (symbol.TakeNumber(declared) is { } other)
            {
                throw file.Fault(
                    $"Field number {field.Number} has already been used in \"{fullName}\" by field \"{other.Name}\".",
                    field,
                    PlacePart.Number);
            }
        }

        foreach (var nested in message.NestedType)
        {
            ResolveMessage(nested, fullName);
        }

        foreach (var extension in message.Extension)
        {
            ResolveField(extension, fullName);
        }
    }

    private FieldSymbol ResolveField(FieldDescriptorProto field, string scope)
    {
        var symbol = (FieldSymbol)symbols.Find(Names.Join(scope, field.Name))!;
        ResolveType(symbol);
        if (field.HasExtendee)
        {
            var extendee = Message(field.Extendee, symbol.FullName, field, PlacePart.Extendee);
            if (!IsFull(field.Extendee, extendee))
            {
                field.Extendee = "." + extendee.FullName;
            }

            symbol.Containing = extendee;
            CheckExtension(symbol, extendee);
        }

        return symbol;
    }

    private void ResolveType(FieldSymbol symbol)
    {
        var field = symbol.Proto;
        if (!field.HasTypeName)
        {
            if (!field.HasType || symbol.IsMessage || field.Type == Type.Enum)
            {
                throw file.Fault("Field with message or enum type missing type_name.", field, PlacePart.Type);
            }

            return;
        }

        if (field.HasType && !(symbol.IsMessage || field.Type == Type.Enum))
        {
            throw file.Fault("Field with primitive type has type_name.", field, PlacePart.Type);
        }

        var lookup = symbols.Resolve(file, field.TypeName, symbol.FullName, typesOnly: true);
        var type = lookup.Symbol ?? throw file.Fault(symbols.Unknown(field.TypeName, lookup), field, PlacePart.Type);
        if (!type.IsType)
        {
            throw file.Fault($"\"{field.TypeName}\" is not a type.", field, PlacePart.Type);
        }

        var kind = type is EnumSymbol ? Type.Enum : Type.Message;
        if (!field.HasType)
        {
            field.Type = kind;
        }
        else if ((field.Type == Type.Enum) != (kind == Type.Enum))
        {
            throw file.Fault($"\"{field.TypeName}\" is not {(kind == Type.Enum ? "a message" : "an enum")} type.", field, PlacePart.Type);
        }

        symbol.TypeSymbol = type;
        if (!IsFull(field.TypeName, type))
        {
            field.TypeName = "." + type.FullName;
        }
    }

    // A name that is full already is not written again: the built-in files are shared.
    private static bool IsFull(string name, Symbol symbol) =>
        name.Length == symbol.FullName.Length + 1 && name[0] == '.' && name.EndsWith(symbol.FullName, StringComparison.Ordinal);

    private MessageSymbol Message(string name, string user, object element, PlacePart part)
    {
        var lookup = symbols.Resolve(file, name, user, typesOnly: false);
        return lookup.Symbol switch
        {
            MessageSymbol message => message,
            null => throw file.Fault(symbols.Unknown(name, lookup), element, part),
            _ => throw file.Fault($"\"{name}\" is not a message type.", element, part),
        };
    }

    private void CheckNumber(FieldSymbol symbol)
    {
        var number = symbol.Proto.Number;
        if (number <= 0)
        {
            throw file.Fault("Field numbers must be positive integers.", symbol.Proto, PlacePart.Number);
        }

        var isOfMessageSet = symbol.IsExtension && symbol.Containing!.Proto.Options is { } options && IsMessageSet(options);
        if (number > ProtoLimits.MaxFieldNumber && !isOfMessageSet)
        {
            throw file.Fault(
                $"Field numbers cannot be greater than {ProtoLimits.MaxFieldNumber}.", symbol.Proto, PlacePart.Number);
        }

        if (number is >= 19_000 and <= 19_999)
        {
            throw file.Fault(
                "Field numbers 19000 through 19999 are reserved for the protocol buffer library implementation.",
                symbol.Proto,
                PlacePart.Number);
        }
    }

    // Asked before the options of this very file are interpreted.
    private static bool IsMessageSet(MessageOptions options) =>
        options.MessageSetWireFormat || options.UninterpretedOption.Any(static o =>
            o.Name.Count == 1 && o.Name[0].NamePart_ == "message_set_wire_format" && o.IdentifierValue == "true");

    private void CheckExtension(FieldSymbol symbol, MessageSymbol extendee)
    {
        CheckNumber(symbol);
        var number = symbol.Proto.Number;
        if (!extendee.TakesExtension(number))
        {
            throw file.Fault(
                $"\"{extendee.FullName}\" does not declare {number} as an extension number.", symbol.Proto, PlacePart.Number);
        }

        if (extensions.Take(extendee, symbol) is { } other)
        {
            throw file.Fault(
                $"Extension number {number} has already been used in \"{extendee.FullName}\" by extension "
                + $"\"{other.FullName}\" defined in {other.File.Proto.Name}.",
                symbol.Proto,
                PlacePart.Number);
        }
    }
}
