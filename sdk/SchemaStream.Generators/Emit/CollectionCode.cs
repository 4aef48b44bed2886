using SchemaStream.Generators.Shapes;

namespace SchemaStream.Generators.Emit;

/// <summary>How collections are written, and made of what was read.</summary>
internal static class CollectionCode
{
    private const string Immutable = "global::System.Collections.Immutable.";
    private const string Frozen = "global::System.Collections.Frozen.";

    public static string WriteMethod(SequenceShape shape) => shape.Kind switch
    {
        SequenceKind.Array => "WriteArray",
        SequenceKind.List => "WriteList",
        SequenceKind.ImmutableArray => "WriteImmutableArray",
        _ => "WriteEnumerable",
    };

    public static string WriteMethod(DictionaryShape shape) =>
        shape.Kind == DictionaryKind.Dictionary ? "WriteDictionary" : "WriteEntries";

    /// <summary>A collection from its items.</summary>
    /// <param name="shape">The collection.</param>
    /// <param name="itemReader">The type of the items' reader.</param>
    /// <param name="arguments">Payload, items' reader and fewest bytes.</param>
    public static string Read(SequenceShape shape, string itemReader, string arguments)
    {
        var item = shape.Item.Code;
        string Call(string method) => $"R.{method}<{item}, {itemReader}>({arguments})";
        return shape.Kind switch
        {
            SequenceKind.Array or SequenceKind.ArrayInterface => Call("ReadArray"),
            SequenceKind.List or SequenceKind.ListInterface => Call("ReadList"),
            SequenceKind.HashSet or SequenceKind.SetInterface => Call("ReadHashSet"),
            SequenceKind.ImmutableArray =>
                $"global::System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray<{item}>({Call("ReadArray")})",
            SequenceKind.ImmutableList => $"{Immutable}ImmutableList.CreateRange<{item}>({Call("ReadArray")})",
            SequenceKind.ImmutableQueue => $"{Immutable}ImmutableQueue.CreateRange<{item}>({Call("ReadArray")})",
            SequenceKind.FrozenSet => $"{Frozen}FrozenSet.ToFrozenSet<{item}>({Call("ReadArray")})",
            SequenceKind.ImmutableHashSet => $"{Immutable}ImmutableHashSet.CreateRange<{item}>({Call("ReadArray")})",
            SequenceKind.ImmutableSortedSet => $"{Immutable}ImmutableSortedSet.CreateRange<{item}>({Call("ReadArray")})",
            _ => $"new {shape.Code}(({shape.CopySource}<{item}>){Call("ReadList")})",
        };
    }

    public static string Read(DictionaryShape shape, string itemReader, string arguments)
    {
        var value = shape.Value.Code;
        var call = $"R.ReadDictionary<{value}, {itemReader}>({arguments})";
        return shape.Kind switch
        {
            DictionaryKind.Dictionary or DictionaryKind.Interface => call,
            DictionaryKind.Immutable => $"{Immutable}ImmutableDictionary.CreateRange<string, {value}>({call})",
            DictionaryKind.Frozen => $"{Frozen}FrozenDictionary.ToFrozenDictionary<string, {value}>({call})",
            DictionaryKind.ImmutableSorted => $"{Immutable}ImmutableSortedDictionary.CreateRange<string, {value}>({call})",
            _ => $"new {shape.Code}((global::System.Collections.Generic.IDictionary<string, {value}>){call})",
        };
    }
}
