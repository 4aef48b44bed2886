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
