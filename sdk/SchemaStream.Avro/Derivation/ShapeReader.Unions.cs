using System.Reflection;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Derivation;

/// <content>Base classes and interfaces whose values are of one of several types.</content>
internal sealed partial class ShapeReader
{
    private readonly Dictionary<Type, UnionShape> _unions = [];

    private UnionShape Union(Type type, IReadOnlyList<Type> types, string path)
    {
        var shape = new UnionShape(type);
        _unions.Add(type, shape);
        shape.Branches = [.. Branches(type, types, path)];
        return shape;
    }

    private ShapeUse MemberUnion(Type type, AvroUnionAttribute union, NullabilityInfo nullability, DeclaredType? declared, string path)
    {
        // What the attribute on a collection says is meant for the items.
        if (DictionaryTypes.ValueOf(type) is { } pair && pair.Key == typeof(string))
        {
            var value = MemberUnion(pair.Value, union, Argument(nullability, 1) ?? nullability, Argument(declared, 1), path + "[]");
            return new ShapeUse(new DictionaryShape(type, value), nullability.ReadState != NullabilityState.NotNull, type);
        }

        if (SequenceTypes.ItemOf(type) is { } item)
        {
            var element = (type.IsArray ? nullability.ElementType : Argument(nullability, 0)) ?? nullability;
            var sequence = new SequenceShape(type, MemberUnion(item, union, element, Argument(declared, 0), path + "[]"));
            return new ShapeUse(sequence, !type.IsValueType && nullability.ReadState != NullabilityState.NotNull, type);
        }

        if (type.IsValueType)
        {
            throw new AvroSchemaException($"{path}: [AvroUnion] is for a base class, an interface or object");
        }

        var shape = new UnionShape(type);
        shape.Branches = [.. Branches(type, union.Types, path)];
        return new ShapeUse(shape, nullability.ReadState != NullabilityState.NotNull, type);
    }

    private IEnumerable<TypeShape> Branches(Type type, IReadOnlyList<Type> types, string path)
    {
        if (types.Count == 0)
        {
            throw new AvroSchemaException($"{path}: the union of {TypeNames.Readable(type)} has no types");
        }

        foreach (var branch in types)
        {
            if (!type.IsAssignableFrom(branch) || Nullable.GetUnderlyingType(branch) is not null)
            {
                throw new AvroSchemaException($"{path}: {TypeNames.Readable(branch)} is no {TypeNames.Readable(type)}, of whose union it should be");
            }

            // The base class itself may be one of the types; then its own members are meant.
            if (branch != type && Shape(branch, null, null, path) is UnionShape inner)
            {
                foreach (var each in inner.Branches)
                {
                    yield return each;
                }
            }
            else
            {
                yield return branch == type ? OwnRecord(branch, path) : Shape(branch, null, null, path);
            }
        }
    }

    private TypeShape OwnRecord(Type type, string path)
    {
        if (type.IsAbstract)
        {
            throw Unsupported(path, type, "an abstract type has no values of its own: leave it out of its union");
        }

        return _named.TryGetValue(type, out var known) ? known : ReadRecord(type);
    }
}
