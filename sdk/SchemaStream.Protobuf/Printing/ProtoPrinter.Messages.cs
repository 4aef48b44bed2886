using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;
using Label = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Printing;

/// <summary>Messages, fields and extensions.</summary>
internal sealed partial class ProtoPrinter
{
    private void PrintMessage(DescriptorProto message, string scope) =>
        _text.Block($"message {message.Name}", () => PrintMessageBody(message, scope));

    private void PrintMessageBody(DescriptorProto message, string scope)
    {
        var fullName = Names.Join(scope, message.Name);
        PrintOptions(message.Options, scope);
        PrintReserved(message);
        var nested = new NestedOrder(message, fullName);
        for (var i = 0; i < message.Field.Count;)
        {
            var field = message.Field[i];
            var members = IsInOneof(field) ? MembersFrom(message, i) : 1;
            for (var member = i; member < i + members; member++)
            {
                PrintNested(message, nested, nested.Before(message.Field[member]), fullName);
            }

            if (IsInOneof(field))
            {
                PrintOneof(message, i, members, fullName);
            }
            else
            {
                PrintField(field, fullName, isInOneof: false);
            }

            i += members;
        }

        PrintNested(message, nested, message.NestedType.Count, fullName);
        if (!_withoutExtensions)
        {
            PrintExtensionRanges(message, scope: fullName);
            PrintExtensions(message.Extension, nested.ExtensionsPrinted, message.Extension.Count, fullName);
        }

        foreach (var item in message.EnumType)
        {
            PrintEnum(item, fullName);
        }
    }

    // Messages declared in this one, up to a place in their order; what fields make is printed with the fields.
    private void PrintNested(DescriptorProto message, NestedOrder nested, int until, string fullName)
    {
        for (; nested.Position < until; nested.Position++)
        {
            var inner = message.NestedType[nested.Position];
            if (nested.IsOfField(inner))
            {
                continue;
            }

            var extension = nested.ExtensionOf(Names.Join(fullName, inner.Name));
            if (extension < 0)
            {
                PrintMessage(inner, fullName);
            }
            else if (extension >= nested.ExtensionsPrinted)
            {
                if (!_withoutExtensions)
                {
                    PrintExtensions(message.Extension, nested.ExtensionsPrinted, extension + 1, fullName);
                }

                nested.ExtensionsPrinted = extension + 1;
            }
        }
    }

    private void PrintOneof(DescriptorProto message, int first, int members, string fullName)
    {
        var oneof = message.OneofDecl[message.Field[first].OneofIndex];
        _text.Block($"oneof {oneof.Name}", () =>
        {
            PrintOptions(oneof.Options, fullName);
            for (var i = first; i < first + members; i++)
            {
                PrintField(message.Field[i], fullName, isInOneof: true);
            }
        });
    }

    private static bool IsInOneof(FieldDescriptorProto field) => field.HasOneofIndex && !field.Proto3Optional;

    private static int MembersFrom(DescriptorProto message, int first)
    {
        var end = first;
        while (end < message.Field.Count && IsInOneof(message.Field[end]) && message.Field[end].OneofIndex == message.Field[first].OneofIndex)
        {
            end++;
        }

        return end - first;
    }

    private void PrintField(FieldDescriptorProto field, string scope, bool isInOneof)
    {
        var head = FormattableString.Invariant($" = {field.Number}{Bracketed(FieldOptions(field, scope))}");
        if (field.HasTypeName && field.Label == Label.Repeated && MapEntry(field, scope) is { } entry)
        {
            var entryScope = Names.Join(scope, entry.Name);
            var key = TypeOf(entry.Field[0], entryScope);
            _text.Line($"map<{key}, {MapValue(entry, entryScope, scope)}> {field.Name}{head};");
            return;
        }

        var label = isInOneof ? "" : LabelOf(field);
        if (field.Type == Type.Group)
        {
            var group = _messages[field.TypeName];
            _text.Block($"{label}group {group.Name}{head}", () => PrintMessageBody(group, scope));
            return;
        }

        _text.Line($"{label}{TypeOf(field, scope)} {field.Name}{head};");
    }

    // The parser resolves it inside the entry, so it is spelled from there.
    private string MapValue(DescriptorProto entry, string entryScope, string scope) =>
        entry.Field[1].HasTypeName ? _names.Type(entry.Field[1].TypeName, entryScope) : TypeOf(entry.Field[1], scope);

    private DescriptorProto? MapEntry(FieldDescriptorProto field, string scope)
    {
        var fullName = "." + Names.Join(scope, FieldNames.MapEntry(field.Name));
        return field.Type == Type.Message && field.TypeName == fullName
            && _messages.TryGetValue(fullName, out var entry) && entry.Options is { MapEntry: true }
                ? entry
                : null;
    }

    private string LabelOf(FieldDescriptorProto field) => field.Label switch
    {
        Label.Repeated => "repeated ",
        Label.Required => "required ",
        _ => _file.IsProto3 && !field.Proto3Optional ? "" : "optional ",
    };

    private string TypeOf(FieldDescriptorProto field, string scope) =>
        field.HasTypeName ? _names.Type(field.TypeName, scope) : FieldTypes.Word(field.Type);

    private List<string> FieldOptions(FieldDescriptorProto field, string scope)
    {
        var options = _options.Print(field.Options, scope);
        if (field.HasJsonName && field.JsonName != FieldNames.Json(field.Name))
        {
            options.Insert(0, $"json_name = {ProtoText.Quote(field.JsonName)}");
        }

        if (field.HasDefaultValue)
        {
            options.Insert(0, "default = " + field.Type switch
            {
                Type.String => ProtoText.Quote(field.DefaultValue),
                Type.Bytes => "\"" + field.DefaultValue + "\"",
                _ => field.DefaultValue,
            });
        }

        return options;
    }

    private void PrintReserved(DescriptorProto message)
    {
        var max = message.Options is { MessageSetWireFormat: true } ? int.MaxValue : ProtoLimits.MaxFieldNumber + 1;
        if (message.ReservedRange.Count > 0)
        {
            var ranges = message.ReservedRange.Select(r => Range(r.Start, r.End - 1, max - 1));
            _text.Line($"reserved {string.Join(", ", ranges)};");
        }

        PrintReservedNames(message.ReservedName);
    }

    private void PrintExtensionRanges(DescriptorProto message, string scope)
    {
        var max = message.Options is { MessageSetWireFormat: true } ? int.MaxValue : ProtoLimits.MaxFieldNumber + 1;
        foreach (var range in message.ExtensionRange)
        {
            var options = Bracketed(_options.Print(range.Options, Names.Parent(scope)));
            _text.Line($"extensions {Range(range.Start, range.End - 1, max - 1)}{options};");
        }
    }

    private void PrintExtensions(
        RepeatedField<FieldDescriptorProto> extensions, int from, int to, string scope)
    {
        for (var i = from; i < to;)
        {
            var end = i;
            while (end < to && extensions[end].Extendee == extensions[i].Extendee)
            {
                end++;
            }

            var first = i;
            _text.Block($"extend {_names.Type(extensions[i].Extendee, scope, typesOnly: false)}", () =>
            {
                for (var k = first; k < end; k++)
                {
                    PrintField(extensions[k], scope, isInOneof: false);
                }
            });
            i = end;
        }
    }
}
