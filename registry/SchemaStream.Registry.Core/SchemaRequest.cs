namespace SchemaStream.Registry.Core;

/// <summary>A schema as a client offers it.</summary>
public sealed record SchemaRequest
{
    /// <summary>The language's name as sent; null means Avro.</summary>
    public string? SchemaType { get; init; }

    public string? Text { get; init; }

    public IReadOnlyList<SchemaReference> References { get; init; } = [];

    /// <summary>The id that an import asks for; 0 for none.</summary>
    public int Id { get; init; }

    /// <summary>The version that the client expects: 0 the next, -1 the next unless it equals the latest.</summary>
    public int Version { get; init; }

    /// <summary>Whether to bring the schema to its normal form, whatever the configuration says.</summary>
    public Normalization Normalization { get; init; }
}

/// <summary>Who decides whether a schema is brought to its normal form.</summary>
public enum Normalization
{
    /// <summary>The subject's configuration.</summary>
    AsConfigured = 0,

    /// <summary>The client, who asked for it.</summary>
    Requested = 1,
}

/// <summary>A schema under a subject, as replies show it.</summary>
public sealed record SubjectSchema(
    Subject Subject, int Version, StoredSchema Schema, Records.VersionState State, DateTimeOffset Timestamp)
{
    public static SubjectSchema Of(Subject subject, State.VersionEntry entry) =>
        new(subject, entry.Version, entry.Schema, entry.State, entry.Timestamp);
}
