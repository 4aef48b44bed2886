using System.Text;

namespace SchemaStream.Protocol.Generator.Emit;

/// <summary>C# text with its indentation.</summary>
internal sealed class CodeText
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', _depth * 4).Append(line);
        }

        _text.Append('\n');
    }

    /// <summary>Opens a block, which ends with the returned object.</summary>
    public Block Open(string line = "")
    {
        if (line.Length > 0)
        {
            Line(line);
        }

        Line("{");
        _depth++;
        return new Block(this);
    }

    /// <summary>As <see cref="Open"/>, but only under a condition that does not always hold.</summary>
    public Block? OpenIf(string? condition) => condition is null ? null : Open($"if ({condition})");

    public void Summary(string text)
    {
        if (text.Length > 0)
        {
            Line($"/// <summary>{text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;")}</summary>");
        }
    }

    public override string ToString() => _text.ToString();

    internal sealed class Block(CodeText text) : IDisposable
    {
        public void Dispose()
        {
            text._depth--;
            text.Line("}");
        }
    }
}
