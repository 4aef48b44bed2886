namespace SchemaStream;

/// <summary>A schema as the registry holds it.</summary>
/// <param name="Id">The registry-wide id that travels with every message, from 1; never reused.</param>
/// <param name="Format">The schema's language.</param>
/// <param name="Text">The schema itself, as the registry stores it.</param>
/// <param name="References">Schemas that <paramref name="Text"/> names.</param>
/// <param name="Subject">The subject it was asked for under; null when it was asked for by id alone.</param>
/// <param name="Version">Its version under <paramref name="Subject"/>; 0 when unknown.</param>
public sealed record RegisteredSchema(
    int Id,
    SchemaFormat Format,
    string Text,
    IReadOnlyList<SchemaReference> References,
    string? Subject = null,
    int Version = 0);
