namespace SchemaStream;

/// <summary>Which older schemas a new schema of a subject must get along with.</summary>
public enum CompatibilityLevel
{
    /// <summary>Any schema is accepted.</summary>
    None = 0,

    /// <summary>The new schema reads data of the latest version.</summary>
    Backward = 1,

    /// <summary>The new schema reads data of every live version.</summary>
    BackwardTransitive = 2,

    /// <summary>The latest version reads data of the new schema.</summary>
    Forward = 3,

    /// <summary>Every live version reads data of the new schema.</summary>
    ForwardTransitive = 4,

    /// <summary>Backward and forward with the latest version.</summary>
    Full = 5,

    /// <summary>Backward and forward with every live version.</summary>
    FullTransitive = 6,
}
