using SchemaStream.Json.Text;

namespace SchemaStream.Json.Schemas;

/// <summary>What a schema demands, apart from how it is written.</summary>
internal abstract class SchemaShape;

/// <summary>Everything is valid: <c>true</c>, or a schema without demands.</summary>
internal sealed class AnyShape : SchemaShape
{
    public static AnyShape Instance { get; } = new();
}

/// <summary>Nothing is valid: <c>false</c>.</summary>
internal sealed class NeverShape : SchemaShape
{
    public static NeverShape Instance { get; } = new();
}

/// <summary>A schema that is not at hand: one of JSON Schema's own, or a reference that leads nowhere.</summary>
internal sealed class OpaqueShape(string name) : SchemaShape
{
    public string Name { get; } = name;
}

/// <summary>Whether a shape excludes values of other types, or only has demands on those of its own.</summary>
internal enum TypeDemand
{
    /// <summary>Its keywords are there without <c>type</c>: other types are valid as they are.</summary>
    Implied = 0,

    /// <summary><c>type</c> says so.</summary>
    Required = 1,
}

/// <summary>A shape of one JSON type.</summary>
internal abstract class TypedShape(TypeDemand demand) : SchemaShape
{
    public TypeDemand Demand { get; } = demand;
}

internal sealed class BooleanShape() : TypedShape(TypeDemand.Required);

internal sealed class NullShape() : TypedShape(TypeDemand.Required);

internal sealed class StringShape(TypeDemand demand) : TypedShape(demand)
{
    public JsonNumber? MaxLength { get; init; }

    public JsonNumber? MinLength { get; init; }

    public string? Pattern { get; init; }
}

internal sealed class NumberShape(TypeDemand demand) : TypedShape(demand)
{
    public bool IsInteger { get; init; }

    public JsonNumber? Maximum { get; init; }

    public JsonNumber? Minimum { get; init; }

    public JsonNumber? ExclusiveMaximum { get; init; }

    public JsonNumber? ExclusiveMinimum { get; init; }

    public JsonNumber? MultipleOf { get; init; }
}

/// <summary>What is let in beyond what is named: everything, nothing, or what a schema allows.</summary>
/// <param name="Kind">Which of these.</param>
/// <param name="Schema">The schema, of a partial one alone.</param>
internal readonly record struct Rest(RestKind Kind, SchemaNode? Schema)
{
    public static Rest Open { get; } = new(RestKind.Open, null);
}

internal enum RestKind
{
    Open = 0,
    Closed = 1,
    Partial = 2,
}

internal sealed class ArrayShape(TypeDemand demand) : TypedShape(demand)
{
    /// <summary>The schema of every item; null where there is none, or one for each place.</summary>
    public SchemaNode? Items { get; init; }

    /// <summary>A schema for each of the first places.</summary>
    public IReadOnlyList<SchemaNode> Tuple { get; init; } = [];

    /// <summary>Items beyond the tuple.</summary>
    public Rest Additional { get; init; }

    /// <summary><c>additionalItems</c> as it was written: without a tuple it means nothing, and is compared all the same.</summary>
    public Rest AdditionalAsWritten { get; init; }

    public SchemaNode? Unevaluated { get; init; }

    public SchemaNode? Contains { get; init; }

    public JsonNumber? MinContains { get; init; }

    public JsonNumber? MaxContains { get; init; }

    public JsonNumber? MaxItems { get; init; }

    public JsonNumber? MinItems { get; init; }

    public bool UniqueItems { get; init; }
}

internal sealed class ObjectShape(TypeDemand demand) : TypedShape(demand)
{
    public NamedSchemas Properties { get; init; } = NamedSchemas.None;

    public NamedSchemas PatternProperties { get; init; } = NamedSchemas.None;

    public Rest Additional { get; init; }

    public SchemaNode? Unevaluated { get; init; }

    public SchemaNode? PropertyNames { get; init; }

    public IReadOnlySet<string> Required { get; init; } = new HashSet<string>();

    public IReadOnlyDictionary<string, IReadOnlySet<string>> RequiredBy { get; init; } =
        new Dictionary<string, IReadOnlySet<string>>();

    public NamedSchemas SchemasBy { get; init; } = NamedSchemas.None;

    public JsonNumber? MaxProperties { get; init; }

    public JsonNumber? MinProperties { get; init; }
}

internal sealed class EnumShape(IReadOnlySet<string> values) : SchemaShape
{
    /// <summary>The values in their canonical text.</summary>
    public IReadOnlySet<string> Values { get; } = values;
}

internal sealed class ConstShape(string value) : SchemaShape
{
    /// <summary>The value in its canonical text.</summary>
    public string Value { get; } = value;
}

internal sealed class NotShape(SchemaNode schema) : SchemaShape
{
    public SchemaNode Schema { get; } = schema;
}

internal sealed class ConditionalShape(SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) : SchemaShape
{
    public SchemaNode Condition { get; } = condition;

    public SchemaNode? Then { get; } = then;

    public SchemaNode? Otherwise { get; } = otherwise;
}

/// <summary>How many of several schemas must be satisfied.</summary>
internal enum Criterion
{
    All = 0,
    Any = 1,
    One = 2,
}

internal sealed class CombinedShape(Criterion criterion, IReadOnlyList<SchemaNode> parts) : SchemaShape
{
    public Criterion Criterion { get; } = criterion;

    public IReadOnlyList<SchemaNode> Parts { get; } = parts;

    /// <summary>The keyword of a criterion.</summary>
    public static string KeywordOf(Criterion criterion) => criterion switch
    {
        Criterion.All => "allOf",
        Criterion.Any => "anyOf",
        _ => "oneOf",
    };
}

/// <summary>Schemas by name, in the order of the text.</summary>
internal sealed class NamedSchemas(IReadOnlyList<KeyValuePair<string, SchemaNode>> entries)
{
    private readonly Dictionary<string, SchemaNode> _byName = new(entries, StringComparer.Ordinal);

    public static NamedSchemas None { get; } = new([]);

    public IReadOnlyList<KeyValuePair<string, SchemaNode>> Entries { get; } = entries;

    public int Count => Entries.Count;

    public SchemaNode? Find(string name) => _byName.GetValueOrDefault(name);
}
