using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Compatibility;

/// <summary>Tests a candidate against older versions as a level demands; messages have Confluent's form.</summary>
public static class CompatibilityCheck
{
    private const int LongestOldSchema = 10_240;

    /// <summary>The versions that a level looks at, newest first.</summary>
    public static IReadOnlyList<VersionEntry> VersionsToTest(SubjectImage subject, CompatibilityLevel level) => level switch
    {
        CompatibilityLevel.None => [],
        CompatibilityLevel.Backward or CompatibilityLevel.Forward or CompatibilityLevel.Full =>
            subject.Latest is { } latest ? [latest] : [],
        _ => [.. subject.Live.Reverse()],
    };

    /// <summary>What stands against the candidate; empty if nothing does.</summary>
    public static IReadOnlyList<string> Run(
        RegistryImage image,
        RegistryRules rules,
        Candidate candidate,
        IReadOnlyList<VersionEntry> newestFirst,
        CompatibilityLevel level)
    {
        if (level == CompatibilityLevel.None)
        {
            return [];
        }

        foreach (var old in newestFirst)
        {
            var differences = Compare(image, rules, candidate, old, level);
            if (differences.Count > 0)
            {
                return
                [
                    .. differences,
                    $"{{oldSchemaVersion: {old.Version}}}",
                    $"{{oldSchema: '{Cut(old.Schema.Text)}'}}",
                    $"{{validateFields: 'false', compatibility: '{RegistryNames.NameOf(level)}'}}",
                ];
            }
        }

        return [];
    }

    private static List<string> Compare(
        RegistryImage image, RegistryRules rules, Candidate candidate, VersionEntry old, CompatibilityLevel level)
    {
        if (old.Schema.Format != candidate.Format)
        {
            return
            [
                $"The schema type changed from {SchemaFormatNames.NameOf(old.Schema.Format)} to " +
                $"{SchemaFormatNames.NameOf(candidate.Format)}.",
            ];
        }

        if (!Candidate.Reopen(image, rules, old.Schema).TryGet(out var oldSchema, out var error))
        {
            return [$"The stored schema cannot be read: {error.Message}"];
        }

        var differences = new List<string>();
        if (OldReadsNew(level))
        {
            differences.AddRange(candidate.Support.CheckReads(oldSchema, candidate.Parsed, CompatibilityPolicy.Strict)
                .Select(violation => candidate.Support.Describe(violation, ReaderRole.OldReadsNew)));
        }

        if (NewReadsOld(level))
        {
            differences.AddRange(candidate.Support.CheckReads(candidate.Parsed, oldSchema, CompatibilityPolicy.Strict)
                .Select(violation => candidate.Support.Describe(violation, ReaderRole.NewReadsOld)));
        }

        return differences;
    }

    private static bool NewReadsOld(CompatibilityLevel level) => level is CompatibilityLevel.Backward
        or CompatibilityLevel.BackwardTransitive or CompatibilityLevel.Full or CompatibilityLevel.FullTransitive;

    private static bool OldReadsNew(CompatibilityLevel level) => level is CompatibilityLevel.Forward
        or CompatibilityLevel.ForwardTransitive or CompatibilityLevel.Full or CompatibilityLevel.FullTransitive;

    private static string Cut(string text) => text.Length <= LongestOldSchema ? text : text[..LongestOldSchema] + "...";
}
