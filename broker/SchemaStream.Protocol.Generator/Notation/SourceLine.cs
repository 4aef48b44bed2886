namespace SchemaStream.Protocol.Generator.Notation;

internal readonly record struct Word(string Text, int Column);

/// <summary>A line of a definition file: its depth, its words, and the comment behind them.</summary>
internal sealed class SourceLine
{
    public const int SpacesPerLevel = 2;

    private SourceLine(int number, int indentation, IReadOnlyList<Word> words, string comment)
    {
        Number = number;
        Indentation = indentation;
        Words = words;
        Comment = comment;
    }

    /// <summary>Counted from zero.</summary>
    public int Number { get; }

    public int Indentation { get; }

    public int Depth => Indentation / SpacesPerLevel;

    public IReadOnlyList<Word> Words { get; }

    public string Comment { get; }

    /// <summary>The lines of a file that say something: with words, or a comment alone.</summary>
    public static IEnumerable<SourceLine> Split(string text)
    {
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            var line = Parse(raw.TrimEnd('\r', ' '), number++);
            if (line.Words.Count > 0 || line.Comment.Length > 0)
            {
                yield return line;
            }
        }
    }

    private static SourceLine Parse(string raw, int number)
    {
        var slashes = raw.IndexOf("//", StringComparison.Ordinal);
        var code = slashes < 0 ? raw : raw.Substring(0, slashes);
        var comment = slashes < 0 ? "" : raw.Substring(slashes + 2).Trim();
        var words = new List<Word>();
        var column = 0;
        while (column < code.Length)
        {
            var end = column;
            while (end < code.Length && code[end] != ' ')
            {
                end++;
            }

            if (end > column)
            {
                words.Add(new Word(code.Substring(column, end - column), column));
            }

            column = end + 1;
        }

        return new SourceLine(number, words.Count > 0 ? words[0].Column : 0, words, comment);
    }
}
