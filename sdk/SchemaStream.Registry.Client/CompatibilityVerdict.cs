namespace SchemaStream.Registry.Client;

/// <summary>Whether a schema could be registered under a subject, and what stands against it.</summary>
/// <param name="IsCompatible">True if the subject's compatibility level allows the schema.</param>
/// <param name="Messages">The registry's own words: one entry per difference, then the schema compared with.</param>
public sealed record CompatibilityVerdict(bool IsCompatible, IReadOnlyList<string> Messages);
