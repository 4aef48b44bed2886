using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Parsing;

/// <summary>Enums and services.</summary>
internal sealed partial class ProtoParser
{
    private void ParseEnum(RepeatedField<EnumDescriptorProto> enums)
    {
        Next();
        var result = Added(enums, new EnumDescriptorProto());
        result.Name = ConsumeName(result, "Expected enum name.");
        Consume("{");
        ParseBlock(() => ParseEnumStatement(result));
    }

    private void ParseEnumStatement(EnumDescriptorProto result)
    {
        if (LookingAt("option"))
        {
            ParseOptionStatement((result.Options ??= new EnumOptions()).UninterpretedOption);
        }
        else if (LookingAt("reserved"))
        {
            ParseReserved(result);
        }
        else
        {
            var value = Added(result.Value, new EnumValueDescriptorProto());
            value.Name = ConsumeName(value, "Expected enum constant name.");
            if (!TryConsume("="))
            {
                throw Fault("Missing numeric value for enum constant.");
            }

            _places.Set(value, PlacePart.Number, _current.Place);
            value.Number = ConsumeSignedInt32("Expected integer.");
            if (TryConsume("["))
            {
                var options = (value.Options = new EnumValueOptions()).UninterpretedOption;
                do
                {
                    ParseOption(options);
                }
                while (TryConsume(","));
                Consume("]");
            }

            ConsumeEnd();
        }
    }

    private void ParseReserved(EnumDescriptorProto result)
    {
        Next();
        if (_current.Kind == TokenKind.String)
        {
            ParseReservedNames(result, result.ReservedName);
            return;
        }

        RefuseBareReservedName();
        do
        {
            Count();
            var range = Added(result.ReservedRange, new EnumDescriptorProto.Types.EnumReservedRange());
            _places.Set(range, PlacePart.Name, _current.Place);
            range.Start = ConsumeSignedInt32(
                result.ReservedRange.Count == 1 ? "Expected enum value or number range." : "Expected enum number range.");
            range.End = !TryConsume("to") ? range.Start
                : TryConsume("max") ? int.MaxValue
                : ConsumeSignedInt32("Expected integer.");
        }
        while (TryConsume(","));
        ConsumeEnd();
    }

    private void ParseService()
    {
        Next();
        var service = Added(_file.Service, new ServiceDescriptorProto());
        service.Name = ConsumeName(service, "Expected service name.");
        Consume("{");
        ParseBlock(() =>
        {
            if (LookingAt("option"))
            {
                ParseOptionStatement((service.Options ??= new ServiceOptions()).UninterpretedOption);
            }
            else
            {
                ParseMethod(Added(service.Method, new MethodDescriptorProto()));
            }
        });
    }

    private void ParseMethod(MethodDescriptorProto method)
    {
        Consume("rpc");
        method.Name = ConsumeName(method, "Expected method name.");
        Consume("(");
        if (TryConsume("stream"))
        {
            method.ClientStreaming = true;
        }

        _places.Set(method, PlacePart.Input, _current.Place);
        method.InputType = ParseTypeName();
        Consume(")");
        Consume("returns");
        Consume("(");
        if (TryConsume("stream"))
        {
            method.ServerStreaming = true;
        }

        _places.Set(method, PlacePart.Output, _current.Place);
        method.OutputType = ParseTypeName();
        Consume(")");
        if (!TryConsume("{"))
        {
            ConsumeEnd();
            return;
        }

        // Braces without an option in them still leave an options message behind: protoc's descriptor shows it.
        method.Options = new MethodOptions();
        ParseBlock(() =>
        {
            if (!LookingAt("option"))
            {
                throw Fault("Expected \"option\".");
            }

            ParseOptionStatement(method.Options.UninterpretedOption);
        });
    }
}
