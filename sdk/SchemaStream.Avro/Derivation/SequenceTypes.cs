using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace SchemaStream.Avro.Derivation;

/// <summary>Which C# types are arrays to Avro.</summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal static class SequenceTypes
{
    private static readonly HashSet<Type> Interfaces =
    [
        typeof(IEnumerable<>), typeof(ICollection<>), typeof(IList<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>),
        typeof(ISet<>), typeof(IReadOnlySet<>), typeof(IImmutableList<>), typeof(IImmutableSet<>),
    ];

    private static readonly HashSet<Type> Immutable =
    [
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableQueue<>), typeof(IImmutableQueue<>), typeof(ImmutableHashSet<>),
        typeof(ImmutableSortedSet<>), typeof(FrozenSet<>),
    ];

    /// <summary>Collections that give their items back in another order than they took them.</summary>
    private static readonly HashSet<Type> Reversing = [typeof(Stack<>), typeof(ConcurrentStack<>), typeof(ConcurrentBag<>), typeof(ImmutableStack<>)];

    /// <summary>The item's type of a collection that can be written and made again; null for other types.</summary>
    public static Type? ItemOf(Type type)
    {
        if (type.IsSZArray)
        {
            return type.GetElementType();
        }

        if (!type.IsGenericType)
        {
            return null;
        }

        var definition = type.GetGenericTypeDefinition();
        var item = type.GenericTypeArguments[0];
        if (Interfaces.Contains(definition) || Immutable.Contains(definition))
        {
            return item;
        }

        return type.GenericTypeArguments.Length == 1 && !Reversing.Contains(definition)
            && typeof(IEnumerable<>).MakeGenericType(item).IsAssignableFrom(type)
            && CopyConstructor(type, item) is not null ? item : null;
    }

    /// <summary>The constructor that copies items: <c>HashSet(IEnumerable)</c>, <c>Collection(IList)</c> and the like.</summary>
    public static ConstructorInfo? CopyConstructor(Type type, Type item) =>
        type.IsAbstract ? null
            : type.GetConstructor([typeof(IEnumerable<>).MakeGenericType(item)])
                ?? type.GetConstructor([typeof(IList<>).MakeGenericType(item)]);
}
