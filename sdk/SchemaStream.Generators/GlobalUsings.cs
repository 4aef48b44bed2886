// The linked files of SchemaStream.Avro say JsonElement and mean the framework's; here it is ours, of the same name.
global using JsonCommentHandling = SchemaStream.Generators.Json.JsonCommentHandling;
global using JsonDocument = SchemaStream.Generators.Json.JsonDocument;
global using JsonDocumentOptions = SchemaStream.Generators.Json.JsonDocumentOptions;
global using JsonElement = SchemaStream.Generators.Json.JsonElement;
global using JsonException = SchemaStream.Generators.Json.JsonException;
global using JsonValueKind = SchemaStream.Generators.Json.JsonValueKind;
global using SchemaStream.Generators.Polyfills;
