using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Compatibility;

/// <summary>Tests a candidate against older versions as a configuration demands; messages have Confluent's form.</summary>
public static class CompatibilityCheck
{
    private const int LongestOldSchema = 10_240;

    /// <summary>What stands against the candidate; empty if nothing does.</summary>
    /// <param name="image">Where references lead.</param>
    /// <param name="rules">The languages.</param>
    /// <param name="candidate">The schema in question, with its metadata as it would be stored.</param>
    /// <param name="newestFirst">Live versions; the configuration says which of them count.</param>
    /// <param name="config">The configuration in force.</param>
    public static IReadOnlyList<string> Run(
        RegistryImage image,
        RegistryRules rules,
        Candidate candidate,
        IReadOnlyList<VersionEntry> newestFirst,
        SubjectConfig config)
    {
        var level = config.CompatibilityLevel!.Value;
        var messages = new List<string>();
        if (config.ValidateFields == true)
        {
            messages.AddRange(ReservedNames.Check(candidate, newestFirst is [var latest, ..] ? latest : null));
        }

        foreach (var old in Tested(newestFirst, candidate.Content.Metadata, config))
        {
            var differences = Compare(image, rules, candidate, old, config);
            if (differences.Count > 0)
            {
                messages.AddRange(differences);
                messages.Add($"{{oldSchemaVersion: {old.Version}}}");
                messages.Add($"{{oldSchema: '{Cut(old.Schema.Text)}'}}");
                break;
            }
        }

        if (messages.Count > 0)
        {
            messages.Add(
                $"{{validateFields: '{(config.ValidateFields == true ? "true" : "false")}', " +
                $"compatibility: '{RegistryNames.NameOf(level)}'}}");
        }

        return messages;
    }

    /// <summary>The versions that count: of the candidate's group, if groups are told apart, and as the level says.</summary>
    private static IEnumerable<VersionEntry> Tested(
        IEnumerable<VersionEntry> newestFirst, Metadata? metadata, SubjectConfig config)
    {
        if (config.CompatibilityGroup is { Length: > 0 } property)
        {
            var group = GroupOf(metadata, property);
            newestFirst = newestFirst.Where(entry => GroupOf(entry.Schema.Metadata, property) == group);
        }

        return config.CompatibilityLevel switch
        {
            CompatibilityLevel.None => [],
            CompatibilityLevel.Backward or CompatibilityLevel.Forward or CompatibilityLevel.Full => newestFirst.Take(1),
            _ => newestFirst,
        };
    }

    private static string? GroupOf(Metadata? metadata, string property) => metadata?.Properties.GetValueOrDefault(property);

    private static List<string> Compare(
        RegistryImage image, RegistryRules rules, Candidate candidate, VersionEntry old, SubjectConfig config)
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

        var level = config.CompatibilityLevel!.Value;
        var policy = config.CompatibilityPolicy ?? CompatibilityPolicy.Strict;
        var differences = new List<string>();
        if (OldReadsNew(level))
        {
            differences.AddRange(candidate.Support.CheckReads(oldSchema, candidate.Parsed, policy)
                .Select(violation => candidate.Support.Describe(violation, ReaderRole.OldReadsNew)));
        }

        if (NewReadsOld(level))
        {
            differences.AddRange(candidate.Support.CheckReads(candidate.Parsed, oldSchema, policy)
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
