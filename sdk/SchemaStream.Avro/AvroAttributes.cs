namespace SchemaStream.Avro;

/// <summary>The Avro name of a type, member or enum value, where it differs from the C# name.</summary>
/// <param name="name">The simple name; of a type it may be a full name with dots.</param>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Property |
    AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class AvroNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>The namespace of a type; the C# namespace when absent.</summary>
    public string? Namespace { get; init; }
}

/// <summary>A former name: data written under it is still read.</summary>
/// <param name="name">The former name.</param>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Property |
    AttributeTargets.Field | AttributeTargets.Parameter,
    AllowMultiple = true)]
public sealed class AvroAliasAttribute(string name) : Attribute
{
    /// <summary>The former name.</summary>
    public string Name { get; } = name;
}

/// <summary>Documentation that travels in the schema.</summary>
/// <param name="text">The text.</param>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Property |
    AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class AvroDocAttribute(string text) : Attribute
{
    /// <summary>The text.</summary>
    public string Text { get; } = text;
}

/// <summary>
/// The value that readers take when the writer has no such field; on an enum's value, without an argument: the one that
/// readers take for a symbol that they do not know.
/// </summary>
/// <param name="json">The default as JSON, for example <c>0</c>, <c>"none"</c> or <c>[]</c>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class AvroDefaultAttribute(string json = "") : Attribute
{
    /// <summary>The default as JSON; empty on an enum's value.</summary>
    public string Json { get; } = json;
}

/// <summary>Leaves a member out of the schema.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class AvroIgnoreAttribute : Attribute
{
}

/// <summary>How many digits a <see cref="decimal"/> has, in all and after the point; 29 and 14 when absent.</summary>
/// <param name="precision">Digits in all, from 1 to 29.</param>
/// <param name="scale">Digits after the point, at most 28.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class AvroDecimalAttribute(int precision, int scale) : Attribute
{
    /// <summary>Digits in all.</summary>
    public int Precision { get; } = precision;

    /// <summary>Digits after the point.</summary>
    public int Scale { get; } = scale;
}
