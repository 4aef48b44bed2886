namespace SchemaStream.Registry.Core;

/// <summary>What an administrator decides about the rules.</summary>
public sealed record RegistrySettings
{
    /// <summary>The level of subjects for which nobody has set one.</summary>
    public CompatibilityLevel DefaultCompatibility { get; init; } = CompatibilityLevel.Backward;

    /// <summary>What the first schema under <c>topic-key</c> or <c>topic-value</c> means: <c>contracts.implicit</c>.</summary>
    public ImplicitContracts ImplicitContracts { get; init; } = ImplicitContracts.Enforce;

    /// <summary>Whether modes can be changed: <c>mode.mutability</c>.</summary>
    public ModeMutability ModeMutability { get; init; } = ModeMutability.Mutable;

    /// <summary>The longest schema text, in characters.</summary>
    public int LargestSchemaLength { get; init; } = 1024 * 1024;

    /// <summary>The most references of one schema, indirect ones included.</summary>
    public int MostReferences { get; init; } = 500;

    /// <summary>How many references may follow one another.</summary>
    public int DeepestReference { get; init; } = 32;
}

/// <summary>What the first schema under a topic's subject does to the topic's contract.</summary>
public enum ImplicitContracts
{
    /// <summary>It binds, and other types are refused.</summary>
    Enforce = 0,

    /// <summary>It binds; other types are let in with a warning in the log.</summary>
    Record = 1,

    /// <summary>It binds nothing.</summary>
    Off = 2,
}

/// <summary>Whether modes can be changed.</summary>
public enum ModeMutability
{
    /// <summary>They can.</summary>
    Mutable = 0,

    /// <summary>They cannot: 42205.</summary>
    Immutable = 1,
}
