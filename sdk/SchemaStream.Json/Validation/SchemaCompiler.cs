using SchemaStream.Json.Schemas;
using SchemaStream.Json.Text;

namespace SchemaStream.Json.Validation;

/// <summary>Makes schemas ready to hold data against: each one once, however many refer to it, and none within another's call.</summary>
internal sealed class SchemaCompiler
{
    private readonly Dictionary<SchemaNode, CompiledSchema> _compiled = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<SchemaNode> _unfilled = new();

    private SchemaCompiler()
    {
    }

    /// <exception cref="JsonSchemaException">It refers to what is not at hand, or has an expression that cannot be matched.</exception>
    public static CompiledSchema Compile(SchemaNode root)
    {
        var compiler = new SchemaCompiler();
        var compiled = compiler.Of(root);
        while (compiler._unfilled.TryDequeue(out var node))
        {
            compiler.Fill(node, compiler._compiled[node]);
        }

        return compiled;
    }

    private CompiledSchema Of(SchemaNode node)
    {
        if (!_compiled.TryGetValue(node, out var compiled))
        {
            compiled = new CompiledSchema(node.Place.Pointer.Length == 0 ? "#" : node.Place.Pointer);
            _compiled[node] = compiled;
            _unfilled.Enqueue(node);
        }

        return compiled;
    }

    /// <summary>A schema that says something; null for one that lets everything in.</summary>
    private CompiledSchema? Demanding(SchemaNode? node) => node is null || node.IsAny ? null : Of(node);

    private CompiledSchema[] Of(IReadOnlyList<SchemaNode> nodes) => [.. nodes.Select(Of)];

    private void Fill(SchemaNode node, CompiledSchema compiled)
    {
        if (node.Set is not { } set)
        {
            compiled.IsNever = node.IsNever;
            if (node.Shape is OpaqueShape opaque)
            {
                throw new JsonSchemaException($"'{opaque.Name}', to which the schema refers, is not at hand, so that no data can be held against it.");
            }

            return;
        }

        var keywords = new KeywordReader(set, node);
        if (Keywords.ReferenceOf(node.Value, node.Place.Draft) is { } reference)
        {
            compiled.Reference = Of(set.Resolve(reference, node.Place));
            compiled.HasApplicators = true;
            if (!Keywords.ReadsBesideRef(node.Place.Draft))
            {
                return;
            }
        }

        FillTypes(keywords, compiled);
        if (keywords.Value("enum") is { IsArray: true } values)
        {
            compiled.Enum = new AllowedValues(values.Items);
        }

        if (keywords.Draft >= JsonSchemaDraft.Draft6 && node.Value.Find("const") is { } constant)
        {
            compiled.Const = new AllowedValues([constant]);
        }

        FillCombined(keywords, compiled);
        compiled.Strings = StringsOf(keywords, compiled.Pointer);
        compiled.Numbers = NumbersOf(keywords);
        compiled.Arrays = ArraysOf(keywords);
        compiled.Objects = ObjectsOf(keywords, compiled.Pointer);
        compiled.Accepted = AcceptedBy(compiled);
    }

    private static JsonTokenKind AcceptedBy(CompiledSchema schema)
    {
        if (schema.HasApplicators || schema.Enum is not null || schema.Const is not null)
        {
            return JsonTokenKind.None;
        }

        var kinds = schema.Types == JsonTokenKind.None ? JsonTokenKind.Null | JsonTokenKind.Boolean | JsonTokenKind.Number | JsonTokenKind.String
            : schema.Types & ~(JsonTokenKind.Array | JsonTokenKind.Object);
        kinds &= schema.Strings is null ? kinds : ~JsonTokenKind.String;
        return schema.Numbers is null && !schema.IsInteger ? kinds : kinds & ~JsonTokenKind.Number;
    }

    private static void FillTypes(KeywordReader keywords, CompiledSchema compiled)
    {
        var types = keywords.Types();
        foreach (var type in types)
        {
            compiled.Types |= type switch
            {
                "null" => JsonTokenKind.Null,
                "boolean" => JsonTokenKind.Boolean,
                "string" => JsonTokenKind.String,
                "array" => JsonTokenKind.Array,
                "object" => JsonTokenKind.Object,
                _ => JsonTokenKind.Number,
            };
        }

        compiled.IsInteger = types.Contains("integer") && !types.Contains("number");
    }

    private void FillCombined(KeywordReader keywords, CompiledSchema compiled)
    {
        compiled.AllOf = Of(keywords.Schemas("allOf"));
        compiled.AnyOf = Of(keywords.Schemas("anyOf"));
        compiled.OneOf = Of(keywords.Schemas("oneOf"));
        compiled.Not = keywords.Schema("not") is { } not ? Of(not) : null;
        compiled.If = keywords.Schema("if") is { } condition ? Of(condition) : null;
        compiled.Then = compiled.If is null ? null : Demanding(keywords.Schema("then"));
        compiled.Else = compiled.If is null ? null : Demanding(keywords.Schema("else"));
        compiled.UnevaluatedItems = keywords.Schema("unevaluatedItems") is { } items ? Of(items) : null;
        compiled.UnevaluatedProperties = keywords.Schema("unevaluatedProperties") is { } properties ? Of(properties) : null;
        compiled.HasApplicators |= compiled.AllOf.Length + compiled.AnyOf.Length + compiled.OneOf.Length > 0
            || compiled.Not is not null || compiled.If is not null
            || compiled.UnevaluatedItems is not null || compiled.UnevaluatedProperties is not null;
    }

    private static StringRules? StringsOf(KeywordReader keywords, string pointer)
    {
        if (!keywords.Has("minLength") && !keywords.Has("maxLength") && !keywords.Has("pattern"))
        {
            return null;
        }

        return new StringRules
        {
            MinLength = Count(keywords, "minLength", 0),
            MaxLength = Count(keywords, "maxLength", int.MaxValue),
            Pattern = keywords.Text("pattern") is { } pattern ? new DataPattern(pattern, pointer) : null,
        };
    }

    private static NumberRules? NumbersOf(KeywordReader keywords)
    {
        if (!keywords.Has("minimum") && !keywords.Has("maximum") && !keywords.Has("multipleOf")
            && !keywords.Has("exclusiveMinimum") && !keywords.Has("exclusiveMaximum"))
        {
            return null;
        }

        // In draft 4 the exclusive keywords are flags on the others.
        var draft4 = keywords.Draft == JsonSchemaDraft.Draft4;
        return new NumberRules
        {
            Minimum = Limit(keywords, "minimum"),
            Maximum = Limit(keywords, "maximum"),
            ExclusiveMinimum = !draft4 ? Limit(keywords, "exclusiveMinimum")
                : keywords.IsTrue("exclusiveMinimum") ? Limit(keywords, "minimum") : null,
            ExclusiveMaximum = !draft4 ? Limit(keywords, "exclusiveMaximum")
                : keywords.IsTrue("exclusiveMaximum") ? Limit(keywords, "maximum") : null,
            MultipleOf = Limit(keywords, "multipleOf"),
        };
    }

    private ArrayRules? ArraysOf(KeywordReader keywords)
    {
        var modern = keywords.Draft == JsonSchemaDraft.Draft202012;
        var isTuple = modern ? keywords.Has("prefixItems") : keywords.Value("items") is { IsArray: true };
        var rest = keywords.Schema(isTuple && !modern ? "additionalItems" : "items");
        var contains = keywords.Schema("contains");
        if (!isTuple && rest is null && contains is null && !keywords.Has("minItems") && !keywords.Has("maxItems")
            && !keywords.IsTrue("uniqueItems"))
        {
            return null;
        }

        return new ArrayRules
        {
            Tuple = isTuple ? Of(keywords.Schemas(modern ? "prefixItems" : "items")) : [],
            Items = rest is null ? null : Of(rest),
            Contains = contains is null ? null : Of(contains),
            ContainsEvaluates = modern,
            MinContains = contains is null ? 0 : Count(keywords, "minContains", 1),
            MaxContains = contains is null ? int.MaxValue : Count(keywords, "maxContains", int.MaxValue),
            MinItems = Count(keywords, "minItems", 0),
            MaxItems = Count(keywords, "maxItems", int.MaxValue),
            UniqueItems = keywords.IsTrue("uniqueItems"),
        };
    }

    private ObjectRules? ObjectsOf(KeywordReader keywords, string pointer)
    {
        var properties = keywords.Named("properties");
        var patterns = keywords.Named("patternProperties");
        var required = keywords.Names("required");
        var (requiredBy, schemasBy) = keywords.Dependencies();
        var additional = keywords.Schema("additionalProperties");
        var names = keywords.Schema("propertyNames");
        if (properties.Count + patterns.Count + required.Count + requiredBy.Count + schemasBy.Count == 0
            && additional is null && names is null && !keywords.Has("minProperties") && !keywords.Has("maxProperties"))
        {
            return null;
        }

        var entries = properties.Entries.Select(entry => (entry.Key, Schema: (CompiledSchema?)Of(entry.Value))).ToList();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, _) in entries)
        {
            places[name] = places.Count;
        }

        int PlaceOf(string name)
        {
            if (!places.TryGetValue(name, out var place))
            {
                places[name] = place = entries.Count;
                entries.Add((name, null));
            }

            return place;
        }

        var rules = (
            Required: required.Select(PlaceOf).ToArray(),
            RequiredBy: requiredBy.SelectMany(entry => entry.Value.Select(needed => (PlaceOf(entry.Key), PlaceOf(needed)))).ToArray(),
            SchemasBy: schemasBy.Entries.Select(entry => (PlaceOf(entry.Key), Of(entry.Value))).ToArray());
        return new ObjectRules
        {
            Names = new PropertyTable(entries),
            Patterns = [.. patterns.Entries.Select(entry => (new DataPattern(entry.Key, pointer), Of(entry.Value)))],
            Additional = additional is null ? null : Of(additional),
            PropertyNames = Demanding(names),
            Required = rules.Required,
            RequiredBy = rules.RequiredBy,
            SchemasBy = rules.SchemasBy,
            MinProperties = Count(keywords, "minProperties", 0),
            MaxProperties = Count(keywords, "maxProperties", int.MaxValue),
        };
    }

    private static NumberLimit? Limit(KeywordReader keywords, string name) =>
        keywords.Value(name) is { Kind: JsonKind.Number } value ? new NumberLimit(JsonNumber.Parse(value.Text), value.Text) : null;

    /// <summary>A count; what is beyond all data that there can be counts as the most that there can be.</summary>
    private static int Count(KeywordReader keywords, string name, int otherwise)
    {
        if (keywords.Number(name) is not { } number)
        {
            return otherwise;
        }

        return number >= MostCounted ? int.MaxValue
            : (int)decimal.Parse(
                keywords.Value(name)!.Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static readonly JsonNumber MostCounted = JsonNumber.Parse("2147483647");
}
