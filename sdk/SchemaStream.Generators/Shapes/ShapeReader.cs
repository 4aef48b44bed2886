using System.Globalization;
using Microsoft.CodeAnalysis;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Generators.Shapes;

/// <summary>The compiler's symbols to shapes, by the rules of the runtime library's ShapeReader.</summary>
internal sealed partial class ShapeReader(Compilation compilation)
{
    private readonly Dictionary<ITypeSymbol, Shape> _named = new(SymbolEqualityComparer.Default);

    /// <summary>What has no schema, one entry per member.</summary>
    public List<ShapeException> Problems { get; } = [];

    /// <summary>The shape of a root type, which is never null.</summary>
    public ShapeUse Read(ITypeSymbol type) => new(ShapeOf(type, null, type.Name, type), false);

    private ShapeUse Use(ITypeSymbol type, ITypeSymbol? declared, string path, ISymbol at)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            var inner = declared is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } wrapper
                ? wrapper.TypeArguments[0]
                : declared;
            return new ShapeUse(ShapeOf(nullable.TypeArguments[0], inner, path, at), true);
        }

        // Where the code says nothing about null (nullable annotations off), null is possible. A type parameter is what
        // its argument is: only a question mark makes it nullable.
        var isNullable = !type.IsValueType && declared switch
        {
            null => false,
            ITypeParameterSymbol => declared.NullableAnnotation == NullableAnnotation.Annotated,
            _ => declared.NullableAnnotation != NullableAnnotation.NotAnnotated,
        };
        return new ShapeUse(ShapeOf(type, declared, path, at), isNullable);
    }

    private Shape ShapeOf(ITypeSymbol type, ITypeSymbol? declared, string path, ISymbol at)
    {
        if (ScalarTypes.KindOf(type) is { } scalar)
        {
            return new ScalarShape(type, scalar);
        }

        if (_unions.TryGetValue(type, out var union))
        {
            return union;
        }

        if (_named.TryGetValue(type, out var known))
        {
            return known;
        }

        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum } named)
        {
            return named.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == "System.FlagsAttribute")
                ? throw Unsupported(path, type, at, "combinations of flags are no symbols: use an integer, or a list of an enum without [Flags]")
                : ReadEnum(named);
        }

        if (CollectionTypes.DictionaryOf(type) is var (key, value, dictionaryKind))
        {
            return key.SpecialType == SpecialType.System_String
                ? new DictionaryShape(type, Use(value, Argument(declared, 1), path + "[]", at), dictionaryKind)
                : throw Unsupported(path, type, at, "Avro's maps have string keys: use a Dictionary<string, …> or a list of pairs");
        }

        if (CollectionTypes.SequenceOf(type) is var (item, sequenceKind))
        {
            return new SequenceShape(type, Use(item, Argument(declared, 0), path + "[]", at), sequenceKind);
        }

        if (UnionTypes.Of(type) is { } branches)
        {
            return Union(type, branches, path, at);
        }

        RefuseWhatIsNoRecord(type, path, at);
        return ReadRecord((INamedTypeSymbol)type);
    }

    private static void RefuseWhatIsNoRecord(ITypeSymbol type, string path, ISymbol at)
    {
        if (type.SpecialType == SpecialType.System_Object || type.TypeKind == TypeKind.Dynamic)
        {
            throw Unsupported(path, type, at, "any type could be there: name the one that is, or those that may be with [AvroUnion]");
        }

        if (type is IArrayTypeSymbol)
        {
            throw Unsupported(path, type, at, "only arrays of one dimension have an Avro type: use an array of arrays");
        }

        if (CollectionTypes.IsEnumerable(type))
        {
            throw Unsupported(path, type, at, "the collection cannot be made from its items: use a List<T>, an array or an immutable collection");
        }

        if (type.TypeKind == TypeKind.Interface || type.IsAbstract)
        {
            throw Unsupported(path, type, at, "an abstract type does not say which fields there are: use the concrete type, or name those that it may be with [AvroUnion]");
        }

        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } || type.IsRefLikeType
            || type.SpecialType != SpecialType.None || type.ContainingNamespace?.ToDisplayString() == "System"
            || type.ToDisplayString() == "System.Text.Json.JsonElement")
        {
            throw Unsupported(path, type, at, "there is no Avro type for it: use another type, or leave the member out with [AvroIgnore]");
        }

        if (IsSpecific(type))
        {
            throw Unsupported(path, type, at, "its schema is in its code: it works without [SchemaStreamContract], by code compiled at run time", isOfGeneratedCode: true);
        }
    }

    /// <summary>A class as avrogen makes them: its schema is in its code, where only a running program finds it.</summary>
    private static bool IsSpecific(ITypeSymbol type) =>
        type.GetMembers("Schema").Length > 0
        && type.GetMembers("Get").OfType<IMethodSymbol>().Any(method => method.Parameters.Length == 1)
        && type.GetMembers("Put").OfType<IMethodSymbol>().Any(method => method.Parameters.Length == 2);

    private EnumShape ReadEnum(INamedTypeSymbol type)
    {
        var symbols = new List<(string, string, decimal)>();
        var seen = new HashSet<decimal>();
        string? defaultSymbol = null;
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue))
        {
            var symbol = Attributes.Find(field, "AvroNameAttribute")?.Text(0) ?? field.Name;
            var value = Convert.ToDecimal(field.ConstantValue, CultureInfo.InvariantCulture);
            if (!AvroName.IsSimple(symbol.AsSpan()))
            {
                throw new ShapeException(
                    Diagnostics.Name, field, $"{type.Name}.{field.Name}: \"{symbol}\" is not an Avro symbol; give it one with [AvroName]");
            }

            if (seen.Add(value))
            {
                symbols.Add((symbol, field.Name, value));
            }

            if (Attributes.Find(field, "AvroDefaultAttribute") is not null)
            {
                // Of two names for one value the first is the symbol.
                defaultSymbol = symbols.Find(known => known.Item3 == value).Item1;
            }
        }

        if (symbols.Count == 0)
        {
            throw new ShapeException(Diagnostics.Unsupported, type, $"{type.Name}: an enum without values has no symbols");
        }

        var shape = new EnumShape(type) { Symbols = symbols, DefaultSymbol = defaultSymbol };
        _named.Add(type, shape);
        return shape;
    }

    private static ITypeSymbol? Argument(ITypeSymbol? declared, int index) => declared switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol named when index < named.TypeArguments.Length => named.TypeArguments[index],
        _ => null,
    };

    private static ShapeException Unsupported(
        string path, ITypeSymbol type, ISymbol at, string advice, bool isOfGeneratedCode = false) =>
        new(Diagnostics.Unsupported, at, $"{path} is a {SymbolNames.Readable(type)}, which has no Avro schema: {advice}")
        {
            IsOfGeneratedCode = isOfGeneratedCode,
        };
}
