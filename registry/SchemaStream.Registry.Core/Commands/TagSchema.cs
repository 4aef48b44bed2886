using System.Collections.Immutable;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>What is to become of a version's tags, metadata and rules.</summary>
public sealed record TagChanges
{
    /// <summary>The number that the outcome is expected to get; 0 for whichever is next.</summary>
    public int NewVersion { get; init; }

    public IReadOnlyList<EntityTags> TagsToAdd { get; init; } = [];

    public IReadOnlyList<EntityTags> TagsToRemove { get; init; } = [];

    /// <summary>Metadata in place of the version's; null keeps that.</summary>
    public Metadata? Metadata { get; init; }

    /// <summary>Rules in place of the latest version's; null keeps those.</summary>
    public RuleSet? RuleSet { get; init; }

    /// <summary>Rules to put after those of the version before, in place of others of the same name.</summary>
    public RuleSet? RulesToMerge { get; init; }

    /// <summary>Names of rules to leave out; null leaves out none.</summary>
    public IReadOnlyList<string>? RulesToRemove { get; init; }
}

/// <summary>Registers a version again with other tags, metadata or rules.</summary>
public sealed record TagSchema(Subject Subject, VersionSelector Version, TagChanges Changes) : IRegistryCommand<SubjectSchema>
{
    public Decision<SubjectSchema> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if ((Subject.Fault() ?? CheckRules()) is { } fault)
        {
            return fault;
        }

        if (!SchemaLookup.ByVersion(image, Subject, Version, Visibility.Live).TryGet(out var found, out var error)
            || !Candidate.Reopen(image, rules, found.Schema).TryGet(out var parsed, out error)
            || !parsed.Retagged(Changes.TagsToAdd, Changes.TagsToRemove).TryGet(out var text, out error))
        {
            return error;
        }

        var request = new SchemaRequest
        {
            SchemaType = SchemaFormatNames.NameOf(found.Schema.Format),
            Text = text,
            References = found.Schema.References,
            Metadata = Metadata.WithVersion(Changes.Metadata ?? found.Schema.Metadata, Changes.NewVersion),
            RuleSet = RuleSetOf(image.Subject(Subject)),
            Version = Changes.NewVersion,
        };
        return new RegisterSchema(Subject, request).Decide(image, rules, now);
    }

    private RegistryError? CheckRules() =>
        Changes.RuleSet is not null && (Changes.RulesToMerge ?? (object?)Changes.RulesToRemove) is not null
            ? new RegistryError(
                ErrorCodes.InvalidRuleSet, "'ruleSet' says all rules: it goes without 'rulesToMerge' and 'rulesToRemove'.")
            : DataContractRules.Check(Changes.RulesToMerge) ?? DataContractRules.Check(Changes.RuleSet);

    private RuleSet? RuleSetOf(SubjectImage subject)
    {
        if (Changes.RulesToMerge is null && Changes.RulesToRemove is null)
        {
            return Changes.RuleSet;
        }

        var before = Changes.NewVersion > 0 ? subject.Find(Changes.NewVersion - 1) : subject.Latest;
        var merged = RuleSet.Merge(before is { IsLive: true } ? before.Schema.RuleSet : null, Changes.RulesToMerge);
        return merged is null
            ? null
            : new RuleSet
            {
                MigrationRules = Left(merged.MigrationRules),
                DomainRules = Left(merged.DomainRules),
                EncodingRules = Left(merged.EncodingRules),
                EnableAt = merged.EnableAt,
            };
    }

    private ImmutableArray<Rule> Left(ImmutableArray<Rule> rules) => Changes.RulesToRemove is { } gone
        ? [.. rules.Where(rule => !gone.Contains(rule.Name, StringComparer.Ordinal))]
        : rules;
}
