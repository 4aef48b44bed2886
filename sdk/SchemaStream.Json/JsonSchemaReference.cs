namespace SchemaStream.Json;

/// <summary>Another schema that a schema's <c>$ref</c> may lead to.</summary>
/// <param name="Name">The URI under which it is referred to, such as <c>address.json</c> or <c>https://example.com/address.json</c>.</param>
/// <param name="Text">The schema itself.</param>
public sealed record JsonSchemaReference(string Name, string Text);
