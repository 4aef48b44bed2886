using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;
using Label = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;

namespace SchemaStream.Protobuf.Checks;

/// <summary>What protoc refuses in a file whose names are all resolved.</summary>
internal sealed class FileChecks(LinkedFile file, SymbolTable symbols)
{
    private readonly MessageChecks _messages = new(file);
    private readonly FieldChecks _fields = new(file);
    private readonly ExtensionDeclarations _declarations = new(file);

    public void Check()
    {
        foreach (var message in file.Proto.MessageType)
        {
            if (message.Options is { MapEntry: true })
            {
                throw file.Fault("map_entry should not be set explicitly. Use map<KeyType, ValueType> instead.", message);
            }

            CheckMessage(message, file.Proto.Package);
        }

        foreach (var item in file.Proto.EnumType)
        {
            EnumChecks.Check(file, item);
        }

        foreach (var extension in file.Proto.Extension)
        {
            CheckExtension(extension, file.Proto.Package);
        }
    }

    private void CheckMessage(DescriptorProto message, string scope)
    {
        var fullName = Names.Join(scope, message.Name);
        _messages.Check(message, fullName);
        _declarations.Check(message);
        foreach (var field in message.Field)
        {
            var symbol = Field(fullName, field);
            _fields.Check(symbol);
            if (symbol.TypeSymbol is MessageSymbol { IsMapEntry: true } entry)
            {
                MessageChecks.CheckMapField(file, fullName, field, entry);
            }
        }

        foreach (var extension in message.Extension)
        {
            CheckExtension(extension, fullName);
        }

        var mapped = message.Field.Where(static f => f.Label == Label.Repeated).Select(static f => f.TypeName).ToHashSet(StringComparer.Ordinal);
        foreach (var nested in message.NestedType)
        {
            if (nested.Options is { MapEntry: true } && !mapped.Contains("." + Names.Join(fullName, nested.Name)))
            {
                throw file.Fault("map_entry should not be set explicitly. Use map<KeyType, ValueType> instead.", nested);
            }

            CheckMessage(nested, fullName);
        }

        foreach (var item in message.EnumType)
        {
            EnumChecks.Check(file, item);
        }
    }

    private void CheckExtension(FieldDescriptorProto extension, string scope)
    {
        var symbol = Field(scope, extension);
        _fields.Check(symbol);
        if (extension.Label == Label.Required)
        {
            throw file.Fault($"The extension {symbol.FullName} cannot be required.", extension, PlacePart.Type);
        }

        if (symbol.TypeSymbol is MessageSymbol { IsMapEntry: true })
        {
            throw file.Fault("Map fields are not allowed to be extensions.", extension, PlacePart.Type);
        }

        if (file.IsProto3 && !IsOptionsMessage(symbol.Containing!.FullName))
        {
            throw file.Fault("Extensions in proto3 are only allowed for defining options.", extension, PlacePart.Extendee);
        }

        _declarations.Check(symbol);
        var isOfMessageSet = symbol.Containing!.Proto.Options is { MessageSetWireFormat: true };
        if (isOfMessageSet && (extension.Label != Label.Optional || !symbol.IsMessage))
        {
            throw file.Fault("Extensions of MessageSets must be optional messages.", extension, PlacePart.Type);
        }
    }

    private FieldSymbol Field(string scope, FieldDescriptorProto field) => (FieldSymbol)symbols.Find(Names.Join(scope, field.Name))!;

    private static bool IsOptionsMessage(string fullName) => fullName is
        "google.protobuf.FileOptions" or "google.protobuf.MessageOptions" or "google.protobuf.FieldOptions"
        or "google.protobuf.OneofOptions" or "google.protobuf.ExtensionRangeOptions" or "google.protobuf.EnumOptions"
        or "google.protobuf.EnumValueOptions" or "google.protobuf.ServiceOptions" or "google.protobuf.MethodOptions"
        or "google.protobuf.StreamOptions" or "google.protobuf.SourceCodeInfo" or "google.protobuf.FeatureSet";
}
