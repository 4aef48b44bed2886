namespace SchemaStream.Json.Schemas;

/// <summary>Where a schema stands: what its relative references start from, and by which edition it is read.</summary>
/// <param name="BaseUri">The URI in force, without a fragment.</param>
/// <param name="Draft">The edition.</param>
/// <param name="Pointer">Its JSON pointer within its text, for messages.</param>
internal sealed record SchemaPlace(string BaseUri, JsonSchemaDraft Draft, string Pointer);
