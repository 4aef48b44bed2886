using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core;

/// <summary>A schema as a client offers it.</summary>
public sealed record SchemaRequest
{
    /// <summary>The language's name as sent; null means Avro.</summary>
    public string? SchemaType { get; init; }

    public string? Text { get; init; }

    public IReadOnlyList<SchemaReference> References { get; init; } = [];

    /// <summary>What is said besides; null leaves it to the configuration and the latest version.</summary>
    public Metadata? Metadata { get; init; }

    public RuleSet? RuleSet { get; init; }

    /// <summary>Tags to write into the text before it is looked at.</summary>
    public IReadOnlyList<EntityTags> TagsToAdd { get; init; } = [];

    /// <summary>Tags to take out of the text.</summary>
    public IReadOnlyList<EntityTags> TagsToRemove { get; init; } = [];

    /// <summary>Whether the latest version's tags are carried over to the new text.</summary>
    public TagPropagation TagPropagation { get; init; }

    /// <summary>The id that an import asks for; 0 for none.</summary>
    public int Id { get; init; }

    /// <summary>The version that the client expects: 0 the next, -1 the next unless it equals the latest.</summary>
    public int Version { get; init; }

    /// <summary>Whether to bring the schema to its normal form, whatever the configuration says.</summary>
    public Normalization Normalization { get; init; }

    /// <summary>The request with the latest version's schema in place of none.</summary>
    public SchemaRequest CompletedFrom(StoredSchema? latest) =>
        string.IsNullOrWhiteSpace(Text) && latest is not null
            ? this with
            {
                SchemaType = SchemaFormatNames.NameOf(latest.Format),
                Text = latest.Text,
                References = latest.References,
            }
            : this;

    /// <summary>Whether what was sent may be what is stored: neither tags nor the configuration are to change it first.</summary>
    public bool IsLookedUpAsSent(SubjectConfig config) =>
        TagsToAdd.Count == 0
        && TagsToRemove.Count == 0
        && TagPropagation == TagPropagation.None
        && config is { DefaultMetadata: null, OverrideMetadata: null, DefaultRuleSet: null, OverrideRuleSet: null };
}

/// <summary>Who decides whether a schema is brought to its normal form.</summary>
public enum Normalization
{
    /// <summary>The subject's configuration.</summary>
    AsConfigured = 0,

    /// <summary>The client, who asked for it.</summary>
    Requested = 1,
}

/// <summary>Whether tags that were put on a version go on to the next.</summary>
public enum TagPropagation
{
    /// <summary>The text is taken as it is.</summary>
    None = 0,

    /// <summary>Tags of the latest version are put on the same parts of the new one: <c>propagateSchemaTags</c>.</summary>
    FromLatest = 1,
}

/// <summary>A schema under a subject, as replies show it.</summary>
public sealed record SubjectSchema(
    Subject Subject, int Version, StoredSchema Schema, Records.VersionState State, DateTimeOffset Timestamp)
{
    public static SubjectSchema Of(Subject subject, State.VersionEntry entry) =>
        new(subject, entry.Version, entry.Schema, entry.State, entry.Timestamp);
}
