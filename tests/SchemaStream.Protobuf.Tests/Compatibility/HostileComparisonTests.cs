using System.Diagnostics;
using System.Globalization;
using System.Text;
using SchemaStream.Protobuf.Compatibility;

namespace SchemaStream.Protobuf.Tests.Compatibility;

/// <summary>Schemas made so that comparing them costs: compared, or refused, in bounded time, memory and depth.</summary>
public sealed class HostileComparisonTests
{
    private const string Proto3 = "syntax = \"proto3\";\n";

    // What takes a tenth of a second here may take a second elsewhere; an exponential answer takes for ever.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_chain_of_imported_messages_is_followed_to_its_end()
    {
        const int Length = 20_000;

        var differences = Compare(
            Imported("M0", Many(Length, static i => $"message M{i} {{ M{i + 1} next = 1; }}") + $"message M{Length} {{ int32 end = 1; }}"),
            Imported("M0", Many(Length, static i => $"message M{i} {{ M{i + 1} next = 1; }}") + $"message M{Length} {{ string end = 1; }}"));

        differences.Count.ShouldBe(Length + 2);
        differences[0].ShouldBe(new SchemaDifference(DifferenceKinds.FieldScalarKindChanged, $"#/M{Length}/1"));
        differences[^1].ShouldBe(new SchemaDifference(DifferenceKinds.FieldNamedTypeChanged, "#/Root/1"));
    }

    [Fact]
    public void A_ring_of_imported_messages_ends()
    {
        static string Ring(string type) =>
            Many(1_000, static i => $"message M{i} {{ M{(i + 1) % 1_000} next = 1; End end = 2; }}") + $"message End {{ {type} end = 1; }}";

        Compare(Imported("M0", Ring("int32")), Imported("M0", Ring("int64"))).ShouldBeEmpty();

        // The field that leads into the ring, two fields of each message of it, and the end itself.
        Compare(Imported("M0", Ring("int32")), Imported("M0", Ring("string"))).Count.ShouldBe(1 + 2_000 + 1);
    }

    [Fact]
    public void Imported_messages_that_all_hold_each_other_are_compared_once()
    {
        static string Mesh(string type) => Many(200, i =>
            $"message M{i} {{ {type} own = 1; {Many(200, static k => $"M{k} m{k} = {k + 2}; ")}}}");

        Compare(Imported("M0", Mesh("int32")), Imported("M0", Mesh("sint32"))).Count.ShouldBe(1 + 200 + (200 * 200));
    }

    [Fact]
    public void A_lattice_of_imported_messages_does_not_grow_with_its_paths()
    {
        // Sixty layers of two messages, each holding both of the next layer: 2^60 ways from top to bottom.
        static string Lattice(string type) =>
            Many(60, static i => $"message A{i} {{ A{i + 1} a = 1; B{i + 1} b = 2; }} message B{i} {{ A{i + 1} a = 1; B{i + 1} b = 2; }}\n")
            + $"message A60 {{ {type} a = 1; }} message B60 {{}}";

        Compare(Imported("A0", Lattice("int32")), Imported("A0", Lattice("int32"))).ShouldBeEmpty();
        Compare(Imported("A0", Lattice("int32")), Imported("A0", Lattice("double"))).Count.ShouldBe(1 + 2 + (4 * 58) + 2 + 1);
    }

    [Fact]
    public void Messages_that_all_must_be_compared_with_all_are_refused()
    {
        // One name in many packages: each field's type moves to another package, so every pair is one of its own.
        const int Packages = 60;

        static ProtoSchema Schema(int shift)
        {
            var body = Many(600, static i => $"int32 f{i} = {i + 1}; ");
            var imports = Enumerable.Range(0, Packages)
                .Select(p => ProtoImport.FromText($"p{p}.proto", Proto3 + $"package p{p}; message M {{ {body}}}")).ToArray();
            var fields = from i in Enumerable.Range(0, Packages)
                         from k in Enumerable.Range(0, Packages)
                         select FormattableString.Invariant($"p{(shift == 0 ? i : k)}.M f{i}x{k} = {(i * Packages) + k + 1};");
            return ProtoSchema.Parse(
                Proto3 + Many(Packages, static p => $"import \"p{p}.proto\";\n") + $"message Root {{ {string.Concat(fields)} }}", imports);
        }

        Refused(Schema(0), Schema(1)).ShouldContain("steps");
    }

    [Fact]
    public void A_long_name_around_many_changed_fields_is_refused()
    {
        static ProtoSchema Schema(string type) => ProtoSchema.Parse(
            Proto3 + $"message {new string('m', 1_000)} {{ {Many(15_000, i => $"{type} f{i} = {i + 1};")} }}");

        Compare(Schema("int32"), Schema("int64")).ShouldBeEmpty();
        Refused(Schema("int32"), Schema("string")).ShouldContain("no room");
    }

    [Fact]
    public void Many_changed_fields_are_all_told()
    {
        static ProtoSchema Schema(string type) => ProtoSchema.Parse(
            Proto3 + Many(20, m => $"message M{m} {{ {Many(1_000, i => $"{type} f{i} = {i + 1};")} }}\n"));

        Compare(Schema("int32"), Schema("string")).Count.ShouldBe(20_000);
    }

    [Fact]
    public void Enums_of_many_names_are_compared_by_number()
    {
        static ProtoSchema Schema(string prefix) => ProtoSchema.Parse(
            Proto3 + $"enum E {{ {Many(50_000, i => $"{prefix}{i} = {i};")} }}");

        Compare(Schema("A"), Schema("B")).Count.ShouldBe(50_000);
    }

    private static ProtoSchema Imported(string type, string messages) => ProtoSchema.Parse(
        Proto3 + $"import \"all.proto\"; message Root {{ {type} root = 1; }}", [ProtoImport.FromText("all.proto", Proto3 + messages)]);

    private static IReadOnlyList<SchemaDifference> Compare(ProtoSchema original, ProtoSchema update) =>
        Timed(() => ProtobufCompatibility.Compare(original, update));

    private static string Refused(ProtoSchema original, ProtoSchema update) =>
        Timed(() => Should.Throw<ProtoSchemaException>(() => ProtobufCompatibility.Compare(original, update)).Message);

    private static T Timed<T>(Func<T> act)
    {
        var watch = Stopwatch.StartNew();
        var result = act();
        watch.Elapsed.ShouldBeLessThan(Enough);
        return result;
    }

    private static string Many(int count, Func<int, FormattableString> line)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append(line(i).ToString(CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
