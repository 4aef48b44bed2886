namespace SchemaStream.Analyzers.Tests;

/// <summary>A change behind a nullable member, or in a hierarchy, is shown at the member that changed, not at the union around it.</summary>
public sealed class PlacesInUnionsTests
{
    private const string Line = """{"type":"record","name":"Line","fields":[{"name":"Sku","type":"string"}]}""";

    private static string Order(string name, string type) =>
        Analysis.Record("Order", $$"""{"name":"{{name}}","type":{{type}},"default":null}""");

    [Theory]
    [InlineData("Line? First", "First", $"""["null",{Line}]""")]
    [InlineData("List<Line>? Lines", "Lines", $$"""["null",{"type":"array","items":{{Line}}}]""")]
    [InlineData("Dictionary<string, Line?>? Lines", "Lines", $$"""["null",{"type":"map","values":["null",{{Line}}]}]""")]
    public async Task MemberOfANullableRecord_IsWhereTheErrorIs(string member, string name, string locked)
    {
        var said = await Analysis.Run(
            $"public sealed record Order({member});\npublic sealed record Line(string Sku, long Weight);",
            Analysis.Lock(Order(name, locked)));

        said.ShouldHaveSingleItem().ShouldStartWith(
            "SST101 Error 'Weight': READER_FIELD_MISSING_DEFAULT_VALUE: the reader's field Acme.Line.Weight has no default");
    }

    [Fact]
    public async Task MemberOfARecursiveType_IsWhereTheErrorIs_Once()
    {
        const string node = """{"name":"Left","type":["null","Node"],"default":null},{"name":"Right","type":["null","Node"],"default":null}""";

        var said = await Analysis.Run(
            "public sealed record Order(Node Root);\npublic sealed record Node(Node? Left, Node? Right, int Weight);",
            Analysis.Lock(Analysis.Record("Order", $$"""{"name":"Root","type":{"type":"record","name":"Node","fields":[{{node}}] } }""")));

        said.ShouldHaveSingleItem().ShouldStartWith("SST101 Error 'Weight': READER_FIELD_MISSING_DEFAULT_VALUE: ");
    }

    [Fact]
    public async Task EnumBehindANullableMember_IsWhereTheErrorIs() =>
        (await Analysis.Run(
            "public sealed record Order(Status? Status);\npublic enum Status { Placed }",
            Analysis.Lock(Order("Status", """["null",{"type":"enum","name":"Status","symbols":["Placed","Paid"]}]"""))))
            .ShouldHaveSingleItem().ShouldStartWith("SST101 Error 'Status': MISSING_ENUM_SYMBOLS: ");

    [Fact]
    public async Task ItemsOfANullableList_AreTheListsMember() =>
        (await Analysis.Run("public sealed record Order(List<long>? Lines);", Analysis.Lock(Order("Lines", """["null",{"type":"array","items":"string"}]"""))))
            .ShouldHaveSingleItem().ShouldStartWith("SST101 Error 'Lines': TYPE_MISMATCH: ");

    [Fact]
    public async Task BranchOfAHierarchy_IsWhereTheErrorIs()
    {
        var card = """{"type":"record","name":"Card","namespace":"Acme.Payment","fields":[]}""";
        var said = await Analysis.Run(
            "public sealed record Order(Payment Paid);\n"
            + "public abstract record Payment { private Payment() { } public sealed record Card(string Number) : Payment; public sealed record Cash : Payment; }",
            Analysis.Lock(Analysis.Record("Order", $$"""{"name":"Paid","type":[{{card}}]}""")));

        said.ShouldHaveSingleItem().ShouldStartWith("SST101 Error 'Number': READER_FIELD_MISSING_DEFAULT_VALUE: ");
    }

    [Fact]
    public async Task TypeThatNoLongerTakesNull_IsAnErrorAtTheMember() =>
        (await Analysis.Run("public sealed record Order([AvroUnion(typeof(int), typeof(string))] object Paid);", Analysis.Lock(Order("Paid", """["null","int","string"]"""))))
            .ShouldHaveSingleItem().ShouldStartWith("SST101 Error 'Paid': MISSING_UNION_BRANCH: ");

    [Fact]
    public async Task Forward_MemberOfANullableRecord_IsAnErrorAtTheTypeThatHadIt() =>
        (await Analysis.Run(
            "public sealed record Order(Line? First);\npublic sealed record Line(int? Other);",
            Analysis.Lock(Order("First", $"""["null",{Line}]"""), "FORWARD")))
            .ShouldHaveSingleItem().ShouldStartWith("SST101 Error 'Line': READER_FIELD_MISSING_DEFAULT_VALUE: the reader's field Acme.Line.Sku");
}
