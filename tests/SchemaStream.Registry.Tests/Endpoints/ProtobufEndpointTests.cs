using System.Diagnostics;

namespace SchemaStream.Registry.Tests.Endpoints;

/// <summary>Protobuf over HTTP, as clients of Confluent's registry use it.</summary>
public sealed class ProtobufEndpointTests : IAsyncLifetime
{
    private const string Order = "syntax = \"proto3\";\npackage acme;\n\nmessage Order {\n  string id = 1;\n}\n";

    // A second on an idle machine, more on a busy one; what is exponential, or quadratic in a megabyte, takes for ever.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(60);

    private TestRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task AnImportThatIsNotThere_IsRefusedWithHowToBringIt() =>
        (await _registry.PostAsync("/subjects/s/versions", new { schema = "syntax = \"proto3\";\nimport \"a/b.proto\";", schemaType = "PROTOBUF" }))
            .ShouldBeRefused(422, 42201).ShouldBe(
                "Invalid Protobuf schema: 2:8: Import \"a/b.proto\" was not found: it is none of the well-known files, and no reference " +
                "has that name. Register the file, and add a reference with the import's path for its name.");

    [Fact]
    public async Task ASchemaThatIsNotWrapped_IsRefusedWithHowToWrapIt() =>
        (await _registry.PostAsync("/subjects/s/versions", new { type = "record", name = "R", fields = Array.Empty<object>() }))
            .ShouldBeRefused(422, 42201).ShouldContain("{\"schema\": \"…\"}");

    [Fact]
    public async Task Register_TextAndDescriptorOfOneSchema_GiveOneId()
    {
        const string Untidy = """
            // An order, as sales sees it.
            syntax = "proto3"; package acme;
            import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto";
            message Order { string id = 1;;
              google.protobuf.Timestamp at = 2 [deprecated = true, json_name = "when"];
              .google.protobuf.Duration took = 3; map<string, Line> lines = 4; message Line { optional int32 count = 1; } }
            """;
        var id = await IdAsync("orders-value", Untidy, "?normalize=true");
        var descriptor = await TextAsync($"/schemas/ids/{id}?format=serialized");
        var normal = await TextAsync($"/schemas/ids/{id}");

        (await IdAsync("orders-value", descriptor, "?normalize=true")).ShouldBe(id);
        (await IdAsync("orders-value", normal, "?normalize=true")).ShouldBe(id);
        (await IdAsync("elsewhere", descriptor, "?normalize=true")).ShouldBe(id);
        (await _registry.GetAsync("/subjects/orders-value/versions")).ShouldBeOk("[1]");
        (await _registry.PostAsync("/subjects/orders-value?normalize=true", new { schema = descriptor, schemaType = "PROTOBUF" }))
            .ShouldBeOk().Json.GetProperty("version").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Register_LayoutAndComments_MakeNoOtherSchema()
    {
        var id = await IdAsync("orders-value", Order);

        (await IdAsync("orders-value", Order.Replace("\n", "  // really\n", StringComparison.Ordinal))).ShouldBe(id);
        (await TextAsync($"/schemas/ids/{id}")).ShouldBe(Order);
        (await _registry.GetAsync($"/schemas/ids/{id}/schema")).Body.ShouldBe(Order);
    }

    [Fact]
    public async Task Register_Faulty_IsRefusedWithLineAndColumn() =>
        (await RegisterAsync("orders-value", "syntax = \"proto3\";\nmessage Order {\n  strin id = 1;\n}\n"))
            .ShouldBeRefused(422, 42201).ShouldContain("3:3: ");

    [Fact]
    public async Task Formats_OfOneId_AreTextsOfOneSchema()
    {
        var id = await IdAsync(
            "a", "syntax = \"proto2\"; message A { optional int32 a = 1; extensions 100 to 200; } extend A { optional int32 x = 100; }");

        (await TextAsync($"/schemas/ids/{id}?format=ignore_extensions")).ShouldNotContain("extend");
        (await TextAsync($"/schemas/ids/{id}?format=")).ShouldContain("extend A");
        (await TextAsync($"/subjects/a/versions/1?format=serialized")).ShouldBe(await TextAsync($"/schemas/ids/{id}?format=serialized"));
        (await IdAsync("a", await TextAsync($"/schemas/ids/{id}?format=serialized"))).ShouldBe(id);
    }

    [Fact]
    public async Task References_AreImportPaths_AndAreFollowed()
    {
        await IdAsync("units", "syntax = \"proto3\"; package common; message Unit { string name = 1; }");
        (await RegisterAsync(
            "money",
            "syntax = \"proto3\"; package common; import \"common/unit.proto\"; message Money { Unit unit = 1; }",
            Reference("common/unit.proto", "units"))).ShouldBeOk();
        const string Text = "syntax = \"proto3\"; import \"common/money.proto\"; message Order { common.Money total = 1; }";

        (await RegisterAsync("orders-value", Text)).ShouldBeRefused(422, 42201).ShouldContain("common/money.proto");
        (await RegisterAsync("orders-value", Text, Reference("money.proto", "money"))).ShouldBeRefused(422, 42201);
        var id = (await RegisterAsync("orders-value", Text, Reference("common/money.proto", "money", -1)))
            .ShouldBeOk().Json.GetProperty("id").GetInt32();

        (await _registry.GetAsync("/subjects/units/versions/1/referencedby")).ShouldBeOk("[2]");
        (await _registry.GetAsync($"/schemas/ids/{id}")).Json.GetProperty("references")[0].GetProperty("version").GetInt32().ShouldBe(1);
        (await RegisterAsync("orders-value", Text, Reference("common/money.proto", "money"))).ShouldBeOk()
            .Json.GetProperty("id").GetInt32().ShouldBe(id);
    }

    [Fact]
    public async Task Compatibility_OfAnImportedMessage_IsAskedFor()
    {
        await IdAsync("money", "syntax = \"proto3\"; message Money { int64 units = 1; }");
        (await _registry.PutAsync("/config/money", new { compatibility = "NONE" })).ShouldBeOk();
        await IdAsync("money", "syntax = \"proto3\"; message Money { string units = 1; }");
        const string Text = "syntax = \"proto3\"; import \"money.proto\"; message Order { Money total = 1; }";
        (await RegisterAsync("orders-value", Text, Reference("money.proto", "money"))).ShouldBeOk();

        var refusal = (await RegisterAsync("orders-value", Text, Reference("money.proto", "money", 2))).ShouldBeRefused(409, 40901);

        refusal.ShouldContain("{errorType:\"FIELD_SCALAR_KIND_CHANGED\", description:\"The scalar field at path '#/Money/1'");
        refusal.ShouldContain("{errorType:\"FIELD_NAMED_TYPE_CHANGED\", description:\"The message type of the field at path '#/Order/1'");
    }

    [Fact]
    public async Task Compatibility_Verbose_TellsBothDirectionsInConfluentsForm()
    {
        await IdAsync("orders-value", Order);
        (await _registry.PutAsync("/config/orders-value", new { compatibility = "FULL" })).ShouldBeOk();

        var answer = (await _registry.PostAsync(
            "/compatibility/subjects/orders-value/versions/latest?verbose=true",
            new { schema = "syntax = \"proto3\"; package acme; message Order { int32 id = 1; } message Line {}", schemaType = "PROTOBUF" })).ShouldBeOk().Json;

        answer.GetProperty("is_compatible").GetBoolean().ShouldBeFalse();
        answer.GetProperty("messages").EnumerateArray().Select(message => message.GetString()).ShouldBe(
        [
            "{errorType:\"FIELD_SCALAR_KIND_CHANGED\", description:\"The scalar field at path '#/Order/1' in the old schema is not written as in the new schema\"}",
            "{errorType:\"MESSAGE_REMOVED\", description:\"The message at path '#/Line' in the new schema is missing in the old schema\"}",
            "{errorType:\"FIELD_SCALAR_KIND_CHANGED\", description:\"The scalar field at path '#/Order/1' in the new schema is not written as in the old schema\"}",
            "{oldSchemaVersion: 1}",
            $"{{oldSchema: '{Order}'}}",
            "{validateFields: 'false', compatibility: 'FULL'}",
        ]);
    }

    [Fact]
    public async Task Contract_PinsTheFirstMessage()
    {
        await IdAsync("orders-value", Order);

        (await RegisterAsync("orders-value", Order.Replace("message", "message First {}\nmessage", StringComparison.Ordinal)))
            .ShouldBeRefused(409, 40910).ShouldContain("acme.Order");
        (await RegisterAsync("orders-value", Order + "message Other {}")).ShouldBeOk();
    }

    [Fact]
    public async Task Restart_StoredSchemas_AreReadAgain()
    {
        var id = await IdAsync("orders-value", Order);

        await _registry.RestartAsync();

        (await IdAsync("orders-value", Order)).ShouldBe(id);
        (await RegisterAsync("orders-value", Order.Replace("string id", "int32 id", StringComparison.Ordinal))).ShouldBeRefused(409, 40901);
        (await TextAsync($"/schemas/ids/{id}")).ShouldBe(Order);
    }

    [Fact]
    public async Task Tags_AreWrittenIntoTheText_AndFound()
    {
        await IdAsync("orders-value", Order);
        object[] tags = [new { schemaEntity = new { entityPath = "Order.id", entityType = "sr_field" }, tags = new[] { "PII" } }];

        var tagged = (await _registry.PostAsync("/subjects/orders-value/versions/latest/tags", new { tagsToAdd = tags })).ShouldBeOk().Json;

        tagged.GetProperty("version").GetInt32().ShouldBe(2);
        (await TextAsync("/subjects/orders-value/versions/2")).ShouldContain("(confluent.field_meta)");
        var found = (await _registry.GetAsync("/subjects/orders-value/versions/2?findTags=PII")).ShouldBeOk().Json.GetProperty("schemaTags")[0];
        found.GetProperty("schemaEntity").GetProperty("entityPath").GetString().ShouldBe("Order.id");
        found.GetProperty("tags")[0].GetString().ShouldBe("PII");
        (await _registry.PostAsync("/subjects/orders-value/versions/2/tags", new { tagsToRemove = tags })).ShouldBeOk();
        (await TextAsync("/subjects/orders-value/versions/3")).ShouldNotContain("field_meta");
    }

    /// <summary>What is made to hurt is refused before anybody notices.</summary>
    [Theory]
    [InlineData("message A {", 80_000, "}")]
    [InlineData("message A { oneof o { int32 a = 1;", 20_000, "}}")]
    [InlineData("message A { option (x) = { a { ", 30_000, "}")]
    [InlineData("message A {} ", 70_000, "")]
    [InlineData("import \"a.proto\"; ", 50_000, "")]
    [InlineData("/* ", 300_000, "")]
    [InlineData("\"", 1_000_000, "")]
    [InlineData("AAAA", 250_000, "")]
    public async Task Register_Hostile_IsRefusedInBoundedTime(string part, int times, string end)
    {
        var schema = string.Concat(Enumerable.Repeat(part, times)) + string.Concat(Enumerable.Repeat(end, times));
        schema = schema.Length <= 1_048_576 ? schema : schema[..1_048_576];
        schema = part.All(char.IsLetterOrDigit) ? schema : "syntax = \"proto3\";" + schema[..^20];
        var watch = Stopwatch.StartNew();

        (await RegisterAsync("hostile", schema)).ShouldBeRefused(422, 42201).Length.ShouldBeLessThan(5_000);

        watch.Elapsed.ShouldBeLessThan(Enough);
    }

    [Fact]
    public async Task Compatibility_OfTheLargestSchemas_IsAnsweredInBoundedTime()
    {
        static string Schema(string type) =>
            "syntax = \"proto3\"; "
            + string.Concat(Enumerable.Range(0, 40).Select(m =>
                $"message M{m} {{ {string.Concat(Enumerable.Range(1, 1_000).Select(f => $"{type} f{f} = {f}; "))} }}\n"));

        await IdAsync("large", Schema("int32"));
        var watch = Stopwatch.StartNew();

        (await RegisterAsync("large", Schema("string"))).ShouldBeRefused(409, 40901).ShouldContain("#/M39/1000");

        watch.Elapsed.ShouldBeLessThan(Enough);
    }

    private async Task<string> TextAsync(string path) =>
        (await _registry.GetAsync(path)).ShouldBeOk().Json.GetProperty("schema").GetString()!;

    private async Task<int> IdAsync(string subject, string schema, string query = "") =>
        (await _registry.PostAsync($"/subjects/{subject}/versions{query}", new { schema, schemaType = "PROTOBUF" }))
            .ShouldBeOk().Json.GetProperty("id").GetInt32();

    private Task<Answer> RegisterAsync(string subject, string schema, params object[] references) =>
        _registry.PostAsync($"/subjects/{subject}/versions", new { schema, schemaType = "PROTOBUF", references });

    private static object Reference(string name, string subject, int version = 1) => new { name, subject, version };
}
