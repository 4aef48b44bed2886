using Microsoft.CodeAnalysis;

namespace SchemaStream.Generators.Shapes;

/// <content>Base classes and interfaces whose values are of one of several types.</content>
internal sealed partial class ShapeReader
{
    private readonly Dictionary<ITypeSymbol, UnionShape> _unions = new(SymbolEqualityComparer.Default);

    private UnionShape Union(ITypeSymbol type, IReadOnlyList<ITypeSymbol> types, string path, ISymbol at)
    {
        var shape = new UnionShape(type);
        _unions.Add(type, shape);
        shape.Branches = [.. Branches(type, types, path, at)];
        return shape;
    }

    private ShapeUse MemberUnion(ITypeSymbol type, IReadOnlyList<ITypeSymbol> types, ITypeSymbol? declared, string path, ISymbol at)
    {
        var isNullable = !type.IsValueType && declared?.NullableAnnotation != NullableAnnotation.NotAnnotated;

        // What the attribute on a collection says is meant for the items.
        if (CollectionTypes.DictionaryOf(type) is var (key, value, dictionaryKind) && key.SpecialType == SpecialType.System_String)
        {
            var values = MemberUnion(value, types, Argument(declared, 1), path + "[]", at);
            return new ShapeUse(new DictionaryShape(type, values, dictionaryKind), isNullable);
        }

        if (CollectionTypes.SequenceOf(type) is var (item, sequenceKind))
        {
            return new ShapeUse(new SequenceShape(type, MemberUnion(item, types, Argument(declared, 0), path + "[]", at), sequenceKind), isNullable);
        }

        if (type.IsValueType)
        {
            throw Wrong(at, $"{path}: [AvroUnion] is for a base class, an interface or object");
        }

        return new ShapeUse(new UnionShape(type) { Branches = [.. Branches(type, types, path, at)] }, isNullable);
    }

    private IEnumerable<Shape> Branches(ITypeSymbol type, IReadOnlyList<ITypeSymbol> types, string path, ISymbol at)
    {
        if (types.Count == 0)
        {
            throw Wrong(at, $"{path}: the union of {SymbolNames.Readable(type)} has no types");
        }

        foreach (var branch in types)
        {
            var conversion = compilation.ClassifyCommonConversion(branch, type);
            if (!conversion.Exists || !conversion.IsImplicit || conversion.IsUserDefined || conversion.IsNumeric
                || branch is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T })
            {
                throw Wrong(at, $"{path}: {SymbolNames.Readable(branch)} is no {SymbolNames.Readable(type)}, of whose union it should be");
            }

            // The base class itself may be one of the types; then its own members are meant.
            if (SymbolEqualityComparer.Default.Equals(branch, type))
            {
                yield return OwnRecord((INamedTypeSymbol)branch, path, at);
            }
            else if (ShapeOf(branch, null, path, at) is var shape && shape is UnionShape inner)
            {
                foreach (var each in inner.Branches)
                {
                    yield return each;
                }
            }
            else
            {
                yield return shape;
            }
        }
    }

    private Shape OwnRecord(INamedTypeSymbol type, string path, ISymbol at)
    {
        if (type.IsAbstract)
        {
            throw Unsupported(path, type, at, "an abstract type has no values of its own: leave it out of its union");
        }

        return _named.TryGetValue(type, out var known) ? known : ReadRecord(type);
    }
}
