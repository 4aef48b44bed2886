using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;
using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;
using static System.Linq.Expressions.Expression;

namespace SchemaStream.Avro.Codec;

/// <content>Records, collections and values without a C# type.</content>
internal sealed partial class DecoderCompiler
{
    private BlockExpression? Record(AvroRecordSchema writer, AvroRecordSchema reader, RecordShape shape, DecodeMethod method)
    {
        var members = reader.Fields.Select(field => MemberMatching.Find(shape, field)).ToList();
        MemberMatching.RefuseLostMembers(reader, shape, members);
        var locals = shape.Members.ToDictionary(member => member, member => method.Local(member.Use.Type));
        var code = Fields(writer, reader, method, field => members[field.Position] is { } member ? (member.Use, locals[member]) : null);
        if (code is null)
        {
            return null;
        }

        code.Add(Construct(shape, locals));
        return Block(shape.Type, code);
    }

    /// <summary>Reads the writer's fields in their order and takes the defaults of those that it lacks.</summary>
    /// <param name="writer">The writer's record.</param>
    /// <param name="reader">The reader's record.</param>
    /// <param name="method">The method.</param>
    /// <param name="place">Where a reader's field goes; null when nothing takes it.</param>
    private List<Expression>? Fields(
        AvroRecordSchema writer,
        AvroRecordSchema reader,
        DecodeMethod method,
        Func<AvroField, (ShapeUse Use, Expression Target)?> place)
    {
        var takers = reader.Fields.ToLookup(field => SchemaMatching.FindWriterField(writer, field));
        var code = new List<Expression>();
        foreach (var written in writer.Fields)
        {
            var wanted = takers[written].Where(field => place(field) is not null).ToList();
            if (wanted.Count == 0)
            {
                code.Add(Skip(written.Schema, method));
                continue;
            }

            // Two fields of the reader may take one of the writer by their aliases: it is then read again.
            var mark = wanted.Count > 1 ? method.Local(typeof(int)) : null;
            if (mark is not null)
            {
                code.Add(Assign(mark, Property(method.Reader, nameof(AvroReader.Position))));
            }

            foreach (var field in wanted)
            {
                if (mark is not null && field != wanted[0])
                {
                    code.Add(method.Call(nameof(AvroReader.Rewind), mark));
                }

                var (use, target) = place(field)!.Value;
                if (Value(written.Schema, field.Schema, use, method) is not { } value)
                {
                    return null;
                }

                code.Add(Assign(target, value));
            }
        }

        foreach (var missing in takers[null])
        {
            if (place(missing) is not var (use, target))
            {
                continue;
            }

            if (missing.Default is null)
            {
                Fault($"the writer has no field for {reader.FullName}.{missing.Name}, which has no default");
                return null;
            }

            code.Add(Assign(target, DefaultSource.Of(missing, use)));
        }

        return code;
    }

    private static Expression Skip(AvroSchema schema, DecodeMethod method) => schema.Kind == AvroSchemaKind.Null
        ? Empty()
        : Expression.Call(typeof(PayloadWalker), nameof(PayloadWalker.Skip), null, method.Reader, Constant(schema, typeof(AvroSchema)));

    private static Expression Construct(RecordShape shape, Dictionary<MemberShape, ParameterExpression> locals)
    {
        var made = shape.Constructor is null
            ? New(shape.Type)
            : New(shape.Constructor, shape.ConstructorMembers.Zip(
                shape.Constructor.GetParameters(), (member, parameter) => AsType(locals[member], parameter.ParameterType)));
        var rest = shape.Members.Where(member => member.Position is null && !shape.ConstructorMembers.Contains(member)).ToList();
        var whole = rest.Count == 0 ? made : (Expression)MemberInit(made, rest.Select(member => Bind(member.Member, locals[member])));
        var put = shape.Members.Where(member => member.Position is not null).ToList();
        if (put.Count == 0)
        {
            return whole;
        }

        var result = Variable(shape.Type);
        return Block(
            [result],
            [
                Assign(result, whole),
                .. put.Select(member => Expression.Call(
                    result, SpecificTypes.PutMethod(shape.Type)!, Constant(member.Position!.Value), locals[member])),
                result,
            ]);
    }

    private static Expression AsType(Expression value, Type type) => value.Type == type ? value : Convert(value, type);

    private Expression? Sequence(AvroArraySchema writer, AvroArraySchema reader, SequenceShape shape, DecodeMethod method)
    {
        if (ItemReader(writer.Items, reader.Items, shape.Item) is not var (item, itemType))
        {
            return null;
        }

        var type = shape.Type;
        var element = shape.Item.Type;
        MethodCallExpression Read(string name) => Expression.Call(
            typeof(CollectionReader), name, [element, itemType], method.Reader, item, Constant(SchemaSizes.MinBytes(writer.Items)));
        if (type.IsSZArray)
        {
            return Read(nameof(CollectionReader.ReadArray));
        }

        var definition = type.GetGenericTypeDefinition();
        Expression Copied(Type factory) =>
            Expression.Call(factory, "CreateRange", [element], Convert(Read(nameof(CollectionReader.ReadArray)), typeof(IEnumerable<>).MakeGenericType(element)));
        return definition switch
        {
            _ when definition == typeof(List<>) => Read(nameof(CollectionReader.ReadList)),
            _ when definition == typeof(IList<>) || definition == typeof(ICollection<>) =>
                Convert(Read(nameof(CollectionReader.ReadList)), type),
            _ when definition == typeof(HashSet<>) => Read(nameof(CollectionReader.ReadHashSet)),
            _ when definition == typeof(ISet<>) || definition == typeof(IReadOnlySet<>) =>
                Convert(Read(nameof(CollectionReader.ReadHashSet)), type),
            _ when definition == typeof(ImmutableArray<>) => Expression.Call(
                typeof(ImmutableCollectionsMarshal), nameof(ImmutableCollectionsMarshal.AsImmutableArray), [element],
                Read(nameof(CollectionReader.ReadArray))),
            _ when definition == typeof(ImmutableList<>) => Copied(typeof(ImmutableList)),
            _ when definition == typeof(IImmutableList<>) => Convert(Copied(typeof(ImmutableList)), type),
            _ when definition == typeof(ImmutableQueue<>) => Copied(typeof(ImmutableQueue)),
            _ when definition == typeof(IImmutableQueue<>) => Convert(Copied(typeof(ImmutableQueue)), type),
            _ when definition == typeof(FrozenSet<>) => Expression.Call(
                typeof(FrozenSet), nameof(FrozenSet.ToFrozenSet), [element],
                Convert(Read(nameof(CollectionReader.ReadArray)), typeof(IEnumerable<>).MakeGenericType(element)),
                Default(typeof(IEqualityComparer<>).MakeGenericType(element))),
            _ when definition == typeof(ImmutableHashSet<>) => Copied(typeof(ImmutableHashSet)),
            _ when definition == typeof(IImmutableSet<>) => Convert(Copied(typeof(ImmutableHashSet)), type),
            _ when definition == typeof(ImmutableSortedSet<>) => Copied(typeof(ImmutableSortedSet)),
            _ when type.IsInterface => Convert(Read(nameof(CollectionReader.ReadArray)), type),
            _ => CopyConstructed(SequenceTypes.CopyConstructor(type, element)!, Read(nameof(CollectionReader.ReadList))),
        };
    }

    private Expression? Dictionary(AvroMapSchema writer, AvroMapSchema reader, DictionaryShape shape, DecodeMethod method)
    {
        if (ItemReader(writer.Values, reader.Values, shape.Value) is not var (item, itemType))
        {
            return null;
        }

        var value = shape.Value.Type;
        var entries = Expression.Call(
            typeof(CollectionReader), nameof(CollectionReader.ReadDictionary), [value, itemType],
            method.Reader, item, Constant(SchemaSizes.MinBytes(writer.Values)));
        var type = shape.Type;
        var definition = type.GetGenericTypeDefinition();
        var pairs = typeof(IEnumerable<>).MakeGenericType(typeof(KeyValuePair<,>).MakeGenericType(typeof(string), value));
        return definition switch
        {
            _ when definition == typeof(Dictionary<,>) => entries,
            _ when definition == typeof(ImmutableDictionary<,>) || definition == typeof(IImmutableDictionary<,>) => AsType(
                Expression.Call(typeof(ImmutableDictionary), "CreateRange", [typeof(string), value], Convert(entries, pairs)), type),
            _ when definition == typeof(ImmutableSortedDictionary<,>) =>
                Expression.Call(typeof(ImmutableSortedDictionary), "CreateRange", [typeof(string), value], Convert(entries, pairs)),
            _ when definition == typeof(FrozenDictionary<,>) => Expression.Call(
                typeof(FrozenDictionary), nameof(FrozenDictionary.ToFrozenDictionary), [typeof(string), value], Convert(entries, pairs),
                Default(typeof(IEqualityComparer<string>))),
            _ when type.IsInterface => Convert(entries, type),
            _ => CopyConstructed(DictionaryTypes.CopyConstructor(type, typeof(string), value)!, entries),
        };
    }

    private static NewExpression CopyConstructed(ConstructorInfo constructor, Expression items) =>
        New(constructor, Convert(items, constructor.GetParameters()[0].ParameterType));

    private (Expression Item, Type Type)? ItemReader(AvroSchema writer, AvroSchema reader, ShapeUse use)
    {
        var simple = (writer.Kind, reader.Kind) switch
        {
            (AvroSchemaKind.Int, AvroSchemaKind.Int) when use.Type == typeof(int) => typeof(IntItemReader),
            (AvroSchemaKind.Long, AvroSchemaKind.Long) when use.Type == typeof(long) => typeof(LongItemReader),
            (AvroSchemaKind.Double, AvroSchemaKind.Double) when use.Type == typeof(double) => typeof(DoubleItemReader),
            (AvroSchemaKind.String, AvroSchemaKind.String) when use.Type == typeof(string) => typeof(StringItemReader),
            _ => null,
        };
        if (simple is not null)
        {
            return (Default(simple), simple);
        }

        if (Cell(writer, reader, use) is not { } cell)
        {
            return null;
        }

        var type = typeof(CompiledItemReader<>).MakeGenericType(use.Type);
        return (New(type.GetConstructor([cell.GetType()])!, Constant(cell)), type);
    }

    private BlockExpression? DynamicRecord(AvroRecordSchema writer, AvroRecordSchema reader, DecodeMethod method)
    {
        var values = method.Local(typeof(object[]));
        var code = Fields(writer, reader, method, field => (DynamicShape.Use, ArrayAccess(values, Constant(field.Position))));
        if (code is null)
        {
            return null;
        }

        var make = typeof(AvroRecord).GetConstructor(
            BindingFlags.NonPublic | BindingFlags.Instance, [typeof(AvroRecordSchema), typeof(object[])])!;
        return Block(
            typeof(AvroRecord),
            [Assign(values, NewArrayBounds(typeof(object), Constant(reader.Fields.Count))), .. code, New(make, Constant(reader), values)]);
    }

    private Expression? DynamicValue(AvroSchema writer, AvroSchema reader, DecodeMethod method, bool isRoot)
    {
        switch (writer, reader)
        {
            case (AvroRecordSchema w, AvroRecordSchema r) when SchemaMatching.NamesMatch(r, w):
                return isRoot ? DynamicRecord(w, r, method) : Inner(w, r, DynamicShape.Use, method);
            case (AvroEnumSchema w, AvroEnumSchema r) when SchemaMatching.NamesMatch(r, w):
                return Symbol(w, r, r.Symbols.ToDictionary(symbol => symbol, object (symbol) => symbol), typeof(string), method);
            case (AvroArraySchema w, AvroArraySchema r) when ItemReader(w.Items, r.Items, DynamicShape.Use) is var (item, type):
                return Expression.Call(
                    typeof(CollectionReader), nameof(CollectionReader.ReadList), [typeof(object), type],
                    method.Reader, item, Constant(SchemaSizes.MinBytes(w.Items)));
            case (AvroMapSchema w, AvroMapSchema r) when ItemReader(w.Values, r.Values, DynamicShape.Use) is var (item, type):
                return Expression.Call(
                    typeof(CollectionReader), nameof(CollectionReader.ReadDictionary), [typeof(object), type],
                    method.Reader, item, Constant(SchemaSizes.MinBytes(w.Values)));
            default:
                return NaturalShape(reader.Kind) is { } shape
                    ? NotNull(writer, reader, shape, method, isRoot: false)
                    : Mismatch(writer, reader, DynamicShape.Use.Shape);
        }
    }

    private static ScalarShape? NaturalShape(AvroSchemaKind kind) => kind switch
    {
        AvroSchemaKind.Boolean => new ScalarShape(typeof(bool), ScalarKind.Boolean),
        AvroSchemaKind.Int => new ScalarShape(typeof(int), ScalarKind.Int32),
        AvroSchemaKind.Long => new ScalarShape(typeof(long), ScalarKind.Int64),
        AvroSchemaKind.Float => new ScalarShape(typeof(float), ScalarKind.Single),
        AvroSchemaKind.Double => new ScalarShape(typeof(double), ScalarKind.Double),
        AvroSchemaKind.String => new ScalarShape(typeof(string), ScalarKind.String),
        AvroSchemaKind.Bytes or AvroSchemaKind.Fixed => new ScalarShape(typeof(byte[]), ScalarKind.ByteArray),
        _ => null,
    };
}
