namespace SchemaStream.Hosting.Settings;

/// <summary>How many letters two keys differ in.</summary>
internal static class KeyDistance
{
    private const int Near = 2;

    /// <summary>Whether someone may have meant the one and typed the other: up to two letters more, fewer or others (Levenshtein).</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="meant">What may have been meant.</param>
    public static bool IsNear(string typed, string meant)
    {
        // Of short keys two letters are nearly all.
        if (Math.Abs(typed.Length - meant.Length) > Near || meant.Length <= 2 * Near)
        {
            return string.Equals(typed, meant, StringComparison.OrdinalIgnoreCase);
        }

        var distances = Enumerable.Range(0, meant.Length + 1).ToArray();
        for (var row = 1; row <= typed.Length; row++)
        {
            var diagonal = distances[0];
            distances[0] = row;
            for (var column = 1; column <= meant.Length; column++)
            {
                var isSame = char.ToUpperInvariant(typed[row - 1]) == char.ToUpperInvariant(meant[column - 1]);
                var replaced = diagonal + (isSame ? 0 : 1);
                diagonal = distances[column];
                distances[column] = Math.Min(replaced, Math.Min(distances[column], distances[column - 1]) + 1);
            }
        }

        return distances[^1] <= Near;
    }
}
