using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Parsing;

/// <summary>Reads a <c>.proto</c> text into the descriptor that protoc's parser would make of it, before linking.</summary>
internal sealed partial class ProtoParser
{
    private readonly Tokenizer _tokens;
    private readonly SourcePlaces _places = new();
    private readonly Func<string, Place, ProtoSchemaException> _fault;
    private readonly FileDescriptorProto _file;
    private Token _current;
    private bool _isProto3;
    private int _symbols;

    private ProtoParser(string name, string text, Func<string, Place, ProtoSchemaException> fault)
    {
        _file = new FileDescriptorProto { Name = name };
        _fault = fault;
        _tokens = new Tokenizer(text, fault);
        Next();
    }

    /// <param name="name">The file's name.</param>
    /// <param name="text">Its text.</param>
    /// <param name="fault">Makes the exception for what is wrong at a place.</param>
    public static ParsedFile Parse(string name, string text, Func<string, Place, ProtoSchemaException> fault)
    {
        if (text.Length > ProtoLimits.MaxFileLength)
        {
            throw fault($"The file has {text.Length} characters, {ProtoLimits.MaxFileLength} are allowed.", default);
        }

        var parser = new ProtoParser(name, text, fault);
        parser.ParseFile();
        return new ParsedFile(parser._file, parser._places);
    }

    private void ParseFile()
    {
        _places.Set(_file, PlacePart.Name, _current.Place);
        ParseSyntax();
        while (_current.Kind != TokenKind.End)
        {
            ParseTopLevel();
        }
    }

    private void ParseSyntax()
    {
        if (LookingAt("edition"))
        {
            throw Fault("Editions are not supported: write syntax = \"proto3\"; or syntax = \"proto2\";.");
        }

        if (!LookingAt("syntax"))
        {
            return;
        }

        Next();
        Consume("=");
        var place = _current.Place;
        var syntax = ConsumeText("Expected syntax identifier.");
        ConsumeEnd();
        if (syntax is not ("proto2" or "proto3"))
        {
            throw _fault(
                $"Unrecognized syntax identifier \"{syntax}\".  This parser only recognizes \"proto2\" and \"proto3\".", place);
        }

        _isProto3 = syntax == "proto3";
        if (_isProto3)
        {
            _file.Syntax = syntax;
        }
    }

    private void ParseTopLevel()
    {
        switch (_current.Kind == TokenKind.Identifier || _current.Kind == TokenKind.Symbol ? _current.Text : "")
        {
            case ";":
                Next();
                break;
            case "message":
                ParseMessage(_file.MessageType, 1);
                break;
            case "enum":
                ParseEnum(_file.EnumType);
                break;
            case "service":
                ParseService();
                break;
            case "extend":
                ParseExtend(_file.Extension, _file.MessageType, 1);
                break;
            case "import":
                ParseImport();
                break;
            case "package":
                ParsePackage();
                break;
            case "option":
                ParseOptionStatement((_file.Options ??= new Google.Protobuf.Reflection.FileOptions()).UninterpretedOption);
                break;
            default:
                throw Fault("Expected top-level statement (e.g. \"message\").");
        }
    }

    private void ParseImport()
    {
        Next();
        var index = _file.Dependency.Count;
        if (TryConsume("public"))
        {
            _file.PublicDependency.Add(index);
        }
        else if (TryConsume("weak"))
        {
            _file.WeakDependency.Add(index);
        }

        Count();
        _places.Set(_file, PlacePart.Import, _current.Place, index);
        _file.Dependency.Add(ConsumeText("Expected a string naming the file to import."));
        ConsumeEnd();
    }

    private void ParsePackage()
    {
        if (_file.HasPackage)
        {
            throw Fault("Multiple package definitions.");
        }

        Next();
        _places.Set(_file, PlacePart.Type, _current.Place);
        var name = ConsumeIdentifier("Expected identifier.");
        while (TryConsume("."))
        {
            name = Longer(name, "." + ConsumeIdentifier("Expected identifier."));
        }

        _file.Package = name;
        ConsumeEnd();
    }

    /// <summary>Reads <c>{ statement* }</c>.</summary>
    private void ParseBlock(Action statement)
    {
        while (!TryConsume("}"))
        {
            if (_current.Kind == TokenKind.End)
            {
                throw Fault("Reached end of input in a block (missing '}').");
            }

            if (!TryConsume(";"))
            {
                statement();
            }
        }
    }

    private void Next() => _current = _tokens.Next();

    private bool LookingAt(string text) =>
        _current.Kind is TokenKind.Identifier or TokenKind.Symbol && _current.Text == text;

    private bool TryConsume(string text)
    {
        if (!LookingAt(text))
        {
            return false;
        }

        Next();
        return true;
    }

    private void Consume(string text)
    {
        if (!TryConsume(text))
        {
            throw Fault($"Expected \"{text}\".");
        }
    }

    private void ConsumeEnd() => Consume(";");

    private string ConsumeIdentifier(string expectation)
    {
        if (_current.Kind != TokenKind.Identifier)
        {
            throw Fault(expectation);
        }

        var text = _current.Text;
        Next();
        return text;
    }

    /// <summary>The name of a declaration: its place is kept, and it counts against the limit.</summary>
    private string ConsumeName(object element, string expectation)
    {
        Count();
        _places.Set(element, PlacePart.Name, _current.Place);
        return ConsumeIdentifier(expectation);
    }

    private ulong ConsumeInteger(ulong max, string expectation)
    {
        if (_current.Kind != TokenKind.Integer)
        {
            throw Fault(expectation);
        }

        if (!Literals.TryInteger(_current.Text, max, out var value))
        {
            throw Fault("Integer out of range.");
        }

        Next();
        return value;
    }

    private int ConsumeInt32(string expectation) => (int)ConsumeInteger(int.MaxValue, expectation);

    private int ConsumeSignedInt32(string expectation)
    {
        var isNegative = TryConsume("-");
        var value = (long)ConsumeInteger(isNegative ? int.MaxValue + 1ul : int.MaxValue, expectation);
        return (int)(isNegative ? -value : value);
    }

    /// <summary>One or more string tokens, which belong together.</summary>
    private byte[] ConsumeBytes(string expectation)
    {
        if (_current.Kind != TokenKind.String)
        {
            throw Fault(expectation);
        }

        var bytes = Literals.Bytes(_current.Text);
        Next();
        if (_current.Kind != TokenKind.String)
        {
            return bytes;
        }

        var all = new MemoryStream();
        all.Write(bytes);
        while (_current.Kind == TokenKind.String)
        {
            all.Write(Literals.Bytes(_current.Text));
            Next();
        }

        return all.ToArray();
    }

    private string ConsumeText(string expectation)
    {
        var place = _current.Place;
        return Literals.Text(ConsumeBytes(expectation)) ?? throw _fault("The string is not valid UTF-8.", place);
    }

    private string Longer(string name, string more) => name.Length + more.Length <= ProtoLimits.MaxNameLength
        ? name + more
        : throw Fault($"The name is longer than {ProtoLimits.MaxNameLength} characters.");

    private void Count()
    {
        if (++_symbols > ProtoLimits.MaxSymbols)
        {
            throw Fault($"The file has more than {ProtoLimits.MaxSymbols} declarations.");
        }
    }

    private ProtoSchemaException Fault(string message) => _fault(message, _current.Place);

    private static T Added<T>(RepeatedField<T> list, T item)
    {
        list.Add(item);
        return item;
    }
}
