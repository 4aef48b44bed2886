namespace SchemaStream.Registry.Configuration;

/// <summary>One setting of a registry, as the documentation has it.</summary>
/// <param name="Name">Confluent's name where it has one.</param>
/// <param name="Default">As a file would say it; empty for none.</param>
/// <param name="Documentation">What it does, in a sentence or two.</param>
public sealed record RegistrySettingDefinition(string Name, string Default, string Documentation);
