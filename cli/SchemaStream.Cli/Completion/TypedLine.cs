using System.Text;

namespace SchemaStream.Cli.Completion;

/// <summary>A line as somebody is typing it.</summary>
internal static class TypedLine
{
    /// <summary>Its words, as a shell parts them; the last one is being typed, and may be empty.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, isWord) = ('\0', false);
        for (var i = 0; i < line.Length; i++)
        {
            var letter = line[i];
            if (quote != '\0' && letter == quote)
            {
                quote = '\0';
            }
            else if (letter == '\\' && quote != '\'' && i + 1 < line.Length)
            {
                word.Append(line[++i]);
                isWord = true;
            }
            else if (quote == '\0' && letter is ('\'' or '"'))
            {
                quote = letter;
                isWord = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                if (isWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    isWord = false;
                }
            }
            else
            {
                word.Append(letter);
                isWord = true;
            }
        }

        words.Add(word.ToString());
        return words;
    }
}
