namespace SchemaStream.Json.Compatibility;

/// <summary>A difference and where it is, from the schemas compared: <c>#/</c> is they themselves.</summary>
internal readonly record struct Change(ChangeKind Kind, string Path);
