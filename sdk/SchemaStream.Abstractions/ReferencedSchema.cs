namespace SchemaStream;

/// <summary>A schema that a serializer's own schema names, to be registered before it.</summary>
/// <remarks>
/// A Protobuf import is registered under its own path as the subject, as Confluent's serializers do by default, so that
/// programs in all languages share one version of it.
/// </remarks>
/// <param name="Name">The name as the referring schema writes it: an import path, a <c>$ref</c>, an Avro full name.</param>
/// <param name="Subject">The subject to register it under.</param>
/// <param name="Text">The schema itself.</param>
/// <param name="References">The schemas that it names in turn.</param>
public sealed record ReferencedSchema(string Name, string Subject, string Text, IReadOnlyList<ReferencedSchema> References);
