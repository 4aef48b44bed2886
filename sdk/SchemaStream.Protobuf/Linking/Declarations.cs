using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Parsing;

namespace SchemaStream.Protobuf.Linking;

/// <summary>Gives everything that a file declares its full name, and completes what a text leaves to be understood.</summary>
internal sealed class Declarations(SymbolTable symbols)
{
    public void Declare(LinkedFile file)
    {
        var scope = file.Proto.Package;
        foreach (var message in file.Proto.MessageType)
        {
            DeclareMessage(file, message, scope, 1);
        }

        foreach (var item in file.Proto.EnumType)
        {
            DeclareEnum(file, item, scope);
        }

        foreach (var extension in file.Proto.Extension)
        {
            DeclareField(file, extension, scope);
        }

        foreach (var service in file.Proto.Service)
        {
            var fullName = FullName(file, service, scope, service.Name);
            symbols.Add(new ServiceSymbol(fullName, file), service);
            foreach (var method in service.Method)
            {
                symbols.Add(new MethodSymbol(FullName(file, method, fullName, method.Name), file), method);
            }
        }
    }

    private void DeclareMessage(LinkedFile file, DescriptorProto message, string scope, int depth)
    {
        if (depth > ProtoLimits.MaxMessageDepth)
        {
            throw file.Fault("Reached maximum recursion limit for nested messages.", message);
        }

        var symbol = new MessageSymbol(FullName(file, message, scope, message.Name), file, message);
        symbols.Add(symbol, message);
        foreach (var field in message.Field)
        {
            symbol.AddField(DeclareField(file, field, symbol.FullName));
        }

        foreach (var oneof in message.OneofDecl)
        {
            symbols.Add(new OneofSymbol(FullName(file, oneof, symbol.FullName, oneof.Name), file), oneof);
        }

        foreach (var nested in message.NestedType)
        {
            DeclareMessage(file, nested, symbol.FullName, depth + 1);
        }

        foreach (var item in message.EnumType)
        {
            DeclareEnum(file, item, symbol.FullName);
        }

        foreach (var extension in message.Extension)
        {
            DeclareField(file, extension, symbol.FullName);
        }
    }

    private FieldSymbol DeclareField(LinkedFile file, FieldDescriptorProto field, string scope)
    {
        var symbol = new FieldSymbol(FullName(file, field, scope, field.Name), file, field);
        symbols.Add(symbol, field);
        if (!field.HasJsonName)
        {
            field.JsonName = FieldNames.Json(field.Name);
        }
        else if (field.HasExtendee && field.JsonName != FieldNames.Json(field.Name))
        {
            throw file.Fault("option json_name is not allowed on extension fields.", field);
        }

        return symbol;
    }

    private void DeclareEnum(LinkedFile file, EnumDescriptorProto item, string scope)
    {
        symbols.Add(new EnumSymbol(FullName(file, item, scope, item.Name), file, item), item);
        foreach (var value in item.Value)
        {
            // Siblings of the enum, as in C++.
            symbols.Add(new EnumValueSymbol(FullName(file, value, scope, value.Name), file), value);
        }
    }

    private static string FullName(LinkedFile file, object element, string scope, string name)
    {
        if (!Names.IsIdentifier(name))
        {
            throw file.Fault($"\"{(name.Length > 100 ? name[..100] : name)}\" is not a valid identifier.", element, PlacePart.Name);
        }

        return Names.Join(scope, name);
    }
}
