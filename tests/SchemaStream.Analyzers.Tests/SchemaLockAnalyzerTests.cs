extern alias analyzers;

using analyzers::SchemaStream.Analyzers.Locks;

namespace SchemaStream.Analyzers.Tests;

/// <summary>Changes of a type, and what the compiler says of them where schemas.lock has the type.</summary>
public sealed class SchemaLockAnalyzerTests
{
    private const string Id = """{"name":"Id","type":"string"}""";
    private const string Count = """{"name":"Count","type":"int"}""";
    private const string Note = """{"name":"Note","type":["null","string"],"default":null}""";

    [Fact]
    public async Task UnchangedType_IsSilent() =>
        (await Analysis.Run("public sealed record Order(string Id, int Count, string? Note);", Analysis.Lock(Analysis.Record("Order", Id, Count, Note))))
            .ShouldBeEmpty();

    [Fact]
    public async Task ProgramWithoutALockFile_IsSilent() =>
        (await Analysis.Run("public sealed record Order(string Id);", null)).ShouldBeEmpty();

    [Fact]
    public async Task MemberWithoutADefault_IsAnErrorAtTheMemberThatNamesTheRule()
    {
        var said = await Analysis.Run("public sealed record Order(string Id, int Count);", Analysis.Lock(Analysis.Record("Order", Id)));

        said.ShouldHaveSingleItem().ShouldBe(
            "SST101 Error 'Count': READER_FIELD_MISSING_DEFAULT_VALUE: the reader's field Acme.Order.Count has no default and the writer has no such field. "
            + "The contract Acme.Order is BACKWARD: give the member a default (nullable, an optional constructor parameter, or [AvroDefault]), or keep the field that was there.");
    }

    [Theory]
    [InlineData("public sealed record Order(string Id, int? Count);")]
    [InlineData("public sealed record Order(string Id, int Count = 1);")]
    [InlineData("public sealed record Order(string Id) { [AvroDefault(\"0\")] public int Count { get; init; } }")]
    public async Task MemberWithADefault_IsAnInfoToUpdateTheLock(string code) =>
        (await Analysis.Run(code, Analysis.Lock(Analysis.Record("Order", Id)))).ShouldHaveSingleItem().ShouldBe(
            "SST103 Info 'Order': The schema of Acme.Order changed in a compatible way: update schemas.lock with 'schemastream schemas lock'");

    [Theory]
    [InlineData("public sealed record Order(string Id, string Count);", "TYPE_MISMATCH", "Count")]
    [InlineData("public sealed record Order(string Id, int Count, string Note);", "TYPE_MISMATCH", "Note", Note)]
    [InlineData("public sealed class Order { public string Id { get; set; } = \"\"; public Guid Count { get; set; } }", "TYPE_MISMATCH", "Count")]
    public async Task MemberOfAnotherType_IsAnErrorAtTheMember(string code, string rule, string member, string? more = null)
    {
        string[] fields = more is null ? [Id, Count] : [Id, Count, more];

        (await Analysis.Run(code, Analysis.Lock(Analysis.Record("Order", fields)))).ShouldHaveSingleItem()
            .ShouldStartWith($"SST101 Error '{member}': {rule}: ");
    }

    [Fact]
    public async Task MemberOfANestedType_IsWhereTheErrorIs()
    {
        var line = Analysis.Record("Line", """{"name":"Sku","type":"string"}""").Replace(""","namespace":"Acme"}""", "}", StringComparison.Ordinal);

        var said = await Analysis.Run(
            "public sealed record Order(List<Line> Lines);\npublic sealed record Line(string Sku, long Weight);",
            Analysis.Lock(Analysis.Record("Order", """{"name":"Lines","type":{"type":"array","items":""" + line + "}}")));

        said.ShouldHaveSingleItem().ShouldStartWith("SST101 Error 'Weight': READER_FIELD_MISSING_DEFAULT_VALUE: ");
    }

    [Fact]
    public async Task EnumValueThatIsGone_IsAnErrorAtTheEnum()
    {
        var said = await Analysis.Run(
            "public sealed record Order(Status Status);\npublic enum Status { Placed }",
            Analysis.Lock(Analysis.Record("Order", """{"name":"Status","type":{"type":"enum","name":"Status","symbols":["Placed","Paid"]}}""")));

        said.ShouldHaveSingleItem().ShouldStartWith("SST101 Error 'Status': MISSING_ENUM_SYMBOLS: ");
    }

    [Fact]
    public async Task Forward_FieldThatIsGone_IsAnErrorAtTheTypeThatHadIt()
    {
        var locked = Analysis.Lock(Analysis.Record("Order", Id, Count), "FORWARD");

        (await Analysis.Run("public sealed record Order(string Id);", locked)).ShouldHaveSingleItem()
            .ShouldStartWith("SST101 Error 'Order': READER_FIELD_MISSING_DEFAULT_VALUE: the reader's field Acme.Order.Count");
        (await Analysis.Run("public sealed record Order(string Id, int Count, int Added);", locked)).ShouldHaveSingleItem().ShouldStartWith("SST103 Info");
    }

    [Fact]
    public async Task Full_HasBothDirections()
    {
        var said = await Analysis.Run("public sealed record Order(string Id, int Added);", Analysis.Lock(Analysis.Record("Order", Id, Count), "FULL_TRANSITIVE"));

        said.Count.ShouldBe(2);
        said.ShouldContain(line => line.StartsWith("SST101 Error 'Order'", StringComparison.Ordinal));
        said.ShouldContain(line => line.StartsWith("SST101 Error 'Added'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task None_TakesAnyShapeButNoOtherType()
    {
        var locked = Analysis.Lock(Analysis.Record("Order", Id), "NONE");

        (await Analysis.Run("public sealed record Order(int Count);", locked)).ShouldHaveSingleItem().ShouldStartWith("SST103 Info");
        (await Analysis.Run("[AvroName(\"Purchase\")] public sealed record Order(string Id);", locked)).ShouldHaveSingleItem().ShouldStartWith(
            "SST102 Error 'Order': The contract Acme.Order carries Acme.Order, the code now says Acme.Purchase. A topic's type never changes");
    }

    [Fact]
    public async Task Frozen_TakesNoChangeAtAll() =>
        (await Analysis.Run("public sealed record Order(string Id, int? Count);", Analysis.Lock(Analysis.Record("Order", Id), "FROZEN")))
            .ShouldHaveSingleItem().ShouldStartWith("SST106 Error 'Order': The contract Acme.Order is FROZEN");

    [Theory]
    [InlineData("public sealed record Order(string Id, object Count);", "Count", "Order.Count is a Object, which has no Avro schema: any type could be there")]
    [InlineData("public sealed record Order(string Id, Dictionary<int, string> Count);", "Count", "Avro's maps have string keys")]
    [InlineData("public sealed class Order { public string Id { get; } = \"\"; public int Count { get; set; } }", "Id", "Id has no setter")]
    public async Task MemberThatAvroCannotCarry_IsAnErrorAtTheMember(string code, string member, string why)
    {
        var said = (await Analysis.Run(code, Analysis.Lock(Analysis.Record("Order", Id, Count)))).ShouldHaveSingleItem();

        said.ShouldStartWith($"SST107 Error '{member}': The contract Acme.Order has no schema any more: ");
        said.ShouldContain(why);
    }

    [Theory]
    [InlineData("[SchemaStreamContract] public sealed partial record Order(object Id);")] // The generator says so itself.
    [InlineData("public static class Outer { private sealed record Order(string Id); }", "Acme.Outer+Order")] // Code compiled at run time takes it.
    public async Task TypeThatOnlyTheGeneratorCannotTake_IsSilent(string code, string type = "Acme.Order") =>
        (await Analysis.Run(code, Analysis.Lock(Analysis.Record("Order", Id), type: type))).ShouldBeEmpty();

    [Fact]
    public async Task TypeThatIsGone_IsAWarningInTheLockFile() =>
        (await Analysis.Run("public sealed record Purchase(string Id);", Analysis.Lock(Analysis.Record("Order", Id)))).ShouldHaveSingleItem()
            .ShouldStartWith("SST104 Warning '\"Acme.Order\"': Acme.Order is in schemas.lock, but Acme.Order is no type of this program.");

    [Fact]
    public async Task RenamedType_KeepsItsContractByItsAvroName() =>
        (await Analysis.Run(
            "[AvroName(\"Order\")] public sealed record Purchase(string Id);",
            Analysis.Lock(Analysis.Record("Order", Id), type: "Acme.Purchase"))).ShouldBeEmpty();

    [Fact]
    public async Task ContractThatIsNotLocked_IsAnInfo() =>
        (await Analysis.Run("[SchemaStreamContract] public sealed partial record Order(string Id);", Analysis.Lock(Analysis.Record("Other", Id), type: "System.String")))
            .ShouldContain("SST105 Info 'Order': Order is not in schemas.lock: take it in with 'schemastream schemas lock'");

    [Fact]
    public async Task ContractThatTheAssemblyNames_AndIsNotLocked_IsAnInfo()
    {
        const string Code = "public sealed record Page<T>(T First);\npublic sealed record Order(string Id);";
        const string Named = "[assembly: SchemaStreamContract(typeof(Acme.Page<Acme.Order>))]\n";
        var page = Analysis.Record("PageOfOrder", """{"name":"First","type":{"type":"record","name":"Order","fields":[{"name":"Id","type":"string"}]}}""");

        (await Analysis.Run(Code, Analysis.Lock(Analysis.Record("Order", Id)), Named)).ShouldHaveSingleItem().ShouldBe(
            "SST105 Info 'SchemaStreamContract(typeof(Acme.Page<Acme.Order>))': Page<Order> is not in schemas.lock: take it in with 'schemastream schemas lock'");
        (await Analysis.Run(Code, Analysis.Lock(page, type: "Acme.Page<Acme.Order>"), Named)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ContractOfAnotherFormat_IsTheCommandLines_UnlessItsTypeIsGone()
    {
        const string Schema = """{"title":"Order","type":"object","properties":{"former":{"type":"string"}},"additionalProperties":false}""";
        var locked = SchemaLock.Write([new LockEntry("orders", "value", "Acme.Order", LockEntry.Json, "BACKWARD", Schema)]);

        (await Analysis.Run("public sealed record Order(string Id);", locked)).ShouldBeEmpty();
        (await Analysis.Run("public sealed record Purchase(string Id);", locked)).ShouldHaveSingleItem()
            .ShouldStartWith("SST104 Warning '\"Acme.Order\"': orders/value is in schemas.lock");
    }

    [Fact]
    public async Task GenericType_IsFoundByItsFullName()
    {
        var page = Analysis.Record("PageOfOrder", """{"name":"First","type":{"type":"record","name":"Order","fields":[{"name":"Id","type":"string"}]}}""");

        (await Analysis.Run(
            "public sealed record Page<T>(T First, int Number);\npublic sealed record Order(string Id);",
            Analysis.Lock(page, type: "Acme.Page<Acme.Order>"))).ShouldHaveSingleItem().ShouldStartWith("SST101 Error 'Number'");
    }

    [Theory]
    [InlineData("{", "line 1")]
    [InlineData("[]", "expected an object")]
    [InlineData("""{"version":2,"contracts":[]}""", "a newer schemastream")]
    [InlineData("""{"version":1,"contracts":[{"type":"A"}]}""", "a contract is an object")]
    [InlineData("""{"version":1,"contracts":[{"type":"Acme.Order","schema":{"type":"recor"}}]}""", "the schema of Acme.Order")]
    public async Task LockFileThatCannotBeRead_IsAnError(string text, string message)
    {
        var said = (await Analysis.Run("public sealed record Order(string Id);", text)).ShouldHaveSingleItem();

        said.ShouldStartWith("SST100 Error");
        said.ShouldContain(message);
    }
}
