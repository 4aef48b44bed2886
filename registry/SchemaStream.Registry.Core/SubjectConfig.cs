using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core;

/// <summary>What was set for a subject, a context or the whole registry; null means not set.</summary>
public sealed record SubjectConfig
{
    /// <summary>The subject that is meant where this one is named.</summary>
    public string? Alias { get; init; }

    /// <summary>Of Confluent's key encryption; kept for its clients.</summary>
    public string? AliasForDeks { get; init; }

    /// <summary>Whether schemas are brought to their normal form before they are stored.</summary>
    public bool? Normalize { get; init; }

    /// <summary>Whether names that are reserved may be used.</summary>
    public bool? ValidateFields { get; init; }

    /// <summary>Whether new schemas must obey their specification's names and defaults to the letter.</summary>
    public bool? ValidateNewSchemas { get; init; }

    /// <summary>Whether the types of rules are checked; kept for clients.</summary>
    public bool? ValidateRules { get; init; }

    public CompatibilityLevel? CompatibilityLevel { get; init; }

    public CompatibilityPolicy? CompatibilityPolicy { get; init; }

    /// <summary>The metadata property whose value tells versions apart that are not compared with one another.</summary>
    public string? CompatibilityGroup { get; init; }

    /// <summary>What metadata says unless a schema says otherwise.</summary>
    public Metadata? DefaultMetadata { get; init; }

    /// <summary>What metadata says whatever a schema says.</summary>
    public Metadata? OverrideMetadata { get; init; }

    public RuleSet? DefaultRuleSet { get; init; }

    public RuleSet? OverrideRuleSet { get; init; }

    public static SubjectConfig Nothing { get; } = new();
}

/// <summary>A change to a <see cref="SubjectConfig"/>: what is absent stays, what is null is cleared.</summary>
public sealed record SubjectConfigUpdate
{
    public Change<string> Alias { get; init; }

    public Change<string> AliasForDeks { get; init; }

    public Change<bool?> Normalize { get; init; }

    public Change<bool?> ValidateFields { get; init; }

    public Change<bool?> ValidateNewSchemas { get; init; }

    public Change<bool?> ValidateRules { get; init; }

    public Change<CompatibilityLevel?> CompatibilityLevel { get; init; }

    public Change<CompatibilityPolicy?> CompatibilityPolicy { get; init; }

    public Change<string> CompatibilityGroup { get; init; }

    public Change<Metadata> DefaultMetadata { get; init; }

    public Change<Metadata> OverrideMetadata { get; init; }

    public Change<RuleSet> DefaultRuleSet { get; init; }

    public Change<RuleSet> OverrideRuleSet { get; init; }

    public SubjectConfig ApplyTo(SubjectConfig old) => new()
    {
        Alias = Alias.ApplyTo(old.Alias),
        AliasForDeks = AliasForDeks.ApplyTo(old.AliasForDeks),
        Normalize = Normalize.ApplyTo(old.Normalize),
        ValidateFields = ValidateFields.ApplyTo(old.ValidateFields),
        ValidateNewSchemas = ValidateNewSchemas.ApplyTo(old.ValidateNewSchemas),
        ValidateRules = ValidateRules.ApplyTo(old.ValidateRules),
        CompatibilityLevel = CompatibilityLevel.ApplyTo(old.CompatibilityLevel),
        CompatibilityPolicy = CompatibilityPolicy.ApplyTo(old.CompatibilityPolicy),
        CompatibilityGroup = CompatibilityGroup.ApplyTo(old.CompatibilityGroup),
        DefaultMetadata = DefaultMetadata.ApplyTo(old.DefaultMetadata),
        OverrideMetadata = OverrideMetadata.ApplyTo(old.OverrideMetadata),
        DefaultRuleSet = DefaultRuleSet.ApplyTo(old.DefaultRuleSet),
        OverrideRuleSet = OverrideRuleSet.ApplyTo(old.OverrideRuleSet),
    };
}

/// <summary>A property of an update: absent, cleared or set.</summary>
public readonly record struct Change<T>(bool IsPresent, T? Value)
{
    public T? ApplyTo(T? old) => IsPresent ? Value : old;
}
