using Microsoft.CodeAnalysis;

namespace SchemaStream.Generators.Shapes;

/// <summary>Which C# types are arrays and maps to Avro, and how they are made again.</summary>
internal static class CollectionTypes
{
    private const string Generic = "System.Collections.Generic.";
    private const string Immutable = "System.Collections.Immutable.";

    private static readonly Dictionary<string, SequenceKind> Sequences = new()
    {
        [Generic + "IEnumerable<T>"] = SequenceKind.ArrayInterface,
        [Generic + "IReadOnlyCollection<T>"] = SequenceKind.ArrayInterface,
        [Generic + "IReadOnlyList<T>"] = SequenceKind.ArrayInterface,
        [Generic + "ICollection<T>"] = SequenceKind.ListInterface,
        [Generic + "IList<T>"] = SequenceKind.ListInterface,
        [Generic + "ISet<T>"] = SequenceKind.SetInterface,
        [Generic + "IReadOnlySet<T>"] = SequenceKind.SetInterface,
        [Generic + "List<T>"] = SequenceKind.List,
        [Generic + "HashSet<T>"] = SequenceKind.HashSet,
        [Immutable + "IImmutableList<T>"] = SequenceKind.ImmutableList,
        [Immutable + "IImmutableQueue<T>"] = SequenceKind.ImmutableQueue,
        [Immutable + "ImmutableQueue<T>"] = SequenceKind.ImmutableQueue,
        ["System.Collections.Frozen.FrozenSet<T>"] = SequenceKind.FrozenSet,
        [Immutable + "IImmutableSet<T>"] = SequenceKind.ImmutableHashSet,
        [Immutable + "ImmutableArray<T>"] = SequenceKind.ImmutableArray,
        [Immutable + "ImmutableList<T>"] = SequenceKind.ImmutableList,
        [Immutable + "ImmutableHashSet<T>"] = SequenceKind.ImmutableHashSet,
        [Immutable + "ImmutableSortedSet<T>"] = SequenceKind.ImmutableSortedSet,
    };

    private static readonly Dictionary<string, DictionaryKind> Dictionaries = new()
    {
        [Generic + "Dictionary<TKey, TValue>"] = DictionaryKind.Dictionary,
        [Generic + "IDictionary<TKey, TValue>"] = DictionaryKind.Interface,
        [Generic + "IReadOnlyDictionary<TKey, TValue>"] = DictionaryKind.Interface,
        [Immutable + "IImmutableDictionary<TKey, TValue>"] = DictionaryKind.Immutable,
        [Immutable + "ImmutableDictionary<TKey, TValue>"] = DictionaryKind.Immutable,
        [Immutable + "ImmutableSortedDictionary<TKey, TValue>"] = DictionaryKind.ImmutableSorted,
        ["System.Collections.Frozen.FrozenDictionary<TKey, TValue>"] = DictionaryKind.Frozen,
    };

    /// <summary>Collections that give their items back in another order than they took them.</summary>
    private static readonly HashSet<string> Reversing =
    [
        Generic + "Stack<T>", "System.Collections.Concurrent.ConcurrentStack<T>", "System.Collections.Concurrent.ConcurrentBag<T>",
        Immutable + "ImmutableStack<T>",
    ];

    public static (ITypeSymbol Item, SequenceKind Kind)? SequenceOf(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol { IsSZArray: true } array)
        {
            return (array.ElementType, SequenceKind.Array);
        }

        if (type is not INamedTypeSymbol { TypeArguments.Length: 1, ContainingType: null } named)
        {
            return null;
        }

        var (name, item) = (Name(named), named.TypeArguments[0]);
        if (Sequences.TryGetValue(name, out var kind))
        {
            return (item, kind);
        }

        return !Reversing.Contains(name) && Implements(named, Generic + "IEnumerable<T>", item)
            && HasCopyConstructor(named, source => Name(source) is Generic + "IEnumerable<T>" or Generic + "IList<T>" or Generic + "ICollection<T>"
                && source.TypeArguments[0].Equals(item, SymbolEqualityComparer.Default))
            ? (item, SequenceKind.Copied)
            : null;
    }

    public static (ITypeSymbol Key, ITypeSymbol Value, DictionaryKind Kind)? DictionaryOf(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { TypeArguments.Length: 2, ContainingType: null } named)
        {
            return null;
        }

        var (key, value) = (named.TypeArguments[0], named.TypeArguments[1]);
        if (Dictionaries.TryGetValue(Name(named), out var kind))
        {
            return (key, value, kind);
        }

        // What takes pairs, takes a dictionary.
        return HasCopyConstructor(named, source => Name(source) switch
        {
            Generic + "IDictionary<TKey, TValue>" => IsOf(source, named),
            Generic + "IEnumerable<T>" or Generic + "ICollection<T>" => source.TypeArguments[0] is INamedTypeSymbol pair
                && Name(pair) == Generic + "KeyValuePair<TKey, TValue>" && IsOf(pair, named),
            _ => false,
        })
            ? (key, value, DictionaryKind.Copied)
            : null;
    }

    public static bool IsEnumerable(ITypeSymbol type) =>
        Is(type, "System.Collections.IEnumerable") || type.AllInterfaces.Any(face => Is(face, "System.Collections.IEnumerable"));

    private static bool Implements(INamedTypeSymbol type, string face, ITypeSymbol item) => type.AllInterfaces.Any(
        candidate => Name(candidate) == face && SymbolEqualityComparer.Default.Equals(candidate.TypeArguments[0], item));

    private static bool HasCopyConstructor(INamedTypeSymbol type, Func<INamedTypeSymbol, bool> isSource) => !type.IsAbstract
        && type.InstanceConstructors.Any(constructor => constructor.DeclaredAccessibility == Accessibility.Public
            && constructor.Parameters.Length == 1 && constructor.Parameters[0].Type is INamedTypeSymbol taken && isSource(taken));

    private static bool IsOf(INamedTypeSymbol source, INamedTypeSymbol type) =>
        Enumerable.SequenceEqual<ITypeSymbol>(source.TypeArguments, type.TypeArguments, SymbolEqualityComparer.Default);

    private static bool Is(ITypeSymbol type, string name) => type.ToDisplayString() == name;

    private static string Name(INamedTypeSymbol type) => type.OriginalDefinition.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.None));
}
