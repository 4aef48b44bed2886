namespace SchemaStream;

/// <summary>A schema that another schema names: resolved by the registry from subject and version.</summary>
/// <param name="Name">The name as the referring schema writes it: an Avro full name, a JSON <c>$ref</c>, a Protobuf import path.</param>
/// <param name="Subject">The subject that holds the referenced schema.</param>
/// <param name="Version">Its version there, from 1; -1 means the latest and is fixed at registration.</param>
public sealed record SchemaReference(string Name, string Subject, int Version);
