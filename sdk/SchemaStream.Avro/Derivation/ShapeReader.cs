using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Derivation;

/// <summary>Reflection to shapes: one instance per root type, not thread-safe.</summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal sealed partial class ShapeReader
{
    private static readonly Dictionary<Type, ScalarKind> Scalars = new()
    {
        [typeof(bool)] = ScalarKind.Boolean,
        [typeof(sbyte)] = ScalarKind.SByte,
        [typeof(byte)] = ScalarKind.Byte,
        [typeof(short)] = ScalarKind.Int16,
        [typeof(ushort)] = ScalarKind.UInt16,
        [typeof(int)] = ScalarKind.Int32,
        [typeof(uint)] = ScalarKind.UInt32,
        [typeof(long)] = ScalarKind.Int64,
        [typeof(ulong)] = ScalarKind.UInt64,
        [typeof(float)] = ScalarKind.Single,
        [typeof(double)] = ScalarKind.Double,
        [typeof(string)] = ScalarKind.String,
        [typeof(byte[])] = ScalarKind.ByteArray,
        [typeof(ReadOnlyMemory<byte>)] = ScalarKind.Memory,
        [typeof(decimal)] = ScalarKind.Decimal,
        [typeof(Guid)] = ScalarKind.Guid,
        [typeof(DateTime)] = ScalarKind.DateTime,
        [typeof(DateTimeOffset)] = ScalarKind.DateTimeOffset,
        [typeof(DateOnly)] = ScalarKind.DateOnly,
        [typeof(TimeOnly)] = ScalarKind.TimeOnly,
        [typeof(TimeSpan)] = ScalarKind.TimeSpan,
    };

    private readonly Dictionary<Type, TypeShape> _named = [];

    /// <summary>The shape of a root type. Its own nullability is not known to reflection: a reference is taken as never null.</summary>
    public static ShapeUse Read(Type type)
    {
        if (type == typeof(object) || type == typeof(AvroRecord))
        {
            return DynamicShape.Use with { Type = type };
        }

        return new ShapeReader().Use(type, null, null, type.Name);
    }

    private ShapeUse Use(Type type, NullabilityInfo? nullability, DeclaredType? declared, string path)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return new ShapeUse(Shape(underlying, nullability, declared is { IsParameter: false } ? Argument(declared, 0) : declared, path), true, type);
        }

        // Where the code says nothing about null (nullable annotations off), null is possible. A type parameter is
        // what its argument is: only a question mark makes it nullable.
        var isNullable = !type.IsValueType && (declared is { IsParameter: true }
            ? declared.IsAnnotated
            : nullability is not null && nullability.ReadState != NullabilityState.NotNull);
        return new ShapeUse(Shape(type, nullability, declared, path), isNullable, type);
    }

    private TypeShape Shape(Type type, NullabilityInfo? nullability, DeclaredType? declared, string path)
    {
        if (Scalars.TryGetValue(type, out var scalar))
        {
            return new ScalarShape(type, scalar);
        }

        if (type == typeof(AvroRecord))
        {
            return DynamicShape.Use.Shape;
        }

        if (SpecificTypes.Scalar(type) is { } adapted)
        {
            return adapted;
        }

        if (_unions.TryGetValue(type, out var union))
        {
            return union;
        }

        if (_named.TryGetValue(type, out var known))
        {
            return known;
        }

        if (type.IsEnum)
        {
            return type.IsDefined(typeof(FlagsAttribute), false)
                ? throw Unsupported(path, type, "combinations of flags are no symbols: use an integer, or a list of an enum without [Flags]")
                : ReadEnum(type);
        }

        if (DictionaryTypes.ValueOf(type) is { } pair)
        {
            return pair.Key == typeof(string)
                ? new DictionaryShape(type, Use(pair.Value, Argument(nullability, 1), Argument(declared, 1), path + "[]"))
                : throw Unsupported(path, type, "Avro's maps have string keys: use a Dictionary<string, …> or a list of pairs");
        }

        if (SequenceTypes.ItemOf(type) is { } item)
        {
            var element = type.IsArray ? nullability?.ElementType : Argument(nullability, 0);
            return new SequenceShape(type, Use(item, element, Argument(declared, 0), path + "[]"));
        }

        if (UnionTypes.Of(type) is { } branches)
        {
            return Union(type, branches, path);
        }

        RefuseWhatIsNoRecord(type, path);
        return SpecificTypes.GetMethod(type) is { } get ? ReadSpecific(type, get) : ReadRecord(type);
    }

    private static void RefuseWhatIsNoRecord(Type type, string path)
    {
        if (type == typeof(object))
        {
            throw Unsupported(path, type, "any type could be there: name the one that is, or those that may be with [AvroUnion]");
        }

        if (type.IsArray)
        {
            throw Unsupported(path, type, "only arrays of one dimension have an Avro type: use an array of arrays");
        }

        if (typeof(System.Collections.IEnumerable).IsAssignableFrom(type))
        {
            throw Unsupported(path, type, "the collection cannot be made from its items: use a List<T>, an array or an immutable collection");
        }

        if (type.IsInterface || type.IsAbstract)
        {
            throw Unsupported(
                path, type, "an abstract type does not say which fields there are: use the concrete type, or name those that it may be with [AvroUnion]");
        }

        if (type.IsPrimitive || type.IsPointer || type.IsByRefLike || typeof(Delegate).IsAssignableFrom(type)
            || type.ContainsGenericParameters || type.Namespace is "System" || type == typeof(System.Text.Json.JsonElement))
        {
            throw Unsupported(path, type, "there is no Avro type for it: use another type, or leave the member out with [AvroIgnore]");
        }
    }

    private EnumShape ReadEnum(Type type)
    {
        var symbols = new List<(string, object)>();
        var seen = new HashSet<object>();
        string? defaultSymbol = null;
        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static).OrderBy(field => field.MetadataToken))
        {
            var symbol = field.GetCustomAttribute<AvroNameAttribute>()?.Name ?? field.Name;
            var value = field.GetValue(null)!;
            if (!AvroName.IsSimple(symbol))
            {
                throw new AvroSchemaException($"{type.Name}.{field.Name}: \"{symbol}\" is not an Avro symbol; give it one with [AvroName]");
            }

            if (seen.Add(value))
            {
                symbols.Add((symbol, value));
            }

            if (field.IsDefined(typeof(AvroDefaultAttribute)))
            {
                // Of two names for one value the first is the symbol.
                defaultSymbol = symbols.Find(known => known.Item2.Equals(value)).Item1;
            }
        }

        if (symbols.Count == 0)
        {
            throw new AvroSchemaException($"{type.Name}: an enum without values has no symbols");
        }

        var shape = new EnumShape(type) { Symbols = symbols, DefaultSymbol = defaultSymbol };
        _named.Add(type, shape);
        return shape;
    }

    private static NullabilityInfo? Argument(NullabilityInfo? nullability, int index) =>
        nullability is not null && index < nullability.GenericTypeArguments.Length ? nullability.GenericTypeArguments[index] : null;

    private static DeclaredType? Argument(DeclaredType? declared, int index) =>
        declared is not null && index < declared.Arguments.Count ? declared.Arguments[index] : null;

    internal static AvroSchemaException Unsupported(string path, Type type, string advice) =>
        new($"{path} is a {TypeNames.Readable(type)}, which has no Avro schema: {advice}.");
}
