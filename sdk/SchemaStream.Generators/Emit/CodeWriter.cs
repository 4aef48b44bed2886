using System.Text;

namespace SchemaStream.Generators.Emit;

/// <summary>Lines of C#, indented by their braces.</summary>
internal sealed class CodeWriter
{
    private const string Step = "    ";

    private readonly StringBuilder _text = new();
    private int _indent;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            for (var i = 0; i < _indent; i++)
            {
                _text.Append(Step);
            }

            _text.Append(line);
        }

        _text.Append('\n');
    }

    /// <summary>A line, and a block that is closed by <see cref="Close"/>.</summary>
    public void Open(string line)
    {
        Line(line);
        Line("{");
        _indent++;
    }

    public void Close(string end = "")
    {
        _indent--;
        Line("}" + end);
    }

    public override string ToString() => _text.ToString();

    /// <summary>A text as a literal.</summary>
    public static string Literal(string text) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text, quote: true);
}
