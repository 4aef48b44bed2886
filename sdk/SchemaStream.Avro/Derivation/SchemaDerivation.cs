using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using SchemaStream.Avro.Schemas;
using SchemaStream.Avro.Text;

namespace SchemaStream.Avro.Derivation;

/// <summary>Shapes to schema.</summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal sealed class SchemaDerivation
{
    private readonly Dictionary<TypeShape, AvroNamedSchema> _named = [];
    private readonly Dictionary<string, Type> _names = [];
    private readonly Dictionary<string, AvroFixedSchema> _fixeds = [];

    public static AvroSchema FromType(Type type) => FromShape(ShapeReader.Read(type));

    public static AvroSchema FromShape(ShapeUse use) => new SchemaDerivation().Use(use, nullFirst: true, use.Type.Name);

    private AvroSchema Use(ShapeUse use, bool nullFirst, string path)
    {
        var schema = Shape(use.Shape, path);
        if (!use.IsNullable)
        {
            return schema;
        }

        // A union does not contain another: null becomes one more branch of it.
        var none = AvroPrimitiveSchema.Plain(AvroSchemaKind.Null);
        IReadOnlyList<AvroSchema> branches = schema is AvroUnionSchema union ? union.Branches : [schema];
        return new AvroUnionSchema(nullFirst ? [none, .. branches] : [.. branches, none]);
    }

    private AvroSchema Shape(TypeShape shape, string path) => shape switch
    {
        ScalarShape { GivenSchema: { } given } => given,
        RecordShape { GivenSchema: { } given } => given,
        ScalarShape { Fixed: { } size } scalar => Fixed(scalar, size.Name),
        ScalarShape scalar => ScalarSchemas.Of(scalar),
        UnionShape union => Union(union, path),
        SequenceShape sequence => new AvroArraySchema(Use(sequence.Item, nullFirst: true, path), []),
        DictionaryShape dictionary => new AvroMapSchema(Use(dictionary.Value, nullFirst: true, path), []),
        _ when _named.TryGetValue(shape, out var named) => named,
        EnumShape symbols => Enum(symbols),
        RecordShape record => Record(record),
        _ => throw new AvroSchemaException($"{path} has no schema of its own: it takes the schema that it is given"),
    };

    private AvroFixedSchema Fixed(ScalarShape shape, AvroName name)
    {
        var made = (AvroFixedSchema)ScalarSchemas.Of(shape);
        if (!_fixeds.TryGetValue(name.FullName, out var known))
        {
            _fixeds.Add(name.FullName, made);
            Claim(name, shape.Type);
            return made;
        }

        return known.Size == made.Size && known.LogicalType == made.LogicalType
            ? known
            : throw new AvroSchemaException($"the fixed {name} is used with two sizes or meanings: give one of them another name in [AvroFixed]");
    }

    private AvroUnionSchema Union(UnionShape shape, string path)
    {
        var branches = new List<AvroSchema>();
        foreach (var branch in shape.Branches)
        {
            var schema = Shape(branch, path);
            if (branches.Exists(other => other.FullName == schema.FullName))
            {
                throw new AvroSchemaException(
                    $"{path}: {TypeNames.Readable(shape.Type)} has two types that are {schema.FullName} to Avro, whose unions have each once");
            }

            branches.Add(schema);
        }

        return new AvroUnionSchema(branches);
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
            fields.Add(Field(member, fields.Count));
        }

        schema.SetFields(fields);
        if (schema.Height > AvroLimits.MaxSchemaDepth)
        {
            throw new AvroSchemaException($"{TypeNames.Readable(shape.Type)} nests more than {AvroLimits.MaxSchemaDepth} types deep");
        }

        return schema;
    }

    private AvroField Field(MemberShape member, int position)
    {
        // The default's branch of a union comes first: readers of the older specification look there only.
        var value = member.Default ?? ParameterDefault(member);
        var nullFirst = value is null or { ValueKind: JsonValueKind.Null };
        var schema = Use(member.Use, nullFirst, member.Path);
        if (value is null && member.Use.IsNullable)
        {
            value = DefaultJson.Null;
        }

        if (value is { } given && DefaultValues.Problem(schema, given, JsonPath.Root) is { } problem)
        {
            throw new AvroSchemaException($"{member.Path}: {problem.Text}");
        }

        return new AvroField(member.AvroName, position, schema)
        {
            Default = value,
            Doc = member.Doc,
            Order = member.Order,
            Aliases = member.Aliases,
        };
    }

    private static JsonElement? ParameterDefault(MemberShape member) =>
        member.HasParameterDefault ? DefaultJson.Of(member.Use, member.ParameterDefault) : null;

    private AvroNaming Naming(Type type)
    {
        var name = TypeNames.Of(type);
        Claim(name, type);
        var aliases = type.GetCustomAttributes<AvroAliasAttribute>().Select(alias => AvroName.Resolve(alias.Name, name.Namespace));
        return new AvroNaming(name, [.. aliases], type.GetCustomAttribute<AvroDocAttribute>()?.Text);
    }

    private void Claim(AvroName name, Type type)
    {
        if (!_names.TryAdd(name.FullName, type))
        {
            throw new AvroSchemaException(
                $"{TypeNames.Readable(type)} and {TypeNames.Readable(_names[name.FullName])} both have the Avro name {name}: rename one with [AvroName]");
        }
    }
}
