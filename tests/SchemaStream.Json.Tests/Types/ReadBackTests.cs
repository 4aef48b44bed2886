using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaStream.Json.Tests.Types;

/// <summary>What is written comes back; a type of which something would not is refused when it is declared, not at its first record.</summary>
public sealed class ReadBackTests
{
    [Fact]
    public void AbstractTypes_WithoutDerivedOnes_AreRefusedByTheirPath()
    {
        Refusal<Abstract>().ShouldBe(
            $"{typeof(Abstract)} cannot be a type of a JSON topic: Abstract.Roots[].Root ({typeof(Root)}) is abstract, so nothing says which type to make; " +
            "name the types that there are by [JsonDerivedType], or use one that is not abstract. A converter of your own may write it as well.");
        Refusal<Interface>().ShouldContain($"Interface.Root ({typeof(IRoot)}) is abstract");
        Refusal<Root>().ShouldContain($"Root ({typeof(Root)}) is abstract");
        Refusal<Choice>().ShouldContain($"Choice.One (Stray).Root ({typeof(Root)}) is abstract");
        Should.Throw<SchemaSerializationException>(() => new JsonSchemaDeserializer<Interface>(JsonSchema.Parse("{}"))).Message.ShouldContain("is abstract");
    }

    [Fact]
    public void Collections_ThatCannotBeMade_AreRefused()
    {
        Refusal<Held<ReadOnlyCollection<int>>>().ShouldContain($"Held`1.Items ({typeof(ReadOnlyCollection<int>)}) cannot be made by System.Text.Json");
        Refusal<Held<IReadOnlySet<int>>>().ShouldContain("use a list, a set, a dictionary or an immutable collection");
        Refusal<Held<FrozenSet<int>>>().ShouldContain("cannot be made");
        Refusal<Held<FrozenDictionary<string, int>>>().ShouldContain("cannot be made");
        Refusal<Held<Stack<int>>>().ShouldContain("is read in the order in which it was written, which turns it round; use a list");
    }

    [Fact]
    public void Members_ThatAreWrittenAndNotRead_AreRefused()
    {
        Refusal<GetterOnly>().ShouldContain("GetterOnly.Items (System.Collections.Generic.List`1[System.String]) has no setter, so its items are written and not read; add 'init'");
        Refusal<PrivateSetter>().ShouldContain("PrivateSetter.Name (System.String) has a setter that is not public, so it is written and not read; add [JsonInclude]");
        Refusal<Held<(int, string)>>().ShouldContain("has fields alone, which are not written; use a record, or set IncludeFields");
        Refusal<Unconstructed>().ShouldContain("has no constructor that could be taken");
        Refusal<Held<Action>>().ShouldContain("Held`1[System.Action].Items is of System.Action, which System.Text.Json does not write; mark it with [JsonIgnore]");
        Refusal<Type>().ShouldContain("System.Text.Json does not write System.Type");
    }

    [Fact]
    public void Shapes_ComeBack()
    {
        Holds(new Computed("a", [1, 2]));
        Holds(new Populated { Items = { "a" } });
        Holds(new Included("a"));
        Holds<IFigure>(new Dot(1));
        Holds(new List<IFigure> { new Dot(1) });
        Holds<Numbered>(new NumberedOne("a"));
        Holds(new List<Numbered> { new NumberedOne("a"), new() });
        Holds(new Held<ImmutableArray<int>>([1]));
        Holds(new Held<ImmutableDictionary<string, int>>(ImmutableDictionary<string, int>.Empty.Add("a", 1)));
        Holds(new Held<Queue<int>>(new([1, 2])));
        Holds(new Held<SortedDictionary<string, int>>(new() { ["a"] = 1 }));
        Holds(new Held<Dictionary<Status, Guid>>(new() { [Status.Paid] = Guid.AllBitsSet }));
        Holds(new Held<Dictionary<DateOnly, int[][]>>(new() { [DateOnly.MaxValue] = [[1], []] }));
        Holds(new Held<KeyValuePair<string, int>>(new("a", 1)));
        Holds(new Held<Place?>(new Place(1, 2)));
        Holds(new Held<Place?>(null));
        Holds(new Held<(int A, string B)>((1, "a")), new() { SerializerOptions = new JsonSerializerOptions { IncludeFields = true } });
        Holds(new Held<JsonElement>(JsonDocument.Parse("""{"a": [1]}""").RootElement));
        Holds(new Held<object>(3));
        Holds(new Held<Int128>(Int128.MinValue));
        Holds(new Held<decimal>(decimal.MaxValue));
        Holds(new Held<TimeSpan>(TimeSpan.MinValue));
        Holds(new Held<Version>(new(1, 2, 3)));
        Holds(new Held<Uri>(new("a/b", UriKind.Relative)));
        Holds(new Held<ReadOnlyMemory<byte>>(new byte[] { 1 }));
        Holds(new[] { new Address("s", "c") });
        Holds(new Dictionary<string, Address?> { ["a"] = new("s", "c") });
    }

    [Fact]
    public void ItemsOfAGenericTypesParameter_MayBeNull_UnlessItSaysNot()
    {
        Holds(new Generic<string?>([null, "a"], new() { ["a"] = null }, null));
        Holds(new Generic<Address?>([null], new() { ["a"] = null, ["b"] = new("s", "c") }, null));
        Holds(new Generic<int?>([null, 1], new() { ["a"] = null }, null));
        Holds(new Sure<string>(["a"], [null]));

        var written = Should.Throw<SchemaSerializationException>(() => Codec.Write(new JsonSchemaSerializer<Sure<string>>(), new Sure<string>([null!], [])));
        written.Message.ShouldContain("/items/0 is of another type");
    }

    private static string Refusal<T>() => Should.Throw<SchemaSerializationException>(() => new JsonSchemaSerializer<T>()).Message;

    private static void Holds<T>(T value, JsonFormatOptions? options = null)
    {
        var serializer = new JsonSchemaSerializer<T>(options);
        var bytes = Codec.Write(serializer, value);
        var read = new JsonSchemaDeserializer<T>(JsonSchema.Parse(serializer.SchemaText), options).Deserialize(bytes, Codec.Context);
        Codec.Write(serializer, read).ShouldBe(bytes);
    }

    public abstract record Root(int X);

    public interface IRoot
    {
        int X { get; }
    }

    public sealed record Abstract(List<Rooted> Roots);

    public sealed record Rooted(Root Root);

    public sealed record Interface(IRoot Root);

    [JsonDerivedType(typeof(Known), "known")]
    [JsonDerivedType(typeof(Stray), "stray")]
    public abstract record Chosen;

    public sealed record Known(int Count) : Chosen;

    public sealed record Stray(Root Root) : Chosen;

    public sealed record Held<T>(T Items);

    public sealed record Choice(Chosen One);

    public sealed class GetterOnly
    {
        public List<string> Items { get; } = [];
    }

    public sealed class PrivateSetter
    {
        public string? Name { get; private set; }

        public void Rename(string name) => Name = name;
    }

    public sealed class Unconstructed
    {
        public Unconstructed(int a) => A = a;

        public Unconstructed(string a) => A = a.Length;

        public int A { get; }
    }

    /// <summary>What is computed of other members needs not be read.</summary>
    public sealed record Computed(string Name, List<int> Counts)
    {
        public int Total => Counts.Sum();

        public IEnumerable<int> Doubled => Counts.Select(count => count * 2);

        public string Kind { get; } = "computed";
    }

    public sealed class Populated
    {
        [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
        public List<string> Items { get; } = [];
    }

    public sealed class Included
    {
        public Included(string name) => Name = name;

        [JsonConstructor]
        private Included()
        {
        }

        [JsonInclude]
        public string? Name { get; private set; }
    }

    [JsonDerivedType(typeof(Dot), "dot")]
    public interface IFigure;

    public sealed record Dot(int X) : IFigure;

    /// <summary>An empty type that may be one of its derived ones.</summary>
    [JsonDerivedType(typeof(NumberedOne), 1)]
    public record Numbered;

    public sealed record NumberedOne(string Name) : Numbered;

    public readonly record struct Place(int X, int Y);

    public sealed record Generic<T>(List<T> Items, Dictionary<string, T> Map, T One);

    public sealed record Sure<T>(List<T> Items, List<T?> Gaps)
        where T : notnull;
}
