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

    /// <summary>Which member each field of the schema came from.</summary>
    public IReadOnlyDictionary<AvroField, MemberShape> Members => _members;

    /// <summary>The schema of each record and enum.</summary>
    public IReadOnlyDictionary<Shape, AvroNamedSchema> Named => _named;

    public AvroSchema Use(ShapeUse use, bool nullFirst = true)
    {
        var schema = Of(use.Shape);
        if (!use.IsNullable)
        {
            return schema;
        }

        var none = AvroPrimitiveSchema.Plain(AvroSchemaKind.Null);
        return new AvroUnionSchema(nullFirst ? [none, schema] : [schema, none]);
    }

    private AvroSchema Of(Shape shape) => shape switch
    {
        ScalarShape scalar => ScalarSchema(scalar),
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
        ScalarKind.Decimal => Logical(AvroSchemaKind.Bytes, Decimal(shape.Precision, shape.Scale)),
        ScalarKind.Guid => Logical(AvroSchemaKind.String, """{"logicalType":"uuid"}"""),
        ScalarKind.DateTime or ScalarKind.DateTimeOffset => Logical(AvroSchemaKind.Long, """{"logicalType":"timestamp-micros"}"""),
        ScalarKind.DateOnly => Logical(AvroSchemaKind.Int, """{"logicalType":"date"}"""),
        ScalarKind.TimeOnly => Logical(AvroSchemaKind.Long, """{"logicalType":"time-micros"}"""),
        ScalarKind.TimeSpan => Logical(AvroSchemaKind.Long, """{"logicalType":"timespan-ticks"}"""),
        _ => AvroPrimitiveSchema.Plain(AvroSchemaKind.Int),
    };

    private static string Decimal(int precision, int scale) =>
        $$"""{"logicalType":"decimal","precision":{{precision}},"scale":{{scale}}}""";

    private static AvroPrimitiveSchema Logical(AvroSchemaKind kind, string attributes)
    {
        var properties = JsonDocument.Parse(attributes).RootElement.EnumerateObject()
            .Select(property => new AvroProperty(property.Name, property.Value)).ToList();
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
            Aliases = member.Aliases,
        };
    }

    private AvroNaming Naming(ITypeSymbol type)
    {
        var name = SymbolNames.Of(type);
        if (!_names.TryAdd(name.FullName, type))
        {
            throw new ShapeException(
                Diagnostics.Name, type,
                $"{SymbolNames.Readable(type)} and {SymbolNames.Readable(_names[name.FullName])} both have the Avro name {name}: rename one with [AvroName]");
        }

        var definition = type.OriginalDefinition;
        var aliases = Attributes.All(definition, "AvroAliasAttribute").Select(alias => AvroName.Resolve(alias.Text(0) ?? "", name.Namespace));
        return new AvroNaming(name, [.. aliases], Attributes.Find(definition, "AvroDocAttribute")?.Text(0));
    }
}
