using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>
/// A member's regular expression for topics. Kafka's is RE2's: what takes more than linear time (references back, looking
/// around) is not part of it, and a name has to match as a whole. Matching takes time linear in the name's length here too.
/// Administrators choose transactional ids in the same way.
/// </summary>
public static class SubscriptionRegex
{
    /// <summary>Characters of a pattern; a bound of ours.</summary>
    public const int LongestPattern = 4096;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    public static bool TryCreate(string pattern, [NotNullWhen(true)] out Regex? regex, [NotNullWhen(false)] out string? why)
    {
        regex = null;
        if (pattern.Length > LongestPattern)
        {
            why = $"it has {pattern.Length} characters, of which there may be {LongestPattern}";
            return false;
        }

        var translated = Re2Pattern.Translate(pattern, out why);
        if (translated is null)
        {
            why ??= "it cannot be read";
            return false;
        }

        try
        {
            regex = new Regex($@"\A(?:{translated})\z", Options);
            return true;
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            why = refused.Message;
            return false;
        }
    }
}
