namespace SchemaStream.Registry.Core;

/// <summary>What was set for a subject, a context or the whole registry; null means not set.</summary>
public sealed record SubjectConfig
{
    public CompatibilityLevel? CompatibilityLevel { get; init; }

    /// <summary>Whether schemas are brought to their normal form before they are stored.</summary>
    public bool? Normalize { get; init; }

    /// <summary>Whether new schemas must obey their specification's names and defaults to the letter.</summary>
    public bool? ValidateNewSchemas { get; init; }

    public static SubjectConfig Nothing { get; } = new();
}

/// <summary>A change to a <see cref="SubjectConfig"/>: what is absent stays, what is null is cleared.</summary>
public sealed record SubjectConfigUpdate
{
    public Change<CompatibilityLevel> CompatibilityLevel { get; init; }

    public Change<bool> Normalize { get; init; }

    public Change<bool> ValidateNewSchemas { get; init; }

    public SubjectConfig ApplyTo(SubjectConfig old) => old with
    {
        CompatibilityLevel = CompatibilityLevel.ApplyTo(old.CompatibilityLevel),
        Normalize = Normalize.ApplyTo(old.Normalize),
        ValidateNewSchemas = ValidateNewSchemas.ApplyTo(old.ValidateNewSchemas),
    };
}

/// <summary>A property of an update: absent, cleared or set.</summary>
public readonly record struct Change<T>(bool IsPresent, T? Value)
    where T : struct
{
    public T? ApplyTo(T? old) => IsPresent ? Value : old;
}
