using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Parsing;

/// <summary>Options as written, and the two pseudo options of fields.</summary>
internal sealed partial class ProtoParser
{
    private void ParseOptionStatement(RepeatedField<UninterpretedOption> options)
    {
        Next();
        ParseOption(options);
        ConsumeEnd();
    }

    private void ParseFieldOptions(FieldDescriptorProto field)
    {
        if (!TryConsume("["))
        {
            return;
        }

        do
        {
            if (LookingAt("default"))
            {
                ParseDefault(field);
            }
            else if (LookingAt("json_name"))
            {
                if (field.HasJsonName)
                {
                    throw Fault("Already set option \"json_name\".");
                }

                Next();
                Consume("=");
                field.JsonName = ConsumeText("Expected string for JSON name.");
            }
            else
            {
                ParseOption((field.Options ??= new FieldOptions()).UninterpretedOption);
            }
        }
        while (TryConsume(","));
        Consume("]");
    }

    private void ParseOption(RepeatedField<UninterpretedOption> options)
    {
        Count();
        var option = Added(options, new UninterpretedOption());
        _places.Set(option, PlacePart.Name, _current.Place);
        do
        {
            option.Name.Add(ParseOptionNamePart());
        }
        while (TryConsume("."));

        Consume("=");
        _places.Set(option, PlacePart.OptionValue, _current.Place);
        ParseOptionValue(option);
    }

    private UninterpretedOption.Types.NamePart ParseOptionNamePart()
    {
        if (!TryConsume("("))
        {
            return new UninterpretedOption.Types.NamePart
            {
                NamePart_ = ConsumeIdentifier("Expected identifier."),
                IsExtension = false,
            };
        }

        var name = TryConsume(".") ? "." : "";
        name += ConsumeIdentifier("Expected identifier.");
        while (TryConsume("."))
        {
            name = Longer(name, "." + ConsumeIdentifier("Expected identifier."));
        }

        Consume(")");
        return new UninterpretedOption.Types.NamePart { NamePart_ = name, IsExtension = true };
    }

    private void ParseOptionValue(UninterpretedOption option)
    {
        var isNegative = TryConsume("-");
        switch (_current.Kind)
        {
            case TokenKind.Identifier when isNegative:
                option.DoubleValue = _current.Text switch
                {
                    "inf" => double.NegativeInfinity,
                    "nan" => Literals.NaN,
                    _ => throw Fault("Identifier after '-' symbol must be inf or nan."),
                };
                Next();
                break;
            case TokenKind.Identifier:
                option.IdentifierValue = ConsumeIdentifier("Expected identifier.");
                break;
            case TokenKind.Integer when isNegative:
                option.NegativeIntValue = unchecked(-(long)ConsumeInteger((ulong)long.MaxValue + 1, "Expected integer."));
                break;
            case TokenKind.Integer:
                option.PositiveIntValue = ConsumeInteger(ulong.MaxValue, "Expected integer.");
                break;
            case TokenKind.Float:
                var value = Literals.Float(_current.Text);
                option.DoubleValue = isNegative ? -value : value;
                Next();
                break;
            case TokenKind.String when isNegative:
                throw Fault("Invalid '-' symbol before string.");
            case TokenKind.String:
                option.StringValue = ByteString.CopyFrom(ConsumeBytes("Expected string."));
                break;
            case TokenKind.Symbol when LookingAt("{"):
                option.AggregateValue = ParseAggregate();
                break;
            default:
                throw Fault("Expected option value.");
        }
    }

    /// <summary>What is between the braces, its tokens apart by single blanks; understood once the option's type is known.</summary>
    private string ParseAggregate()
    {
        Consume("{");
        var text = new StringBuilder();
        for (var depth = 1; ; Next())
        {
            if (_current.Kind == TokenKind.End)
            {
                throw Fault("Unexpected end of stream while parsing aggregate value.");
            }

            if (LookingAt("{") && ++depth > ProtoLimits.MaxAggregateDepth)
            {
                throw Fault($"Braces are nested more than {ProtoLimits.MaxAggregateDepth} deep.");
            }

            if (LookingAt("}") && --depth == 0)
            {
                Next();
                return text.ToString();
            }

            text.Append(text.Length == 0 ? "" : " ").Append(_current.Text);
        }
    }

    private void ParseDefault(FieldDescriptorProto field)
    {
        if (field.HasDefaultValue)
        {
            throw Fault("Already set option \"default\".");
        }

        _places.Set(field, PlacePart.Default, _current.Place);
        Next();
        Consume("=");
        if (!field.HasType)
        {
            // An enum, we hope: the linker will tell.
            field.DefaultValue = ConsumeIdentifier("Expected enum identifier.");
            return;
        }

        switch (field.Type)
        {
            case Type.Int32 or Type.Sint32 or Type.Sfixed32:
                field.DefaultValue = SignedDefault(int.MaxValue);
                break;
            case Type.Int64 or Type.Sint64 or Type.Sfixed64:
                field.DefaultValue = SignedDefault(long.MaxValue);
                break;
            case Type.Uint32 or Type.Fixed32:
                field.DefaultValue = UnsignedDefault(uint.MaxValue);
                break;
            case Type.Uint64 or Type.Fixed64:
                field.DefaultValue = UnsignedDefault(ulong.MaxValue);
                break;
            case Type.Float:
                field.DefaultValue = FloatText.Of((float)FloatDefault());
                break;
            case Type.Double:
                field.DefaultValue = FloatText.Of(FloatDefault());
                break;
            case Type.Bool:
                field.DefaultValue = LookingAt("true") || LookingAt("false")
                    ? ConsumeIdentifier("")
                    : throw Fault("Expected \"true\" or \"false\".");
                break;
            case Type.String:
                field.DefaultValue = ConsumeText("Expected string for field default value.");
                break;
            case Type.Bytes:
                field.DefaultValue = Literals.Escape(ConsumeBytes("Expected string."));
                break;
            default:
                throw Fault("Messages can't have default values.");
        }
    }

    private string SignedDefault(ulong max)
    {
        var isNegative = TryConsume("-");
        var value = ConsumeInteger(isNegative ? max + 1 : max, "Expected integer for field default value.");
        var text = value.ToString(CultureInfo.InvariantCulture);
        return isNegative && value != 0 ? "-" + text : text;
    }

    private string UnsignedDefault(ulong max)
    {
        if (LookingAt("-"))
        {
            throw Fault("Unsigned field can't have negative default value.");
        }

        return ConsumeInteger(max, "Expected integer for field default value.").ToString(CultureInfo.InvariantCulture);
    }

    private double FloatDefault()
    {
        var isNegative = TryConsume("-");
        double value;
        if (_current.Kind == TokenKind.Float)
        {
            value = Literals.Float(_current.Text);
        }
        else if (_current.Kind == TokenKind.Integer)
        {
            value = Literals.TryInteger(_current.Text, ulong.MaxValue, out var integer) ? integer
                : char.IsAsciiDigit(_current.Text[^1]) && _current.Text[0] != '0' ? Literals.Float(_current.Text)
                : throw Fault("Integer out of range.");
        }
        else
        {
            value = LookingAt("inf") ? double.PositiveInfinity
                : LookingAt("nan") ? Literals.NaN
                : throw Fault("Expected number.");
        }

        Next();
        return isNegative ? -value : value;
    }
}
