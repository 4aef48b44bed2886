using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;
using Label = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Checks;

/// <summary>Numbers and names within one message.</summary>
internal sealed class MessageChecks(LinkedFile file)
{
    public void Check(DescriptorProto message, string fullName)
    {
        var isMessageSet = message.Options is { MessageSetWireFormat: true };
        CheckExtensionRanges(message, isMessageSet);
        CheckReserved(message);
        CheckRangesAndFields(message);
        CheckOneofs(message);
        CheckJsonNames(message, fullName);
        if (isMessageSet && file.IsProto3)
        {
            throw file.Fault("MessageSet is not supported in proto3.", message);
        }

        if (isMessageSet && message.Field.Count > 0)
        {
            throw file.Fault("MessageSets cannot have fields, only extensions.", message.Field[0]);
        }
    }

    private void CheckExtensionRanges(DescriptorProto message, bool isMessageSet)
    {
        foreach (var range in message.ExtensionRange)
        {
            if (range.Start <= 0)
            {
                throw file.Fault("Extension numbers must be positive integers.", range);
            }

            if (range.End <= range.Start)
            {
                throw file.Fault("Extension range end number must be greater than start number.", range);
            }

            if (range.End > ProtoLimits.MaxFieldNumber + 1 && !isMessageSet)
            {
                throw file.Fault($"Extension numbers cannot be greater than {ProtoLimits.MaxFieldNumber}.", range);
            }
        }

        if (file.IsProto3 && message.ExtensionRange.Count > 0)
        {
            throw file.Fault("Extension ranges are not allowed in proto3.", message.ExtensionRange[0]);
        }
    }

    private void CheckReserved(DescriptorProto message)
    {
        foreach (var range in message.ReservedRange)
        {
            if (range.Start <= 0)
            {
                throw file.Fault("Reserved numbers must be positive integers.", range);
            }

            if (range.End <= range.Start)
            {
                throw file.Fault("Reserved range end number must be greater than start number.", range);
            }
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < message.ReservedName.Count; i++)
        {
            if (!names.Add(message.ReservedName[i]))
            {
                throw file.Fault(
                    $"Field name \"{message.ReservedName[i]}\" is reserved multiple times.", message, PlacePart.ReservedName, i);
            }
        }

        foreach (var field in message.Field)
        {
            if (names.Contains(field.Name))
            {
                throw file.Fault($"Field name \"{field.Name}\" is reserved.", field);
            }
        }
    }

    private void CheckRangesAndFields(DescriptorProto message)
    {
        var reserved = new NumberRanges<object>(message.ReservedRange.Select(static r => ((long)r.Start, (long)r.End, (object)r)));
        if (reserved.Overlap() is { } twice)
        {
            throw file.Fault("Reserved range overlaps with already-defined range.", twice.Second);
        }

        var extensions = new NumberRanges<object>(message.ExtensionRange.Select(static r => ((long)r.Start, (long)r.End, (object)r)));
        if (extensions.Overlap() is { } overlap)
        {
            throw file.Fault("Extension range overlaps with already-defined range.", overlap.Second);
        }

        foreach (var field in message.Field)
        {
            if (extensions.Contains(field.Number))
            {
                throw file.Fault($"An extension range includes field \"{field.Name}\" ({field.Number}).", field, PlacePart.Number);
            }

            if (reserved.Contains(field.Number))
            {
                throw file.Fault($"Field \"{field.Name}\" uses reserved number {field.Number}.", field, PlacePart.Number);
            }
        }

        var both = new NumberRanges<object>(message.ReservedRange.Select(static r => ((long)r.Start, (long)r.End, (object)r))
            .Concat(message.ExtensionRange.Select(static r => ((long)r.Start, (long)r.End, (object)r))));
        if (both.Overlap() is { } mixed)
        {
            throw file.Fault("Extension range overlaps with reserved range.", mixed.Second);
        }
    }

    private void CheckOneofs(DescriptorProto message)
    {
        var members = new int[message.OneofDecl.Count];
        var last = -1;
        foreach (var field in message.Field)
        {
            if (!field.HasOneofIndex)
            {
                last = -1;
                continue;
            }

            var index = field.OneofIndex;
            if (index < 0 || index >= members.Length)
            {
                throw file.Fault($"FieldDescriptorProto.oneof_index {index} is out of range for type \"{message.Name}\".", field);
            }

            if (field.Label != Label.Optional)
            {
                throw file.Fault("Fields of oneofs must themselves have label LABEL_OPTIONAL.", field);
            }

            if (members[index]++ > 0 && last != index)
            {
                throw file.Fault("Fields in the same oneof must be defined consecutively.", field);
            }

            last = index;
        }

        var empty = Array.IndexOf(members, 0);
        if (empty >= 0)
        {
            throw file.Fault("Oneof must have at least one field.", message.OneofDecl[empty]);
        }

        var optional = message.Field.FirstOrDefault(f => f.Proto3Optional
            && (!file.IsProto3 || !f.HasOneofIndex || members[f.OneofIndex] != 1));
        if (optional is not null)
        {
            throw file.Fault("Only a proto3 field alone in its oneof may be proto3_optional.", optional);
        }
    }

    private void CheckJsonNames(DescriptorProto message, string fullName)
    {
        if (!KeepsOldConflicts(message.Options))
        {
            CheckJsonNames(message, fullName, withCustom: false);
            CheckJsonNames(message, fullName, withCustom: true);
        }
    }

    // Twice, because field masks know nothing of json_name.
    private void CheckJsonNames(DescriptorProto message, string fullName, bool withCustom)
    {
        var taken = new Dictionary<string, (string Field, bool IsCustom)>(StringComparer.Ordinal);
        foreach (var field in message.Field)
        {
            var implied = FieldNames.Json(field.Name);
            var isCustom = withCustom && field.JsonName != implied;
            var name = isCustom ? field.JsonName : implied;
            if (isCustom && name.StartsWith('[') && name.EndsWith(']'))
            {
                throw file.Fault(
                    $"The custom JSON name of field \"{field.Name}\" (\"{name}\") is invalid: JSON names may not start with '[' and end with ']'.",
                    field);
            }

            if (taken.TryAdd(name, (field.Name, isCustom)))
            {
                continue;
            }

            var other = taken[name];
            if (withCustom && !isCustom && !other.IsCustom)
            {
                continue;
            }

            // proto2 files with such names are as old as JSON names: protoc only warns.
            if (file.IsProto3 || (isCustom && other.IsCustom))
            {
                throw file.Fault(
                    $"The {(isCustom ? "custom" : "default")} JSON name of field \"{field.Name}\" (\"{name}\") conflicts with the "
                    + $"{(other.IsCustom ? "custom" : "default")} JSON name of field \"{other.Field}\" in \"{fullName}\".",
                    field);
            }
        }
    }

    public static void CheckMapField(
        LinkedFile file, string fullName, FieldDescriptorProto field, MessageSymbol entry)
    {
        var proto = entry.Proto;
        var isGenuine = field.Label == Label.Repeated && entry.Scope == fullName && entry.File == file
            && proto.Name == FieldNames.MapEntry(field.Name)
            && proto is { Field.Count: 2, Extension.Count: 0, NestedType.Count: 0, EnumType.Count: 0, ExtensionRange.Count: 0 }
            && proto.Field[0] is { Name: "key", Number: 1, Label: Label.Optional }
            && proto.Field[1] is { Name: "value", Number: 2, Label: Label.Optional };
        if (!isGenuine)
        {
            throw file.Fault("map_entry should not be set explicitly. Use map<KeyType, ValueType> instead.", field);
        }

        if (entry.Field("value") is { Proto.Type: Type.Enum } value && value.EnumType.Proto.Value[0].Number != 0)
        {
            throw file.Fault("Enum value in map must define 0 as the first value.", field, PlacePart.Type);
        }

        switch (proto.Field[0].Type)
        {
            case Type.Enum:
                throw file.Fault("Key in map fields cannot be enum types.", field, PlacePart.Type);
            case Type.Float or Type.Double or Type.Message or Type.Group or Type.Bytes:
                throw file.Fault("Key in map fields cannot be float/double, bytes or message types.", field, PlacePart.Type);
            default:
                break;
        }
    }

    private static bool KeepsOldConflicts(MessageOptions? options)
    {
#pragma warning disable CS0612 // Obsolete for who writes schemas; who reads them must know it.
        return options is { DeprecatedLegacyJsonFieldConflicts: true };
#pragma warning restore CS0612
    }
}
