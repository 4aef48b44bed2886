using System.Text.RegularExpressions;

namespace SchemaStream.Json.Compatibility;

/// <summary>Holds names against regular expressions of schemas, all of it within the steps of a comparison.</summary>
/// <remarks>
/// Most expressions are matched in time that grows with the name and no more, and cost what they take. Those that look
/// around or back may take any time: they are first tried for a moment, which is enough for what people write, and a match
/// that needs longer costs so much that few are paid for.
/// </remarks>
internal sealed class PatternMatcher(StepBudget budget)
{
    /// <summary>Longer expressions take long to be made ready for matching in linear time.</summary>
    private const int LongestLinearPattern = 256;

    private const int CharactersOfAStep = 256;
    private const int StepsOfATry = JsonSchemaLimits.MaxComparedSteps / 1_000;
    private const int StepsOfALongMatch = JsonSchemaLimits.MaxComparedSteps / 20;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    private readonly Dictionary<string, Expression?> _expressions = new(StringComparer.Ordinal);

    public StepBudget Budget { get; } = budget;

    /// <summary>Whether a pattern is found in a name; null if .NET cannot read the pattern, so that nobody knows.</summary>
    public bool? IsMatch(string pattern, string name)
    {
        Budget.Take();
        if (!_expressions.TryGetValue(pattern, out var expression))
        {
            expression = Read(pattern);
            _expressions[pattern] = expression;
        }

        return expression is null ? null : Match(expression, pattern, name);
    }

    private bool Match(Expression expression, string pattern, string name)
    {
        if (expression.Unhurried is null)
        {
            Budget.Take((int)Math.Min((long)pattern.Length * name.Length / CharactersOfAStep, JsonSchemaLimits.MaxComparedSteps));
            return expression.Quick.IsMatch(name);
        }

        Budget.Take(StepsOfATry);
        try
        {
            return expression.Quick.IsMatch(name);
        }
        catch (RegexMatchTimeoutException)
        {
            Budget.Take(StepsOfALongMatch);
        }

        try
        {
            return expression.Unhurried.IsMatch(name);
        }
        catch (RegexMatchTimeoutException timeout)
        {
            throw new JsonSchemaException(
                $"The pattern '{Shorten(pattern)}' takes too long on the name '{Shorten(name)}'. Schemas with such " +
                "patterns are not compared.", timeout);
        }
    }

    private static Expression? Read(string pattern)
    {
        try
        {
            return Linear(pattern) is { } linear
                ? new Expression(linear, Unhurried: null)
                : new Expression(Backtracking(pattern, Moment), Backtracking(pattern, JsonSchemaLimits.MaxMatchTime));
        }
        catch (RegexParseException)
        {
            return null;
        }
    }

    private static Regex? Linear(string pattern)
    {
        if (pattern.Length > LongestLinearPattern)
        {
            return null;
        }

        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            // It looks around or back, or counts too far.
            return null;
        }
    }

    private static Regex Backtracking(string pattern, TimeSpan limit) => new(pattern, RegexOptions.CultureInvariant, limit);

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";

    /// <summary>A pattern made ready: to be matched in linear time, or first quickly and then with more time.</summary>
    private sealed record Expression(Regex Quick, Regex? Unhurried);
}
