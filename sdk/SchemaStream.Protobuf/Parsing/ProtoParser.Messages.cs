using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Label = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Parsing;

/// <summary>Messages and extensions.</summary>
internal sealed partial class ProtoParser
{
    private void ParseMessage(RepeatedField<DescriptorProto> messages, int depth)
    {
        Next();
        var message = Added(messages, new DescriptorProto());
        message.Name = ConsumeName(message, "Expected message name.");
        Consume("{");
        ParseMessageBlock(message, depth);
    }

    private void ParseMessageBlock(DescriptorProto message, int depth)
    {
        if (depth > ProtoLimits.MaxMessageDepth)
        {
            throw Fault("Reached maximum recursion limit for nested messages.");
        }

        ParseBlock(() => ParseMessageStatement(message, depth));
        AdjustOpenRanges(message);
        AddSyntheticOneofs(message);
    }

    private void ParseMessageStatement(DescriptorProto message, int depth)
    {
        switch (_current.Kind == TokenKind.Identifier ? _current.Text : "")
        {
            case "message":
                ParseMessage(message.NestedType, depth + 1);
                break;
            case "enum":
                ParseEnum(message.EnumType);
                break;
            case "extensions":
                ParseExtensions(message);
                break;
            case "reserved":
                ParseReserved(message);
                break;
            case "extend":
                ParseExtend(message.Extension, message.NestedType, depth + 1);
                break;
            case "option":
                ParseOptionStatement((message.Options ??= new MessageOptions()).UninterpretedOption);
                break;
            case "oneof":
                ParseOneof(message, depth);
                break;
            default:
                ParseField(Added(message.Field, new FieldDescriptorProto()), message.NestedType, depth);
                break;
        }
    }

    private void ParseField(FieldDescriptorProto field, RepeatedField<DescriptorProto> groups, int depth)
    {
        _places.Set(field, PlacePart.Name, _current.Place);
        if (TryConsume("optional"))
        {
            field.Label = Label.Optional;
            if (_isProto3)
            {
                field.Proto3Optional = true;
            }
        }
        else if (TryConsume("repeated"))
        {
            field.Label = Label.Repeated;
        }
        else if (LookingAt("required"))
        {
            if (_isProto3)
            {
                throw Fault("Required fields are not allowed in proto3.");
            }

            Next();
            field.Label = Label.Required;
        }

        ParseFieldNoLabel(field, groups, depth);
    }

    private void ParseFieldNoLabel(FieldDescriptorProto field, RepeatedField<DescriptorProto> groups, int depth)
    {
        DescriptorProto? entry = null;
        _places.Set(field, PlacePart.Type, _current.Place);
        var start = _current.Place;
        if (TryConsume("map"))
        {
            if (LookingAt("<"))
            {
                entry = ParseMapType(field, start);
            }
            else
            {
                field.TypeName = "map";
            }
        }

        if (entry is null)
        {
            if (!field.HasLabel)
            {
                field.Label = _isProto3
                    ? Label.Optional
                    : throw _fault("Expected \"required\", \"optional\", or \"repeated\".", start);
            }

            if (!field.HasTypeName)
            {
                ParseType(field);
            }
        }

        var namePlace = _current.Place;
        field.Name = ConsumeName(field, "Expected field name.");
        Consume("=");
        _places.Set(field, PlacePart.Number, _current.Place);
        field.Number = ConsumeInt32("Expected field number.");
        ParseFieldOptions(field);
        if (field.HasType && field.Type == Type.Group)
        {
            ParseGroup(field, groups, depth, namePlace);
            return;
        }

        ConsumeEnd();
        if (entry is not null)
        {
            entry.Name = FieldNames.MapEntry(field.Name);
            field.TypeName = entry.Name;
            groups.Add(entry);
        }
    }

    private void ParseGroup(FieldDescriptorProto field, RepeatedField<DescriptorProto> groups, int depth, Place namePlace)
    {
        if (_isProto3)
        {
            throw _fault("Groups are not supported in proto3 syntax.", namePlace);
        }

        var group = Added(groups, new DescriptorProto { Name = field.Name });
        _places.Set(group, PlacePart.Name, namePlace);
        if (!char.IsAsciiLetterUpper(group.Name[0]))
        {
            throw _fault("Group names must start with a capital letter.", namePlace);
        }

        field.Name = group.Name.ToLowerInvariant();
        field.TypeName = group.Name;
        if (!TryConsume("{"))
        {
            throw Fault("Missing group body.");
        }

        ParseMessageBlock(group, depth + 1);
    }

    private DescriptorProto ParseMapType(FieldDescriptorProto field, Place start)
    {
        if (field.HasOneofIndex)
        {
            throw _fault("Map fields are not allowed in oneofs.", start);
        }

        if (field.HasLabel)
        {
            throw _fault("Field labels (required/optional/repeated) are not allowed on map fields.", start);
        }

        if (field.HasExtendee)
        {
            throw _fault("Map fields are not allowed to be extensions.", start);
        }

        field.Label = Label.Repeated;
        var entry = new DescriptorProto { Options = new MessageOptions { MapEntry = true } };
        _places.Set(entry, PlacePart.Name, start);
        Consume("<");
        ParseMapPart(Added(entry.Field, new FieldDescriptorProto { Name = "key", Number = 1, Label = Label.Optional }));
        Consume(",");
        ParseMapPart(Added(entry.Field, new FieldDescriptorProto { Name = "value", Number = 2, Label = Label.Optional }));
        Consume(">");
        return entry;
    }

    private void ParseMapPart(FieldDescriptorProto part)
    {
        _places.Set(part, PlacePart.Name, _current.Place);
        _places.Set(part, PlacePart.Type, _current.Place);
        ParseType(part);
        if (part.HasType && part.Type == Type.Group)
        {
            throw _fault("A map has no groups.", _places.Of(part, PlacePart.Type));
        }
    }

    private void ParseType(FieldDescriptorProto field)
    {
        if (_current.Kind == TokenKind.Identifier && FieldTypes.TryParse(_current.Text, out var type))
        {
            field.Type = type;
            Next();
            return;
        }

        field.TypeName = ParseTypeName();
    }

    private string ParseTypeName()
    {
        if (_current.Kind == TokenKind.Identifier && FieldTypes.TryParse(_current.Text, out _))
        {
            throw Fault("Expected message type.");
        }

        var name = TryConsume(".") ? "." : "";
        name += ConsumeIdentifier("Expected type name.");
        while (TryConsume("."))
        {
            name = Longer(name, "." + ConsumeIdentifier("Expected identifier."));
        }

        return name;
    }

    private void ParseOneof(DescriptorProto message, int depth)
    {
        Next();
        var index = message.OneofDecl.Count;
        var oneof = Added(message.OneofDecl, new OneofDescriptorProto());
        oneof.Name = ConsumeName(oneof, "Expected oneof name.");
        Consume("{");
        if (LookingAt("}"))
        {
            throw Fault("Oneof must have at least one field.");
        }

        while (!TryConsume("}"))
        {
            if (_current.Kind == TokenKind.End)
            {
                throw Fault("Reached end of input in oneof definition (missing '}').");
            }

            if (LookingAt("option"))
            {
                ParseOptionStatement((oneof.Options ??= new OneofOptions()).UninterpretedOption);
                continue;
            }

            if (LookingAt("required") || LookingAt("optional") || LookingAt("repeated"))
            {
                throw Fault("Fields in oneofs must not have labels (required / optional / repeated).");
            }

            var field = Added(message.Field, new FieldDescriptorProto { Label = Label.Optional, OneofIndex = index });
            _places.Set(field, PlacePart.Name, _current.Place);
            ParseFieldNoLabel(field, message.NestedType, depth);
        }
    }

    private void ParseExtend(
        RepeatedField<FieldDescriptorProto> extensions, RepeatedField<DescriptorProto> groups, int groupDepth)
    {
        Next();
        var place = _current.Place;
        var extendee = ParseTypeName();
        Consume("{");
        do
        {
            if (_current.Kind == TokenKind.End)
            {
                throw Fault("Reached end of input in extend definition (missing '}').");
            }

            var field = Added(extensions, new FieldDescriptorProto { Extendee = extendee });
            _places.Set(field, PlacePart.Extendee, place);
            ParseField(field, groups, groupDepth - 1);
        }
        while (!TryConsume("}"));
    }

    private void ParseExtensions(DescriptorProto message)
    {
        Next();
        var first = message.ExtensionRange.Count;
        do
        {
            Count();
            var range = Added(message.ExtensionRange, new DescriptorProto.Types.ExtensionRange());
            _places.Set(range, PlacePart.Name, _current.Place);
            range.Start = ConsumeInt32("Expected field number range.");
            range.End = ParseRangeEnd(range.Start);
        }
        while (TryConsume(","));

        if (TryConsume("["))
        {
            var options = new ExtensionRangeOptions();
            do
            {
                ParseOption(options.UninterpretedOption);
            }
            while (TryConsume(","));
            Consume("]");
            message.ExtensionRange[first].Options = options;
            for (var i = first + 1; i < message.ExtensionRange.Count; i++)
            {
                message.ExtensionRange[i].Options = options.Clone();
            }
        }

        ConsumeEnd();
    }

    /// <summary>The end of a range, exclusive; -1 for <c>max</c>, whose number is known when the message has been read.</summary>
    private int ParseRangeEnd(int start)
    {
        if (!TryConsume("to"))
        {
            return start == int.MaxValue ? throw Fault("Integer out of range.") : start + 1;
        }

        if (TryConsume("max"))
        {
            return -1;
        }

        return 1 + (int)ConsumeInteger(int.MaxValue - 1, "Expected integer.");
    }

    private void ParseReserved(DescriptorProto message)
    {
        Next();
        if (_current.Kind == TokenKind.String)
        {
            ParseReservedNames(message, message.ReservedName);
            return;
        }

        RefuseBareReservedName();
        do
        {
            Count();
            var range = Added(message.ReservedRange, new DescriptorProto.Types.ReservedRange());
            _places.Set(range, PlacePart.Name, _current.Place);
            range.Start = ConsumeInt32(
                message.ReservedRange.Count == 1 ? "Expected field name or number range." : "Expected field number range.");
            range.End = ParseRangeEnd(range.Start);
        }
        while (TryConsume(","));
        ConsumeEnd();
    }

    private void ParseReservedNames(object element, RepeatedField<string> names)
    {
        do
        {
            Count();
            _places.Set(element, PlacePart.ReservedName, _current.Place, names.Count);
            names.Add(ConsumeText("Expected field name string literal."));
        }
        while (TryConsume(","));
        ConsumeEnd();
    }

    private void RefuseBareReservedName()
    {
        if (_current.Kind == TokenKind.Identifier)
        {
            throw Fault("Reserved names must be string literals. (Only editions supports identifiers.)");
        }
    }

    private static void AdjustOpenRanges(DescriptorProto message)
    {
        var isMessageSet = message.Options?.UninterpretedOption.Any(static o =>
            o.Name.Count == 1 && o.Name[0].NamePart_ == "message_set_wire_format" && o.IdentifierValue == "true") == true;
        var end = isMessageSet ? int.MaxValue : ProtoLimits.MaxFieldNumber + 1;
        foreach (var range in message.ExtensionRange.Where(static r => r.End == -1))
        {
            range.End = end;
        }

        foreach (var range in message.ReservedRange.Where(static r => r.End == -1))
        {
            range.End = end;
        }
    }

    // An optional field of proto3 is the only member of a oneof that no one wrote: so old readers know its presence.
    private static void AddSyntheticOneofs(DescriptorProto message)
    {
        if (!message.Field.Any(static f => f.Proto3Optional))
        {
            return;
        }

        var names = message.Field.Select(static f => f.Name).Concat(message.OneofDecl.Select(static o => o.Name)).ToHashSet();
        foreach (var field in message.Field.Where(static f => f.Proto3Optional))
        {
            var name = field.Name[0] == '_' ? field.Name : "_" + field.Name;
            while (!names.Add(name))
            {
                name = "X" + name;
            }

            field.OneofIndex = message.OneofDecl.Count;
            message.OneofDecl.Add(new OneofDescriptorProto { Name = name });
        }
    }
}
