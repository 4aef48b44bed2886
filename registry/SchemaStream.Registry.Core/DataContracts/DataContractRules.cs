using System.Collections.Immutable;

namespace SchemaStream.Registry.Core.DataContracts;

/// <summary>What is asked of metadata and rules before they are kept. Rules are judged by their form: they run elsewhere.</summary>
public static class DataContractRules
{
    private const int LongestRuleName = 256;

    /// <summary>Why this cannot be kept (42209, 42210); null if it can.</summary>
    public static RegistryError? Check(RegistrySettings settings, Metadata? metadata, RuleSet? ruleSet)
    {
        var length = LengthOf(metadata) + LengthOf(ruleSet);
        return length > settings.LargestSchemaLength
            ? new RegistryError(
                ErrorCodes.SchemaTooLarge,
                $"Metadata and rules have {length} characters; at most {settings.LargestSchemaLength} are taken.")
            : Check(ruleSet);
    }

    public static RegistryError? Check(RuleSet? ruleSet)
    {
        if (ruleSet is null)
        {
            return null;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        return Check(ruleSet.MigrationRules, names, "Migration", migration: true)
            ?? Check(ruleSet.DomainRules, names, "Domain", migration: false)
            ?? Check(ruleSet.EncodingRules, names, "Encoding", migration: false);
    }

    private static RegistryError? Check(ImmutableArray<Rule> rules, HashSet<string> names, string category, bool migration)
    {
        foreach (var rule in rules)
        {
            if (NameFault(rule.Name) is { } fault)
            {
                return Invalid(rule, fault);
            }

            if (!names.Add(rule.Name!))
            {
                return Invalid(rule, "another rule has the same name");
            }

            if (string.IsNullOrEmpty(rule.Type))
            {
                return Invalid(rule, "its type is missing");
            }

            if (migration != (rule.Mode is RuleMode.Upgrade or RuleMode.Downgrade or RuleMode.UpDown))
            {
                return Invalid(
                    rule,
                    $"its mode is {RuleNames.NameOf(rule.Mode)}; {category} rules are " +
                    (migration ? "UPGRADE, DOWNGRADE or UPDOWN" : "WRITE, READ or WRITEREAD"));
            }

            if (rule.Mode is not (RuleMode.UpDown or RuleMode.WriteRead)
                && (rule.OnSuccess?.Contains(',', StringComparison.Ordinal) == true
                    || rule.OnFailure?.Contains(',', StringComparison.Ordinal) == true))
            {
                return Invalid(rule, "two actions, one for each way, are for modes UPDOWN and WRITEREAD");
            }
        }

        return null;
    }

    private static string? NameFault(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return "its name is missing";
        }

        if (name.Length > LongestRuleName)
        {
            return $"its name is longer than {LongestRuleName} characters";
        }

        var legal = (char.IsLetter(name[0]) || name[0] == '_')
            && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-');
        return legal ? null : "a name begins with a letter or '_' and goes on with letters, digits, '_' and '-'";
    }

    private static RegistryError Invalid(Rule rule, string why)
    {
        var name = rule.Name is { Length: > LongestRuleName } tooLong ? tooLong[..LongestRuleName] + "..." : rule.Name;
        return new RegistryError(ErrorCodes.InvalidRuleSet, $"The rule '{name}' is not valid: {why}.");
    }

    private static long LengthOf(Metadata? metadata) => metadata is null
        ? 0
        : metadata.Tags.Sum(tag => tag.Key.Length + (long)LengthOf(tag.Value))
            + LengthOf(metadata.Properties)
            + LengthOf(metadata.Sensitive);

    private static long LengthOf(RuleSet? ruleSet) => ruleSet is null
        ? 0
        : LengthOf(ruleSet.MigrationRules) + LengthOf(ruleSet.DomainRules) + LengthOf(ruleSet.EncodingRules);

    private static long LengthOf(ImmutableArray<Rule> rules) => rules.Sum(rule =>
        LengthOf(rule.Name) + LengthOf(rule.Doc) + LengthOf(rule.Type) + LengthOf(rule.Expr) + LengthOf(rule.OnSuccess)
        + LengthOf(rule.OnFailure) + LengthOf(rule.Tags) + LengthOf(rule.Params));

    private static long LengthOf(ImmutableSortedDictionary<string, string> pairs) =>
        pairs.Sum(pair => (long)pair.Key.Length + pair.Value.Length);

    private static long LengthOf(ImmutableSortedSet<string> names) => names.Sum(name => (long)name.Length);

    private static long LengthOf(string? text) => text?.Length ?? 0;
}
