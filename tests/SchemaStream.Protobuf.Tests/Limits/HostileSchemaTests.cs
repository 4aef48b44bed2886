using System.Diagnostics;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Tests.Limits;

/// <summary>Schemas made to hurt: refused, or read, in bounded time.</summary>
public sealed class HostileSchemaTests
{
    private const string Proto3 = "syntax = \"proto3\";\n";
    private const string Proto2 = "syntax = \"proto2\";\n";

    // What takes a second on a slow machine takes a tenth on this; a quadratic answer takes minutes on either.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(20);

    [Fact]
    public void Messages_nested_ten_thousand_deep_are_refused() =>
        Refused(Proto3 + Repeat("message A { ", 10_000) + Repeat("}", 10_000)).ShouldContain("nested");

    [Fact]
    public void Groups_nested_ten_thousand_deep_are_refused() =>
        Refused(Proto2 + "message A { " + Repeat("optional group G = 1 { ", 10_000) + Repeat("}", 10_001)).ShouldContain("nested");

    [Theory]
    [InlineData("{", "}")]
    [InlineData("a <", ">")]
    [InlineData("a: [{", "}]")]
    public void Option_values_nested_ten_thousand_deep_are_refused(string open, string close) =>
        Refused(WithOption($"option (any) = {{ {Repeat(open, 10_000)} {Repeat(close, 10_000)} }};"));

    [Fact]
    public void An_option_name_of_ten_thousand_parts_is_refused() =>
        Refused(WithOption($"option (any){Repeat(".a", 10_000)}.n = 1;")).ShouldContain("parts");

    [Fact]
    public void An_option_of_a_million_numbers_is_refused() =>
        Refused(WithOption("option (any) = { numbers: [1" + Repeat(",1", 1_000_000) + "] };")).ShouldContain("values");

    [Fact]
    public void Options_of_four_megabytes_are_refused()
    {
        var text = new string('x', 1_000_000);
        Refused(WithOption(Many(4, _ => $"option (any).list = {{ t: \"{text}\" }};"))).ShouldContain("bytes");
    }

    [Fact]
    public void A_descriptor_with_four_megabytes_of_options_is_refused()
    {
        var options = MessageOptions.Parser.ParseFrom([0xFA, 0xEB, 0x18, 0x80, 0x80, 0x80, 0x02, .. new byte[4 * 1024 * 1024]]);
        var file = new FileDescriptorProto { Name = "x", MessageType = { new DescriptorProto { Name = "A", Options = options } } };
        Timed(() => Should.Throw<ProtoSchemaException>(() => ProtoSchema.FromFile(file))).Message.ShouldContain("bytes");
    }

    [Fact]
    public void A_text_of_seventeen_million_characters_is_refused() =>
        Refused(new string(' ', 17_000_000)).ShouldContain("characters");

    [Fact]
    public void A_descriptor_of_seventeen_million_characters_is_refused() =>
        Timed(() => Should.Throw<ProtoSchemaException>(() => ProtoSchema.ParseDescriptor(new string('A', 17_000_000))));

    [Fact]
    public void Three_hundred_thousand_fields_are_refused() =>
        Refused(Proto3 + "message A {" + Many(300_000, static i => $"int32 f{i} = {i + 20_000};") + "}").ShouldContain("declarations");

    [Fact]
    public void A_long_package_around_many_messages_is_refused() =>
        Refused(Proto3 + $"package {new string('p', 900)};" + Many(100_000, static i => $"message M{i} {{}}")).ShouldContain("names");

    [Fact]
    public void A_package_of_three_hundred_parts_is_refused() =>
        Refused(Proto3 + "package a" + Repeat(".a", 300) + ";").ShouldContain("parts");

    [Fact]
    public void A_name_of_a_million_characters_is_refused() =>
        Refused(Proto3 + $"message {new string('m', 1_000_000)} {{}}").ShouldContain("longer");

    [Fact]
    public void A_refusal_does_not_repeat_a_megabyte() =>
        Refused(Proto3 + $"message A {{ {new string('T', 1_000_000)} a = 1; }}").Length.ShouldBeLessThan(5_000);

    [Fact]
    public void A_cycle_of_imports_is_refused()
    {
        var imports = Enumerable.Range(0, 50)
            .Select(static i => ProtoImport.FromText($"f{i}.proto", Proto3 + $"import \"f{(i + 1) % 50}.proto\";"))
            .ToList();
        Refused(Proto3 + "import \"f0.proto\";", imports).ShouldContain("recursively imports itself");
    }

    [Fact]
    public void A_chain_of_a_thousand_imports_is_refused()
    {
        var imports = Enumerable.Range(0, 1_001)
            .Select(static i => ProtoImport.FromText($"f{i}.proto", Proto3 + (i < 1_000 ? $"import public \"f{i + 1}.proto\";" : "")))
            .ToList();
        Refused(Proto3 + "import \"f0.proto\";", imports).ShouldContain("deep");
    }

    [Fact]
    public void More_than_a_thousand_imports_are_refused()
    {
        var imports = Enumerable.Range(0, 1_100).Select(static i => ProtoImport.FromText($"f{i}.proto", Proto3)).ToList();
        Refused(Proto3 + Many(1_100, static i => $"import \"f{i}.proto\";"), imports).ShouldContain("imported");
    }

    [Fact]
    public void Imports_that_all_import_one_another_are_read_once_each()
    {
        var imports = Enumerable.Range(0, 190).Select(static i => ProtoImport.FromText(
            $"f{i}.proto", Proto3 + $"package p{i};" + Many(i, static k => $"import public \"f{k}.proto\";") + "message M {}")).ToList();
        var schema = Timed(() => ProtoSchema.Parse(Proto3 + "import \"f189.proto\"; message A { p0.M m = 1; }", imports));
        schema.Dependencies.Count.ShouldBe(190);
    }

    [Theory]
    [InlineData("fields")]
    [InlineData("maps")]
    [InlineData("oneofs")]
    [InlineData("optionals")]
    [InlineData("reserved")]
    [InlineData("values")]
    [InlineData("messages")]
    [InlineData("groups")]
    [InlineData("extensions")]
    [InlineData("options")]
    [InlineData("list")]
    [InlineData("dotted")]
    public void What_is_large_but_honest_is_read_and_printed_in_time(string kind)
    {
        var schema = Timed(() => ProtoSchema.Parse(Large(kind)));
        Timed(() => schema.ToText());
        Timed(() => schema.ToNormalizedText());
    }

    private static string Large(string kind) => kind switch
    {
        "fields" => Proto3 + "message A {" + Many(60_000, static i => $"repeated int32 f{i} = {i + 20_000};") + "}",
        "maps" => Proto3 + "message A {" + Many(20_000, static i => $"map<string, A> f{i} = {i + 20_000};") + "}",
        "oneofs" => Proto3 + "message A {" + Many(20_000, static i => $"oneof o{i} {{ A f{i} = {i + 20_000}; }}") + "}",
        "optionals" => Proto3 + "message A {" + Many(20_000, static i => $"optional A f{i} = {i + 20_000};") + "}",
        "reserved" => Proto3 + "message A { reserved " + string.Join(",", Enumerable.Range(1, 60_000).Select(static i => i * 2)) + "; }",
        "values" => Proto3 + "enum E { Z = 0;" + Many(60_000, static i => $"V{i}_ = {i + 1};") + "}",
        "messages" => Proto3 + Many(20_000, static i => $"message M{i} {{ M{i} m = 1; }}"),
        "groups" => Proto2 + Many(20_000, static i => $"message M{i} {{ optional group G = 1 {{ }} }}"),
        "extensions" => Proto2 + "message A {" + Many(20_000, static i => $"extensions {i + 20_000};") + "}"
            + "extend A {" + Many(20_000, static i => $"optional group G{i} = {i + 20_000} {{}}") + "}",
        "options" => WithOption(Many(20_000, static i => $"option (many) = {i};")),
        "list" => WithOption("option (any) = { " + Many(20_000, static i => $"list {{ n: {i} }} ") + " };"),
        _ => WithOption(Many(20_000, static i => $"option (any).list = {{ n: {i} }};")),
    };

    [Fact]
    public void A_descriptor_nested_too_deep_is_refused()
    {
        var inner = new DescriptorProto { Name = "A" };
        for (var i = 0; i < 90; i++)
        {
            inner = new DescriptorProto { Name = "A", NestedType = { inner } };
        }

        var file = new FileDescriptorProto { Name = "deep", MessageType = { inner } };
        Timed(() => Should.Throw<ProtoSchemaException>(() => ProtoSchema.FromFile(file)));
        Timed(() => Should.Throw<ProtoSchemaException>(() => ProtoSchema.ParseDescriptor(Convert.ToBase64String(file.ToByteArray()))));
    }

    [Fact]
    public void Bytes_of_an_option_that_do_not_decode_have_no_text()
    {
        var options = MessageOptions.Parser.ParseFrom([0xFA, 0xEB, 0x18, 3, 0x0A, 0xFF, 0x01]);
        var file = new FileDescriptorProto
        {
            Name = "x", Syntax = "proto3", Dependency = { "o.proto" }, MessageType = { new DescriptorProto { Name = "A", Options = options } },
        };
        var declared = Proto3 + "import \"google/protobuf/descriptor.proto\"; message D { D a = 1; }"
            + "extend google.protobuf.MessageOptions { D d = 51135; }";
        var schema = ProtoSchema.FromFile(file, [ProtoImport.FromText("o.proto", declared)]);
        ProtoSchema.Parse(schema.ToText(), [ProtoImport.FromText("o.proto", declared)]).FirstMessageName.ShouldBe("A");
    }

    private static string WithOption(string option) => Proto3
        + "import \"google/protobuf/descriptor.proto\";"
        + "message T { T a = 1; int32 n = 2; repeated T list = 3; repeated int32 numbers = 4; string t = 5; }"
        + "extend google.protobuf.FileOptions { T any = 60001; repeated int32 many = 60002; }"
        + option;

    private static string Refused(string text, IReadOnlyList<ProtoImport>? imports = null) =>
        Timed(() => Should.Throw<ProtoSchemaException>(() => ProtoSchema.Parse(text, imports))).Message;

    private static T Timed<T>(Func<T> action)
    {
        var watch = Stopwatch.StartNew();
        var result = action();
        watch.Elapsed.ShouldBeLessThan(Enough);
        return result;
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static string Many(int count, Func<int, FormattableString> item)
    {
        var text = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            text.Append(item(i).ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        return text.ToString();
    }
}
