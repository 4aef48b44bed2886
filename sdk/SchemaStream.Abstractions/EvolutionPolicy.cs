namespace SchemaStream;

/// <summary>Whether the shape of a contract's type may change while its name and format stay.</summary>
public enum EvolutionPolicy
{
    /// <summary>New versions are accepted as far as the subject's compatibility level allows.</summary>
    Compatible = 0,

    /// <summary>The first schema is the only one.</summary>
    Frozen = 1,
}
