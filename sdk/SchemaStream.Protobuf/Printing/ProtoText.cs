using System.Text;
using SchemaStream.Protobuf.Parsing;

namespace SchemaStream.Protobuf.Printing;

/// <summary>Lines of text with their indentation.</summary>
internal sealed class ProtoText
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line) => _text.Append(' ', _depth * 2).Append(line).Append('\n');

    public void Blank() => _text.Append('\n');

    /// <summary>Writes <c>head { … }</c>, in one line when there is nothing in it.</summary>
    public void Block(string head, Action body)
    {
        Line(head + " {");
        var start = _text.Length;
        _depth++;
        body();
        _depth--;
        if (_text.Length == start)
        {
            _text.Length--;
            _text.Append("}\n");
        }
        else
        {
            Line("}");
        }
    }

    public override string ToString() => _text.ToString();

    /// <summary>Text as a literal: readable, with escapes only where they must be.</summary>
    public static string Quote(string text)
    {
        var output = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            switch (c)
            {
                case '"' or '\\':
                    output.Append('\\').Append(c);
                    break;
                case '\n':
                    output.Append("\\n");
                    break;
                case '\r':
                    output.Append("\\r");
                    break;
                case '\t':
                    output.Append("\\t");
                    break;
                case < ' ' or '\u007F':
                    output.Append('\\').Append(Convert.ToString(c, 8).PadLeft(3, '0'));
                    break;
                default:
                    output.Append(c);
                    break;
            }
        }

        return output.Append('"').ToString();
    }

    /// <summary>Bytes as a literal; as text where they are.</summary>
    public static string Quote(byte[] bytes, bool isText) =>
        isText && Literals.Text(bytes) is { } text ? Quote(text) : "\"" + Literals.Escape(bytes) + "\"";
}
