using System.Text.Json;

namespace SchemaStream.Avro.Schemas;

/// <summary>An attribute of a schema or field that Avro does not define, or that belongs to its logical type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, as written.</param>
public readonly record struct AvroProperty(string Name, JsonElement Value);
