namespace SchemaStream.Json.Validation;

/// <summary>A schema made ready to hold data against. Filled once by the compiler, then shared by all threads.</summary>
internal sealed class CompiledSchema(string pointer)
{
    private static readonly CompiledSchema[] NoSchemas = [];

    /// <summary>Where it stands in its text, for messages.</summary>
    public string Pointer { get; } = pointer;

    /// <summary>Whether nothing is valid.</summary>
    public bool IsNever { get; set; }

    /// <summary>The kinds that <c>type</c> allows; none where it does not say.</summary>
    public JsonTokenKind Types { get; set; }

    /// <summary>The kinds of which every value follows the schema, so that nothing has to be looked at.</summary>
    public JsonTokenKind Accepted { get; set; }

    /// <summary>Whether numbers have to be whole.</summary>
    public bool IsInteger { get; set; }

    public AllowedValues? Enum { get; set; }

    public AllowedValues? Const { get; set; }

    public StringRules? Strings { get; set; }

    public NumberRules? Numbers { get; set; }

    public ArrayRules? Arrays { get; set; }

    public ObjectRules? Objects { get; set; }

    public CompiledSchema? Reference { get; set; }

    public CompiledSchema[] AllOf { get; set; } = NoSchemas;

    public CompiledSchema[] AnyOf { get; set; } = NoSchemas;

    public CompiledSchema[] OneOf { get; set; } = NoSchemas;

    public CompiledSchema? Not { get; set; }

    public CompiledSchema? If { get; set; }

    public CompiledSchema? Then { get; set; }

    public CompiledSchema? Else { get; set; }

    public CompiledSchema? UnevaluatedItems { get; set; }

    public CompiledSchema? UnevaluatedProperties { get; set; }

    /// <summary>Whether it has anything beside demands on one value's own kind.</summary>
    public bool HasApplicators { get; set; }
}

internal sealed class StringRules
{
    /// <summary>In code points.</summary>
    public int MinLength { get; init; }

    public int MaxLength { get; init; } = int.MaxValue;

    public DataPattern? Pattern { get; init; }
}

internal sealed class NumberRules
{
    public NumberLimit? Minimum { get; init; }

    public NumberLimit? Maximum { get; init; }

    public NumberLimit? ExclusiveMinimum { get; init; }

    public NumberLimit? ExclusiveMaximum { get; init; }

    public NumberLimit? MultipleOf { get; init; }
}

internal sealed class ArrayRules
{
    public CompiledSchema[] Tuple { get; init; } = [];

    /// <summary>Every item beyond the tuple; null where they are free.</summary>
    public CompiledSchema? Items { get; init; }

    public CompiledSchema? Contains { get; init; }

    /// <summary>Whether what <c>contains</c> finds counts as evaluated, as from 2020-12 on.</summary>
    public bool ContainsEvaluates { get; init; }

    public int MinContains { get; init; }

    public int MaxContains { get; init; } = int.MaxValue;

    public int MinItems { get; init; }

    public int MaxItems { get; init; } = int.MaxValue;

    public bool UniqueItems { get; init; }
}

internal sealed class ObjectRules
{
    /// <summary>All names that the schema knows: of properties, required ones, those with dependencies.</summary>
    public required PropertyTable Names { get; init; }

    public (DataPattern Pattern, CompiledSchema Schema)[] Patterns { get; init; } = [];

    /// <summary>Members that neither a name nor a pattern covers; null where they are free.</summary>
    public CompiledSchema? Additional { get; init; }

    public CompiledSchema? PropertyNames { get; init; }

    /// <summary>The places in <see cref="Names"/> of what must be there.</summary>
    public int[] Required { get; init; } = [];

    /// <summary>If the first is there, the second must be.</summary>
    public (int Trigger, int Needed)[] RequiredBy { get; init; } = [];

    /// <summary>If the member is there, the schema holds.</summary>
    public (int Trigger, CompiledSchema Schema)[] SchemasBy { get; init; } = [];

    public int MinProperties { get; init; }

    public int MaxProperties { get; init; } = int.MaxValue;

    /// <summary>Whether it matters which names were there.</summary>
    public bool TracksNames => Required.Length + RequiredBy.Length + SchemasBy.Length > 0;
}
