namespace SchemaStream.Cli.Errors;

/// <summary>What somebody may have meant.</summary>
internal static class NearMisses
{
    private const int LongestWord = 256;

    /// <summary>A sentence for a next step; null where nothing is near.</summary>
    public static string? Ask(string word, IEnumerable<string> known) => Nearest(word, known) is { } near ? $"Did you mean '{near}'?" : null;

    /// <summary>The known word that the fewest changes lead to, if those are few; null otherwise.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }

        var limit = Math.Max(1, word.Length / 3);
        var (nearest, fewest) = ((string?)null, limit + 1);
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - word.Length) < fewest && candidate.Length <= LongestWord
                && Changes(word.ToUpperInvariant(), candidate.ToUpperInvariant()) is var changes && changes < fewest)
            {
                (nearest, fewest) = (candidate, changes);
            }
        }

        return nearest;
    }

    /// <summary>Letters put in, left out, taken for another or swapped with the next.</summary>
    private static int Changes(string from, string to)
    {
        var table = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var replaced = table[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
                }
            }
        }

        return table[from.Length, to.Length];
    }
}
