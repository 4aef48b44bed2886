// The same names as the framework's, so that Locks/SchemaLock.cs compiles into the command line too.
global using JsonDocument = SchemaStream.Generators.Json.JsonDocument;
global using JsonDocumentOptions = SchemaStream.Generators.Json.JsonDocumentOptions;
global using JsonCommentHandling = SchemaStream.Generators.Json.JsonCommentHandling;
global using JsonElement = SchemaStream.Generators.Json.JsonElement;
global using JsonException = SchemaStream.Generators.Json.JsonException;
global using JsonValueKind = SchemaStream.Generators.Json.JsonValueKind;
