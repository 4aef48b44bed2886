namespace SchemaStream.Registry.Security.Identities;

/// <summary>Who asks, once that is known.</summary>
public sealed record Caller(string Name, IReadOnlyList<string> Roles);
