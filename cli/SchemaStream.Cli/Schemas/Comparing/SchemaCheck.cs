using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Schemas.Comparing;

/// <summary>Whether a schema could be registered, and which rules stand against it.</summary>
/// <param name="Level">The level that was checked for.</param>
/// <param name="Versions">The versions that it was compared with.</param>
internal sealed record SchemaCheck(CompatibilityLevel Level, IReadOnlyList<int> Versions, IReadOnlyList<BrokenRule> Broken)
{
    public bool IsCompatible => Broken.Count == 0;

    /// <summary>Checks here, rule by rule, and asks the registry as well: it knows settings that are not told.</summary>
    /// <param name="level">Checked for; null: the subject's own, and then the registry has the last word.</param>
    public static async Task<SchemaCheck> RunAsync(
        IRegistryClient registry, string subject, SchemaText schema, CompatibilityLevel? level, CancellationToken cancellationToken)
    {
        schema.Parse(SchemaStream.Registry.Core.Formats.SchemaStrictness.Strict);
        var inForce = level ?? await registry.GetCompatibilityAsync(subject, cancellationToken);
        var versions = await registry.ListVersionsAsync(subject, cancellationToken);
        var tested = inForce == CompatibilityLevel.None || versions.Count == 0 ? []
            : CompatibilityNames.IsTransitive(inForce) ? versions.Reverse().ToList()
            : [versions[^1]];
        var broken = new List<BrokenRule>();
        foreach (var version in tested)
        {
            var older = await SchemaText.OfAsync(registry, await RegistryLookup.VersionAsync(registry, subject, version, cancellationToken), cancellationToken);
            if (CompatibilityNames.NewReadsOld(inForce))
            {
                broken.AddRange(BrokenRule.Check(older, schema, version, BrokenRule.NewReadsOld));
            }

            if (CompatibilityNames.OldReadsNew(inForce))
            {
                broken.AddRange(BrokenRule.Check(older, schema, version, BrokenRule.OldReadsNew));
            }
        }

        broken.AddRange(await ContractAsync(registry, subject, schema, cancellationToken));
        if (level is null && versions.Count > 0)
        {
            var verdict = await registry.CheckCompatibilityAsync(subject, schema.Definition, cancellationToken);
            if (!verdict.IsCompatible && broken.Count == 0)
            {
                broken.Add(new BrokenRule("REGISTRY", "/", string.Join(" ", verdict.Messages), BrokenRule.NewReadsOld, 0));
            }
            else if (verdict.IsCompatible)
            {
                // Its compatibility groups and policies let through what is broken between the versions that were compared here.
                broken.RemoveAll(rule => rule.Rule != ContractRule);
            }
        }

        return new SchemaCheck(inForce, tested, broken);
    }

    private const string ContractRule = "CONTRACT";

    /// <summary>The topic of a subject that is called as topics' subjects are: its types never change, whatever the level.</summary>
    private static async Task<IReadOnlyList<BrokenRule>> ContractAsync(
        IRegistryClient registry, string subject, SchemaText schema, CancellationToken cancellationToken)
    {
        var slot = subject.EndsWith("-key", StringComparison.Ordinal) ? RecordSlot.Key
            : subject.EndsWith("-value", StringComparison.Ordinal) ? RecordSlot.Value
            : (RecordSlot?)null;
        if (slot is not { } which || subject.StartsWith(':'))
        {
            return [];
        }

        var topic = subject[..subject.LastIndexOf('-')];
        if (topic.Length == 0 || (await registry.GetContractAsync(topic, cancellationToken))?[which] is not { } bound || (bound.Subject is { } named && named != subject))
        {
            return [];
        }

        var type = schema.Parse(SchemaStream.Registry.Core.Formats.SchemaStrictness.Lenient).TypeName;
        return bound.Format == schema.Format && (bound.Type is null || bound.Type == type)
            ? []
            : [new BrokenRule(
                ContractRule,
                "/",
                $"the topic {topic} is bound to {bound.Describe()} for ever; the schema is {SchemaFormatNames.NameOf(schema.Format)} {type}",
                BrokenRule.NewReadsOld,
                0)];
    }
}
