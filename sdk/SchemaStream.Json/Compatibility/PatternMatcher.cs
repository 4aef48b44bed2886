using System.Diagnostics;
using System.Text.RegularExpressions;

namespace SchemaStream.Json.Compatibility;

/// <summary>Holds names against regular expressions of schemas, each within a bound on time, and all within another.</summary>
internal sealed class PatternMatcher(StepBudget budget)
{
    private readonly Dictionary<string, Regex?> _expressions = new(StringComparer.Ordinal);

    // Thousands of names that each stay just below their bound would take minutes.
    private readonly Stopwatch _matching = new();

    public StepBudget Budget { get; } = budget;

    /// <summary>Whether a pattern is found in a name; null if .NET cannot read the pattern, so that nobody knows.</summary>
    public bool? IsMatch(string pattern, string name)
    {
        Budget.Take();
        if (_matching.Elapsed > JsonSchemaLimits.MaxMatchTimeTogether)
        {
            throw new JsonSchemaException(
                $"Holding names against patterns takes too long, lately '{Shorten(pattern)}' on '{Shorten(name)}': more than " +
                $"{JsonSchemaLimits.MaxMatchTimeTogether.TotalSeconds:0} s together. Schemas with such patterns are not compared.");
        }

        _matching.Start();
        try
        {
            return Match(pattern, name);
        }
        finally
        {
            _matching.Stop();
        }
    }

    private bool? Match(string pattern, string name)
    {
        if (!_expressions.TryGetValue(pattern, out var expression))
        {
            expression = Read(pattern);
            _expressions[pattern] = expression;
        }

        try
        {
            return expression?.IsMatch(name);
        }
        catch (RegexMatchTimeoutException timeout)
        {
            throw new JsonSchemaException(
                $"The pattern '{Shorten(pattern)}' takes too long on the name '{Shorten(name)}'. Schemas with such " +
                "patterns are not compared.", timeout);
        }
    }

    private static Regex? Read(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, JsonSchemaLimits.MaxMatchTime);
        }
        catch (RegexParseException)
        {
            return null;
        }
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
