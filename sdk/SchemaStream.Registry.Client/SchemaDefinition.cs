namespace SchemaStream.Registry.Client;

/// <summary>A schema as it is offered to a registry, before it has an id.</summary>
/// <param name="Format">The schema's language: Avro, JSON Schema or Protobuf.</param>
/// <param name="Text">The schema itself.</param>
/// <param name="References">Registered schemas that <paramref name="Text"/> names; null means none.</param>
public sealed record SchemaDefinition(
    SchemaFormat Format,
    string Text,
    IReadOnlyList<SchemaReference>? References = null);
