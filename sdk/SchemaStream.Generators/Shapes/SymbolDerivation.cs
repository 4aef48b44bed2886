using Microsoft.CodeAnalysis;
using SchemaStream.Avro.Schemas;
using SchemaStream.Avro.Text;

namespace SchemaStream.Generators.Shapes;

/// <summary>Shapes to schema, as the runtime library's SchemaDerivation; the model and its text are that library's own.</summary>
internal sealed class SymbolDerivation
{
    private const int UInt64Digits = 20;

    private readonly Dictionary<Shape, AvroNamedSchema> _named = [];
    private readonly Dictionary<string, ITypeSymbol> _names = [];
    private readonly Dictionary<AvroField, MemberShape> _members = [];
    private readonly Dictionary<string, AvroFixedSchema> _fixeds = [];

    /// <summary>Which member each field of the schema came from.</summary>
    public IReadOnlyDictionary<AvroField, MemberShape> Members => _members;

    /// <summary>The schema of each record and enum.</summary>
    public IReadOnlyDictionary<Shape, AvroNamedSchema> Types => _named;

    public AvroSchema Use(ShapeUse use, bool nullFirst = true)
    {
        var schema = Of(use.Shape);
        if (!use.IsNullable)
        {
            return schema;
        }

        // A union does not contain another: null becomes one more branch of it.
        var none = AvroPrimitiveSchema.Plain(AvroSchemaKind.Null);
        IReadOnlyList<AvroSchema> branches = schema is AvroUnionSchema union ? union.Branches : [schema];
        return new AvroUnionSchema(nullFirst ? [none, .. branches] : [.. branches, none]);
    }

    private AvroSchema Of(Shape shape) => shape switch
    {
        ScalarShape { Fixed: { } size } scalar => Fixed(scalar, size.Name, size.Size),
        ScalarShape scalar => ScalarSchema(scalar),
        UnionShape union => Union(union),
        SequenceShape sequence => new AvroArraySchema(Use(sequence.Item), []),
        DictionaryShape dictionary => new AvroMapSchema(Use(dictionary.Value), []),
        _ when _named.TryGetValue(shape, out var named) => named,
        EnumShape symbols => Enum(symbols),
        _ => Record((RecordShape)shape),
    };

    private static AvroPrimitiveSchema ScalarSchema(ScalarShape shape) => shape.Kind switch
    {
        ScalarKind.Boolean => AvroPrimitiveSchema.Plain(AvroSchemaKind.Boolean),
        ScalarKind.UInt32 or ScalarKind.Int64 => AvroPrimitiveSchema.Plain(AvroSchemaKind.Long),
        ScalarKind.UInt64 => Logical(AvroSchemaKind.Bytes, Decimal(UInt64Digits, 0)),
        ScalarKind.Single => AvroPrimitiveSchema.Plain(AvroSchemaKind.Float),
        ScalarKind.Double => AvroPrimitiveSchema.Plain(AvroSchemaKind.Double),
        ScalarKind.String => AvroPrimitiveSchema.Plain(AvroSchemaKind.String),
        ScalarKind.ByteArray or ScalarKind.Memory => AvroPrimitiveSchema.Plain(AvroSchemaKind.Bytes),
        ScalarKind.Decimal when shape.Logical == AvroLogicalKind.BigDecimal => Logical(AvroSchemaKind.Bytes, Named(Word(AvroLogicalKind.BigDecimal))),
        ScalarKind.Decimal => Logical(AvroSchemaKind.Bytes, Decimal(shape.Precision, shape.Scale)),
        ScalarKind.Guid => Logical(AvroSchemaKind.String, """{"logicalType":"uuid"}"""),
        _ when shape.Logical is { } chosen => Logical(
            chosen is AvroLogicalKind.TimeMillis or AvroLogicalKind.Date ? AvroSchemaKind.Int : AvroSchemaKind.Long, Named(Word(chosen))),
        ScalarKind.DateTime or ScalarKind.DateTimeOffset => Logical(AvroSchemaKind.Long, """{"logicalType":"timestamp-micros"}"""),
        ScalarKind.DateOnly => Logical(AvroSchemaKind.Int, """{"logicalType":"date"}"""),
        ScalarKind.TimeOnly => Logical(AvroSchemaKind.Long, """{"logicalType":"time-micros"}"""),
        ScalarKind.TimeSpan => Logical(AvroSchemaKind.Long, """{"logicalType":"timespan-ticks"}"""),
        _ => AvroPrimitiveSchema.Plain(AvroSchemaKind.Int),
    };

    private static string Decimal(int precision, int scale) =>
        $$"""{"logicalType":"decimal","precision":{{precision}},"scale":{{scale}}}""";

    /// <summary>TimestampMillis is timestamp-millis, and so on; ours is one word.</summary>
    private static string Word(AvroLogicalKind kind) => kind == AvroLogicalKind.TimeSpanTicks
        ? "timespan-ticks"
        : string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(c) : c.ToString()));

    private static string Named(string logicalType) => $$"""{"logicalType":"{{logicalType}}"}""";

    private AvroFixedSchema Fixed(ScalarShape shape, AvroName name, int size)
    {
        var attributes = shape.Kind switch
        {
            ScalarKind.Decimal => Properties(Decimal(shape.Precision, shape.Scale)),
            ScalarKind.Guid => Properties(Named("uuid")),
            ScalarKind.TimeSpan => Properties(Named("duration")),
            _ => [],
        };
        var logical = LogicalTypes.Read(attributes, AvroSchemaKind.Fixed, size);
        if (logical is null && attributes.Count > 0)
        {
            throw new ShapeException(
                Diagnostics.Attribute, null, $"{name}: {size} bytes are too few for {shape.Precision} digits; use more of one or fewer of the other");
        }

        if (!_fixeds.TryGetValue(name.FullName, out var known))
        {
            Claim(name, shape.Type);
            _fixeds.Add(name.FullName, known = new AvroFixedSchema(new AvroNaming(name, [], null), size, logical, attributes));
        }

        return known.Size == size && known.LogicalType == logical
            ? known
            : throw new ShapeException(
                Diagnostics.Name, null, $"the fixed {name} is used with two sizes or meanings: give one of them another name in [AvroFixed]");
    }

    private AvroUnionSchema Union(UnionShape shape)
    {
        var branches = new List<AvroSchema>();
        foreach (var schema in shape.Branches.Select(Of))
        {
            if (branches.Exists(other => other.FullName == schema.FullName))
            {
                throw new ShapeException(
                    Diagnostics.Name, shape.Type,
                    $"{SymbolNames.Readable(shape.Type)} has two types that are {schema.FullName} to Avro, whose unions have each once");
            }

            branches.Add(schema);
        }

        return new AvroUnionSchema(branches);
    }

    private static List<AvroProperty> Properties(string json) =>
        [.. JsonDocument.Parse(json).RootElement.EnumerateObject().Select(property => new AvroProperty(property.Name, property.Value))];

    private static AvroPrimitiveSchema Logical(AvroSchemaKind kind, string attributes)
    {
        var properties = Properties(attributes);
        return new AvroPrimitiveSchema(kind, LogicalTypes.Read(properties, kind, 0), properties);
    }

    private AvroEnumSchema Enum(EnumShape shape)
    {
        var schema = new AvroEnumSchema(
            Naming(shape.Type), [.. shape.Symbols.Select(symbol => symbol.Symbol)], shape.DefaultSymbol, []);
        _named.Add(shape, schema);
        return schema;
    }

    private AvroRecordSchema Record(RecordShape shape)
    {
        var schema = new AvroRecordSchema(Naming(shape.Type), isError: false, []);
        _named.Add(shape, schema);
        var fields = new List<AvroField>(shape.Members.Count);
        foreach (var member in shape.Members)
        {
            var field = Field(member, fields.Count);
            _members.Add(field, member);
            fields.Add(field);
        }

        schema.SetFields(fields);
        if (schema.Height > AvroLimits.MaxSchemaDepth)
        {
            throw new ShapeException(
                Diagnostics.Unsupported, shape.Type,
                $"{SymbolNames.Readable(shape.Type)} nests more than {AvroLimits.MaxSchemaDepth} types deep");
        }

        return schema;
    }

    private AvroField Field(MemberShape member, int position)
    {
        // The default's branch of a union comes first: readers of the older specification look there only.
        var value = member.Default ?? (member.ParameterDefault.IsGiven ? ParameterDefaults.Of(member.Use, member.ParameterDefault.Value) : null);
        var nullFirst = value is null or { ValueKind: JsonValueKind.Null };
        var schema = Use(member.Use, nullFirst);
        if (value is null && member.Use.IsNullable)
        {
            value = ParameterDefaults.Null;
        }

        if (value is { } given && DefaultValues.Problem(schema, given, JsonPath.Root) is { } problem)
        {
            throw new ShapeException(Diagnostics.Default, member.Member, $"{member.Path}: {problem.Text}");
        }

        return new AvroField(member.AvroName, position, schema)
        {
            Default = value,
            Doc = member.Doc,
            Order = member.Order,
            Aliases = member.Aliases,
        };
    }

    private AvroNaming Naming(ITypeSymbol type)
    {
        var name = SymbolNames.Of(type);
        Claim(name, type);
        var definition = type.OriginalDefinition;
        var aliases = Attributes.All(definition, "AvroAliasAttribute").Select(alias => AvroName.Resolve(alias.Text(0) ?? "", name.Namespace));
        return new AvroNaming(name, [.. aliases], Attributes.Find(definition, "AvroDocAttribute")?.Text(0));
    }

    private void Claim(AvroName name, ITypeSymbol type)
    {
        if (!_names.TryAdd(name.FullName, type))
        {
            throw new ShapeException(
                Diagnostics.Name, type,
                $"{SymbolNames.Readable(type)} and {SymbolNames.Readable(_names[name.FullName])} both have the Avro name {name}: rename one with [AvroName]");
        }
    }
}
