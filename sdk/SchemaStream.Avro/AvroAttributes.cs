using SchemaStream.Avro.Schemas;

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
/// <param name="precision">Digits in all, from 1 to 38; a C# decimal itself has at most 29.</param>
/// <param name="scale">Digits after the point, at most 28.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class AvroDecimalAttribute(int precision, int scale) : Attribute
{
    /// <summary>Digits in all.</summary>
    public int Precision { get; } = precision;

    /// <summary>Digits after the point.</summary>
    public int Scale { get; } = scale;
}

/// <summary>
/// What a date, time or span stands for, where the default is not meant: <see cref="DateTime"/> and
/// <see cref="DateTimeOffset"/> are timestamp-micros, <see cref="TimeOnly"/> is time-micros, <see cref="TimeSpan"/> its
/// ticks; and <see cref="AvroLogicalKind.BigDecimal"/> for a <see cref="decimal"/> whose values each have a scale of their
/// own. On a collection it is meant for the items.
/// </summary>
/// <param name="kind">The logical type; one that the member's type cannot have is refused when the schema is made.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class AvroLogicalTypeAttribute(AvroLogicalKind kind) : Attribute
{
    /// <summary>The logical type.</summary>
    public AvroLogicalKind Kind { get; } = kind;
}

/// <summary>
/// Writes a member as a fixed number of bytes: <c>byte[]</c> and <see cref="ReadOnlyMemory{T}"/> of any size, a
/// <see cref="decimal"/>, a <see cref="Guid"/> in 16 bytes, a <see cref="TimeSpan"/> as Avro's duration in 12. On a
/// collection it is meant for the items.
/// </summary>
/// <param name="size">The number of bytes.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class AvroFixedAttribute(int size) : Attribute
{
    /// <summary>The number of bytes.</summary>
    public int Size { get; } = size;

    /// <summary>The name of the fixed, with dots a full one; the names of type and member, joined, when absent.</summary>
    public string? Name { get; init; }
}

/// <summary>The place of a field among those of its record: smaller ones first, members without it count as 0, equals stay as declared.</summary>
/// <param name="position">The place.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class AvroOrderAttribute(int position) : Attribute
{
    /// <summary>The place.</summary>
    public int Position { get; } = position;
}

/// <summary>How a field takes part when records are sorted: the attribute <c>order</c> of Avro's fields.</summary>
/// <param name="order">The order; ascending when absent.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class AvroSortAttribute(AvroFieldOrder order) : Attribute
{
    /// <summary>The order.</summary>
    public AvroFieldOrder Order { get; } = order;
}

/// <summary>
/// The types that a value of a base class, interface or <see cref="object"/> may be: a union to Avro, its branches in this
/// order. On a type for every member of that type, on a member for that one.
/// </summary>
/// <remarks>
/// Without it a union is made of <c>[JsonDerivedType]</c>s, or of the nested types of an abstract class that has only
/// private constructors: such a hierarchy is closed. A value must be of exactly one of the types.
/// </remarks>
/// <param name="types">The types; more may be added at the end later, readers then have to know them first.</param>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class AvroUnionAttribute(params Type[] types) : Attribute
{
    /// <summary>The types.</summary>
    public IReadOnlyList<Type> Types { get; } = types;
}
