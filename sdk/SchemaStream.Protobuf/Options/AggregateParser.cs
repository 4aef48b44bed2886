using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Options;

/// <summary>Reads the text format between the braces of an option's value.</summary>
internal sealed class AggregateParser
{
    private readonly SymbolTable _symbols;
    private readonly LinkedFile _file;
    private readonly Func<string, ProtoSchemaException> _fault;
    private readonly Tokenizer _tokens;
    private Token _current;
    private int _values;

    private AggregateParser(SymbolTable symbols, LinkedFile file, string text, Func<string, ProtoSchemaException> fault)
    {
        _symbols = symbols;
        _file = file;
        _fault = fault;
        _tokens = new Tokenizer(text, (message, _) => fault(message));
        Next();
    }

    /// <param name="symbols">The names.</param>
    /// <param name="file">The file that the option is in.</param>
    /// <param name="type">The type of the value.</param>
    /// <param name="text">What is between the braces.</param>
    /// <param name="fault">Makes the exception: the whole value has one place.</param>
    public static DynamicMessage Parse(
        SymbolTable symbols, LinkedFile file, MessageSymbol type, string text, Func<string, ProtoSchemaException> fault) =>
        new AggregateParser(symbols, file, text, fault).ParseMessage(type, "", 1);

    private DynamicMessage ParseMessage(MessageSymbol type, string end, int depth)
    {
        if (depth > ProtoLimits.MaxAggregateDepth)
        {
            throw _fault($"The value is nested more than {ProtoLimits.MaxAggregateDepth} deep.");
        }

        var message = new DynamicMessage(type);
        while (!(end.Length == 0 ? _current.Kind == TokenKind.End : TryConsume(end)))
        {
            if (_current.Kind == TokenKind.End)
            {
                throw _fault($"Expected \"{end}\".");
            }

            ParseField(message, depth);
            if (!TryConsume(";"))
            {
                TryConsume(",");
            }
        }

        foreach (var required in type.RequiredFields)
        {
            if (!message.Has(required))
            {
                throw _fault($"Message type \"{type.FullName}\" is missing the required field \"{required.Name}\".");
            }
        }

        if (type.IsMapEntry)
        {
            Complete(message, "key");
            Complete(message, "value");
        }

        return message;
    }

    // An entry of a map always has both, said or not.
    private static void Complete(DynamicMessage entry, string name)
    {
        if (entry.Type.Field(name) is { } field && !entry.Has(field))
        {
            entry.Add(field, field.IsMessage ? new WireValue(0, null, new DynamicMessage(field.MessageType))
                : field.Proto.Type is Type.String or Type.Bytes ? new WireValue(0, [])
                : new WireValue(0));
        }
    }

    private void ParseField(DynamicMessage message, int depth)
    {
        FieldSymbol field;
        if (TryConsume("["))
        {
            var name = ParseDotted();
            if (TryConsume("/"))
            {
                ParseAny(message, name, depth);
                return;
            }

            Consume("]");
            field = Extension(message.Type, name);
        }
        else
        {
            field = Field(message.Type, ConsumeIdentifier());
        }

        CheckUnset(message, field);
        if (field.IsMessage)
        {
            TryConsume(":");
        }
        else
        {
            Consume(":");
        }

        if (field.IsRepeated && TryConsume("["))
        {
            if (TryConsume("]"))
            {
                return;
            }

            do
            {
                message.Add(field, ParseValue(field, depth));
            }
            while (TryConsume(","));
            Consume("]");
            return;
        }

        message.Add(field, ParseValue(field, depth));
    }

    private void CheckUnset(DynamicMessage message, FieldSymbol field)
    {
        if (field.IsRepeated)
        {
            return;
        }

        if (message.Has(field))
        {
            throw _fault($"Non-repeated field \"{field.Name}\" is specified multiple times.");
        }

        if (!field.IsExtension && field.Proto.HasOneofIndex && message.Member(field.Proto.OneofIndex) is { } other)
        {
            throw _fault($"Field \"{field.Name}\" is specified along with field \"{other.Name}\", another member of the same oneof.");
        }
    }

    private FieldSymbol Field(MessageSymbol type, string name)
    {
        var field = type.Field(name);
        if (field is { Proto.Type: Type.Group } && field.MessageType.Name != name)
        {
            field = null;
        }

        if (field is null && type.Field(name.ToLowerInvariant()) is { Proto.Type: Type.Group } group && group.MessageType.Name == name)
        {
            field = group;
        }

        return field ?? throw _fault($"Message type \"{type.FullName}\" has no field named \"{name}\".");
    }

    private FieldSymbol Extension(MessageSymbol type, string name)
    {
        var found = _symbols.Resolve(_file, name, type.FullName, typesOnly: false).Symbol;
        return found is FieldSymbol { IsExtension: true } field && field.Containing == type
            ? field
            : throw _fault($"Extension \"{name}\" is not defined or is not an extension of \"{type.FullName}\".");
    }

    // [type.googleapis.com/acme.Order] { ... }: the message in the place of Any's two fields.
    private void ParseAny(DynamicMessage message, string prefix, int depth)
    {
        var name = ParseDotted();
        Consume("]");
        TryConsume(":");
        var typeUrl = message.Type.Field("type_url");
        var value = message.Type.Field("value");
        if (message.Type.FullName != "google.protobuf.Any" || typeUrl is null || value is null)
        {
            throw _fault($"\"{message.Type.FullName}\" is not google.protobuf.Any.");
        }

        if (_symbols.Resolve(_file, "." + name, "", typesOnly: true).Symbol is not MessageSymbol type
            || prefix is not ("type.googleapis.com" or "type.googleprod.com"))
        {
            throw _fault($"Could not find type \"{prefix}/{name}\" stored in google.protobuf.Any.");
        }

        CheckUnset(message, typeUrl);
        CheckUnset(message, value);
        var packed = ParseMessage(type, Open(), depth + 1);
        message.Add(typeUrl, new WireValue(0, System.Text.Encoding.UTF8.GetBytes(prefix + "/" + name)));
        message.Add(value, new WireValue(0, packed.ToByteArray()));
    }

    private WireValue ParseValue(FieldSymbol field, int depth)
    {
        if (++_values > ProtoLimits.MaxOptionValues)
        {
            throw _fault($"The value consists of more than {ProtoLimits.MaxOptionValues} values.");
        }

        if (field.IsMessage)
        {
            return new WireValue(0, null, ParseMessage(field.MessageType, Open(), depth + 1));
        }

        var isHexOrOctal = _current is { Kind: TokenKind.Integer, Text.Length: > 1 } && _current.Text[0] == '0';
        if (isHexOrOctal && field.Proto.Type is (Type.Float or Type.Double))
        {
            throw _fault($"Expect a decimal number, got: {_current.Text}");
        }

        return ScalarValues.Encode(field, ParseLiteral(), isTextFormat: true, out var fault) ?? throw _fault(fault!);
    }

    private string Open() => TryConsume("<") ? ">" : TryConsume("{") ? "}" : throw _fault("Expected \"{\".");

    private OptionLiteral ParseLiteral()
    {
        var isNegative = TryConsume("-");
        var token = _current;
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                Next();
                return !isNegative ? new OptionLiteral(Identifier: token.Text)
                    : token.Text.ToLowerInvariant() switch
                    {
                        "inf" or "infinity" => new OptionLiteral(Number: double.NegativeInfinity),
                        "nan" => new OptionLiteral(Number: -Literals.NaN),
                        _ => throw _fault("Invalid '-' symbol before an identifier."),
                    };
            case TokenKind.Integer:
                Next();
                return Integer(token.Text, isNegative);
            case TokenKind.Float:
                Next();
                var number = Literals.Float(token.Text);
                return new OptionLiteral(Number: isNegative ? -number : number);
            case TokenKind.String when !isNegative:
                return new OptionLiteral(Text: ParseString());
            default:
                throw _fault($"Expected a value, got \"{token.Text}\".");
        }
    }

    private OptionLiteral Integer(string text, bool isNegative)
    {
        if (!Literals.TryInteger(text, isNegative ? (ulong)long.MaxValue + 1 : ulong.MaxValue, out var value))
        {
            return text[0] == '0' ? throw _fault("Integer out of range.")
                : new OptionLiteral(Number: isNegative ? -Literals.Float(text) : Literals.Float(text));
        }

        return isNegative ? new OptionLiteral(Negative: unchecked(-(long)value)) : new OptionLiteral(Positive: value);
    }

    private byte[] ParseString()
    {
        using var bytes = new MemoryStream();
        while (_current.Kind == TokenKind.String)
        {
            bytes.Write(Literals.Bytes(_current.Text));
            Next();
        }

        return bytes.ToArray();
    }

    private string ParseDotted()
    {
        var name = ConsumeIdentifier();
        while (TryConsume("."))
        {
            name += "." + ConsumeIdentifier();
            if (name.Length > ProtoLimits.MaxNameLength)
            {
                throw _fault($"The name is longer than {ProtoLimits.MaxNameLength} characters.");
            }
        }

        return name;
    }

    private string ConsumeIdentifier()
    {
        if (_current.Kind != TokenKind.Identifier)
        {
            throw _fault($"Expected identifier, got \"{_current.Text}\".");
        }

        var text = _current.Text;
        Next();
        return text;
    }

    private void Consume(string text)
    {
        if (!TryConsume(text))
        {
            throw _fault($"Expected \"{text}\", found \"{_current.Text}\".");
        }
    }

    private bool TryConsume(string text)
    {
        if (_current.Kind is not (TokenKind.Symbol or TokenKind.Identifier) || _current.Text != text)
        {
            return false;
        }

        Next();
        return true;
    }

    private void Next() => _current = _tokens.Next();
}
