using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;
using Target = Google.Protobuf.Reflection.FieldOptions.Types.OptionTargetType;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Options;

/// <summary>Turns options as written into the bytes that they stand for, by the descriptors of the options.</summary>
internal sealed class OptionInterpreter(SymbolTable symbols, OptionTypes types)
{
    private readonly List<(FieldSymbol Field, UninterpretedOption Written, Target Target)> _used = [];
    private long _bytes;

    public void Interpret(LinkedFile file)
    {
        _used.Clear();
        _bytes = 0;
        InterpretAll(file);

        // Only now: an option may be used above its declaration, whose own options were not read then.
        foreach (var (field, written, target) in _used)
        {
            if (field.Proto.Options is { Targets.Count: > 0 } options && !options.Targets.Contains(target))
            {
                var kind = target.ToString()["TargetType".Length..].ToLowerInvariant();
                throw file.Fault($"Option {field.FullName} cannot be set on an entity of type `{kind}`.", written);
            }
        }
    }

    private void InterpretAll(LinkedFile file)
    {
        var proto = file.Proto;
        var scope = proto.Package;
        proto.Options = Interpret(
            proto.Options, proto.Options?.UninterpretedOption, Google.Protobuf.Reflection.FileOptions.Parser,
            file, Names.Join(scope, "dummy"), Target.TargetTypeFile);
        foreach (var message in proto.MessageType)
        {
            InMessage(file, message, scope);
        }

        foreach (var item in proto.EnumType)
        {
            InEnum(file, item, scope);
        }

        foreach (var extension in proto.Extension)
        {
            InField(file, extension, scope);
        }

        foreach (var service in proto.Service)
        {
            var fullName = Names.Join(scope, service.Name);
            service.Options = Interpret(
                service.Options, service.Options?.UninterpretedOption, ServiceOptions.Parser, file, fullName, Target.TargetTypeService);
            foreach (var method in service.Method)
            {
                method.Options = Interpret(
                    method.Options, method.Options?.UninterpretedOption, MethodOptions.Parser,
                    file, Names.Join(fullName, method.Name), Target.TargetTypeMethod);
            }
        }
    }

    private void InMessage(LinkedFile file, DescriptorProto message, string scope)
    {
        var fullName = Names.Join(scope, message.Name);
        message.Options = Interpret(
            message.Options, message.Options?.UninterpretedOption, MessageOptions.Parser, file, fullName, Target.TargetTypeMessage);
        foreach (var field in message.Field.Concat(message.Extension))
        {
            InField(file, field, fullName);
        }

        foreach (var oneof in message.OneofDecl)
        {
            oneof.Options = Interpret(
                oneof.Options, oneof.Options?.UninterpretedOption, OneofOptions.Parser,
                file, Names.Join(fullName, oneof.Name), Target.TargetTypeOneof);
        }

        foreach (var range in message.ExtensionRange)
        {
            range.Options = Interpret(
                range.Options, range.Options?.UninterpretedOption, ExtensionRangeOptions.Parser, file, fullName, Target.TargetTypeExtensionRange);
        }

        foreach (var nested in message.NestedType)
        {
            InMessage(file, nested, fullName);
        }

        foreach (var item in message.EnumType)
        {
            InEnum(file, item, fullName);
        }
    }

    private void InField(LinkedFile file, FieldDescriptorProto field, string scope) =>
        field.Options = Interpret(
            field.Options, field.Options?.UninterpretedOption, FieldOptions.Parser, file, Names.Join(scope, field.Name), Target.TargetTypeField);

    private void InEnum(LinkedFile file, EnumDescriptorProto item, string scope)
    {
        item.Options = Interpret(
            item.Options, item.Options?.UninterpretedOption, EnumOptions.Parser, file, Names.Join(scope, item.Name), Target.TargetTypeEnum);
        foreach (var value in item.Value)
        {
            value.Options = Interpret(
                value.Options, value.Options?.UninterpretedOption, EnumValueOptions.Parser,
                file, Names.Join(scope, value.Name), Target.TargetTypeEnumEntry);
        }
    }

    private T? Interpret<T>(
        T? options, RepeatedField<UninterpretedOption>? written, MessageParser<T> parser, LinkedFile file, string scope, Target target)
        where T : class, IMessage<T>
    {
        if (options is null || written!.Count == 0)
        {
            CountBytes(options, file);
            return options;
        }

        var pending = written.ToList();
        written.Clear();
        var type = types.Find(options.Descriptor.FullName);
        using var memory = new MemoryStream();
        using var output = new CodedOutputStream(memory);
        options.WriteTo(output);
        var set = new SetPaths();
        foreach (var option in pending)
        {
            InterpretOne(option, new Site(file, type, scope, target), set, output);
        }

        output.Flush();
        var result = parser.ParseFrom(memory.ToArray());
        CountBytes(result, file);
        return result;
    }

    private void CountBytes(IMessage? options, LinkedFile file)
    {
        _bytes += options?.CalculateSize() ?? 0;
        if (_bytes > ProtoLimits.MaxOptionBytes)
        {
            throw file.Fault($"The options of the file take more than {ProtoLimits.MaxOptionBytes} bytes.", file.Proto);
        }
    }

    private void InterpretOne(UninterpretedOption option, Site site, SetPaths set, CodedOutputStream output)
    {
        var name = Spelled(option);
        ProtoSchemaException Fault(string message) => site.File.Fault(message, option);
        if (option.Name.Count == 0)
        {
            throw Fault("Option must have a name.");
        }

        if (option.Name.Count > ProtoLimits.MaxAggregateDepth)
        {
            throw Fault($"An option's name has more than {ProtoLimits.MaxAggregateDepth} parts.");
        }

        if (option.Name[0].NamePart_ is "uninterpreted_option" && !option.Name[0].IsExtension)
        {
            throw Fault("Option must not use reserved name \"uninterpreted_option\".");
        }

        if (option.Name[0].NamePart_ is "features" && !option.Name[0].IsExtension)
        {
            throw Fault("Features are only valid under editions.");
        }

        var steps = new List<FieldSymbol>();
        var path = "";
        var type = site.Type;
        foreach (var part in option.Name)
        {
            if (steps.Count > 0)
            {
                type = Inside(steps[^1], name, Fault);
                set.Add(path);
            }

            var field = FindPart(part, type, site, Fault);
            steps.Add(field);
            path = SetPaths.Step(path, field);
        }

        var leaf = steps[^1];
        _used.Add((steps[0], option, site.Target));
        if (!leaf.IsRepeated && set.Has(path))
        {
            throw Fault($"Option \"{name}\" was already set.");
        }

        var value = Value(option, leaf, name, site.File);
        if (!leaf.IsRepeated && value.Message is { } message)
        {
            set.Add(path, message);
        }
        else
        {
            set.Add(path);
        }

        for (var i = steps.Count - 2; i >= 0; i--)
        {
            var outer = new DynamicMessage(steps[i].MessageType) { KeepsZeros = true };
            outer.Add(steps[i + 1], value);
            value = new WireValue(0, null, outer);
        }

        value.Write(output, steps[0]);
    }

    private static MessageSymbol Inside(FieldSymbol field, string name, Func<string, ProtoSchemaException> fault)
    {
        if (!field.IsMessage)
        {
            throw fault($"Option \"{name}\": \"{field.FullName}\" is an atomic type, not a message.");
        }

        return !field.IsRepeated
            ? field.MessageType
            : throw fault(
                $"Option field \"{field.FullName}\" is a repeated message. Repeated message options must be initialized using an "
                + "aggregate value.");
    }

    private FieldSymbol FindPart(
        UninterpretedOption.Types.NamePart part, MessageSymbol type, Site site, Func<string, ProtoSchemaException> fault)
    {
        if (!part.IsExtension)
        {
            return type.Field(part.NamePart_)
                ?? throw fault($"Option \"{part.NamePart_}\" unknown. Ensure that your proto definition file imports the proto which defines the option.");
        }

        var lookup = symbols.Resolve(site.File, part.NamePart_, site.Scope, typesOnly: false);
        return lookup.Symbol switch
        {
            FieldSymbol { IsExtension: true } field when field.Containing == type => field,
            FieldSymbol => throw fault($"Option field \"({part.NamePart_})\" is not a field or extension of message \"{type.Name}\"."),
            _ => throw fault(
                $"Option \"({part.NamePart_})\" unknown. Ensure that your proto definition file imports the proto which defines the option."),
        };
    }

    private WireValue Value(UninterpretedOption option, FieldSymbol field, string name, LinkedFile file)
    {
        ProtoSchemaException Fault(string message) => file.Fault(message, option, PlacePart.OptionValue);
        if (field.Proto.Type is Type.Message or Type.Group)
        {
            return option.HasAggregateValue
                ? new WireValue(0, null, AggregateParser.Parse(
                    symbols, file, field.MessageType, option.AggregateValue,
                    message => Fault($"Error while parsing option value for \"{field.Name}\": {message}")))
                : throw Fault(
                    $"Option \"{name}\" is a message. To set the entire message, use syntax like \"{name} = {{ <proto text format> }}\". "
                    + $"To set fields within it, use syntax like \"{name}.foo = value\".");
        }

        return ScalarValues.Encode(field, OptionLiteral.Of(option), isTextFormat: false, out var fault) ?? throw Fault(fault!);
    }

    private static string Spelled(UninterpretedOption option) =>
        string.Join('.', option.Name.Select(static n => n.IsExtension ? $"({n.NamePart_})" : n.NamePart_));

    /// <summary>Where options stand: the file, their message type, the scope of names and the kind of declaration.</summary>
    private readonly record struct Site(LinkedFile File, MessageSymbol Type, string Scope, Target Target);
}
