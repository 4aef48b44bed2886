namespace SchemaStream.Registry.Core.Compatibility;

/// <summary>How severe a compatibility check is: <c>compatibilityPolicy</c> of a configuration.</summary>
public enum CompatibilityPolicy
{
    /// <summary>As the language's rules have it.</summary>
    Strict = 0,

    /// <summary>JSON Schema alone: changes to open and closed content models are let through.</summary>
    Lenient = 1,

    /// <summary>Logical types are compared as well.</summary>
    Logical = 2,
}

/// <summary>Confluent's names of the policies.</summary>
public static class CompatibilityPolicyNames
{
    public static string NameOf(CompatibilityPolicy policy) => policy switch
    {
        CompatibilityPolicy.Lenient => "LENIENT",
        CompatibilityPolicy.Logical => "LOGICAL",
        _ => "STRICT",
    };

    /// <summary>The policy of a name; null if it is none, which Confluent's registry passes over in silence.</summary>
    public static CompatibilityPolicy? Find(string? name) => name?.ToUpperInvariant() switch
    {
        "STRICT" => CompatibilityPolicy.Strict,
        "LENIENT" => CompatibilityPolicy.Lenient,
        "LOGICAL" => CompatibilityPolicy.Logical,
        _ => null,
    };
}
