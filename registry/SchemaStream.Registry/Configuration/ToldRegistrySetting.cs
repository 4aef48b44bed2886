namespace SchemaStream.Registry.Configuration;

/// <summary>A setting as someone told it.</summary>
/// <param name="Key">Which.</param>
/// <param name="Value">As it was written.</param>
/// <param name="Place">A file and line, a variable, or a switch.</param>
public sealed record ToldRegistrySetting(string Key, string Value, string Place);
