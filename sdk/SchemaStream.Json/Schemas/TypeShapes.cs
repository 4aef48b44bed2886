using SchemaStream.Json.Text;

namespace SchemaStream.Json.Schemas;

/// <summary>The demands that a schema has on values of one JSON type.</summary>
internal static class TypeShapes
{
    private static readonly (string Type, string[] Keywords)[] Implying =
    [
        ("object",
        [
            "properties", "patternProperties", "additionalProperties", "required", "minProperties", "maxProperties",
            "dependencies", "dependentRequired", "dependentSchemas", "propertyNames", "unevaluatedProperties",
        ]),
        ("array",
        [
            "items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems", "contains",
            "unevaluatedItems",
        ]),
        ("number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
        ("string", ["minLength", "maxLength", "pattern"]),
    ];

    private static readonly HashSet<string> Demanding = new(
        ["type", "enum", "const", "allOf", "anyOf", "oneOf", "not", "if", .. Implying.SelectMany(type => type.Keywords)],
        StringComparer.Ordinal);

    /// <summary>Whether a schema demands anything beside what it refers to. Looks at its own text alone, so it always ends.</summary>
    public static bool HasDemands(SchemaNode node) =>
        node.Value.Members.Any(member => Demanding.Contains(member.Name) && Keywords.Find(member.Name, node.Place.Draft) is not null)
        || (node.Place.Draft >= JsonSchemaDraft.Draft6 && node.Value.Find("const") is not null);

    /// <summary>The types that a schema without <c>type</c> has demands on.</summary>
    public static IEnumerable<string> ImpliedBy(KeywordReader keywords) =>
        Implying.Where(type => type.Keywords.Any(keywords.Has)).Select(type => type.Type);

    public static SchemaShape Read(KeywordReader keywords, string type, TypeDemand demand) => type switch
    {
        "string" => new StringShape(demand)
        {
            MaxLength = keywords.Number("maxLength"),
            MinLength = keywords.Number("minLength"),
            Pattern = keywords.Text("pattern"),
        },
        "number" or "integer" => ReadNumber(keywords, type, demand),
        "boolean" => new BooleanShape(),
        "null" => new NullShape(),
        "array" => ReadArray(keywords, demand),
        _ => ReadObject(keywords, demand),
    };

    private static NumberShape ReadNumber(KeywordReader keywords, string type, TypeDemand demand)
    {
        var maximum = keywords.Number("maximum");
        var minimum = keywords.Number("minimum");

        // In draft 4 the exclusive keywords are flags on the others.
        var draft4 = keywords.Draft == JsonSchemaDraft.Draft4;
        return new NumberShape(demand)
        {
            IsInteger = type == "integer",
            Maximum = maximum,
            Minimum = minimum,
            ExclusiveMaximum = draft4
                ? keywords.IsTrue("exclusiveMaximum") ? maximum : null
                : keywords.Number("exclusiveMaximum"),
            ExclusiveMinimum = draft4
                ? keywords.IsTrue("exclusiveMinimum") ? minimum : null
                : keywords.Number("exclusiveMinimum"),
            MultipleOf = keywords.Number("multipleOf"),
        };
    }

    private static ArrayShape ReadArray(KeywordReader keywords, TypeDemand demand)
    {
        var modern = keywords.Draft == JsonSchemaDraft.Draft202012;
        var isTuple = modern ? keywords.Has("prefixItems") : keywords.Value("items") is { IsArray: true };
        var tuple = isTuple ? keywords.Schemas(modern ? "prefixItems" : "items") : [];
        var items = isTuple ? null : keywords.Schema("items");
        var rest = isTuple ? RestOf(keywords.Schema(modern ? "items" : "additionalItems")) : Rest.Open;
        if (modern && items is { IsNever: true })
        {
            // No items at all: a tuple of no places, closed.
            (items, rest) = (null, new Rest(RestKind.Closed, null));
        }

        var contains = keywords.Schema("contains");
        var most = contains is null ? null : keywords.Number("maxContains");
        JsonNumber? least = contains is null ? null : keywords.Number("minContains") ?? JsonNumber.One;
        return new ArrayShape(demand)
        {
            Items = items is { IsAny: true } ? null : items,
            Tuple = tuple,
            Additional = rest,
            AdditionalAsWritten = modern || isTuple ? rest : RestOf(keywords.Schema("additionalItems")),
            Unevaluated = keywords.Schema("unevaluatedItems"),
            Contains = contains,
            MinContains = least is { IsZero: true } ? null : least,
            MaxContains = most,
            MaxItems = keywords.Number("maxItems"),
            MinItems = keywords.Number("minItems"),
            UniqueItems = keywords.IsTrue("uniqueItems"),
        };
    }

    private static ObjectShape ReadObject(KeywordReader keywords, TypeDemand demand)
    {
        var (requiredBy, schemasBy) = keywords.Dependencies();
        return new ObjectShape(demand)
        {
            Properties = keywords.Named("properties"),
            PatternProperties = keywords.Named("patternProperties"),
            Additional = RestOf(keywords.Schema("additionalProperties")),
            Unevaluated = keywords.Schema("unevaluatedProperties"),
            PropertyNames = keywords.Schema("propertyNames"),
            Required = keywords.Names("required"),
            RequiredBy = requiredBy,
            SchemasBy = schemasBy,
            MaxProperties = keywords.Number("maxProperties"),
            MinProperties = keywords.Number("minProperties"),
        };
    }

    private static Rest RestOf(SchemaNode? schema)
    {
        if (schema is null || schema.Target.IsAny)
        {
            return Rest.Open;
        }

        return schema.Target.IsNever ? new Rest(RestKind.Closed, null) : new Rest(RestKind.Partial, schema);
    }
}
