using System.Text.Json.Nodes;
using SchemaStream.Cli.Tests.Registries;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Schemas;

/// <summary>The commands over a running registry.</summary>
public sealed class SchemasCommandsTests : IAsyncLifetime
{
    private const string First = """{"type": "record", "name": "Order", "namespace": "acme", "fields": [{"name": "id", "type": "long"}]}""";
    private const string Second =
        """{"type": "record", "name": "Order", "namespace": "acme", "fields": [{"name": "id", "type": "long"}, {"name": "note", "type": ["null", "string"], "default": null}]}""";

    private readonly TempDirectory _folder = new();
    private RunningRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await RunningRegistry.StartAsync();

    public async Task DisposeAsync()
    {
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Register_Show_List_Versions()
    {
        var registered = await JsonAsync("register", "orders-value", "--file", Write("order.avsc", First));
        registered.ExitCode.ShouldBe(0, registered.Errors + registered.Output);
        registered.Result("schemas-register").GetProperty("isNew").GetBoolean().ShouldBeTrue();
        (await JsonAsync("register", "orders-value", "--file", Write("order.avsc", First))).Result("schemas-register").GetProperty("isNew").GetBoolean().ShouldBeFalse();
        (await JsonAsync("register", "orders-value", "--file", Write("second.avsc", Second))).Result("schemas-register").GetProperty("version").GetInt32().ShouldBe(2);

        var shown = (await JsonAsync("show", "orders-value", "--version", "1")).Result("schemas-show");
        JsonNode.DeepEquals(JsonNode.Parse(shown.GetProperty("schema").GetString()!), JsonNode.Parse(First)).ShouldBeTrue();
        (await JsonAsync("show", "--id", "2")).Result("schemas-show").GetProperty("id").GetInt32().ShouldBe(2);
        (await JsonAsync("list")).Result("schemas-list").GetProperty("subjects")[0].GetProperty("versions").GetArrayLength().ShouldBe(2);
        (await JsonAsync("list", "--prefix", "x")).Result("schemas-list").GetProperty("subjects").GetArrayLength().ShouldBe(0);
        (await JsonAsync("versions", "orders-value")).Result("schemas-versions").GetProperty("compatibility").GetString().ShouldBe("BACKWARD");
        var table = await RunAsync("list");
        table.Output.ShouldBe("SUBJECT       TYPE  LATEST  ID  VERSIONS\norders-value  AVRO  2       2   2\n");
    }

    [Fact]
    public async Task WhatIsNotThere_EndsWith5_AndWhatIsNotUnderstoodWith2()
    {
        var missing = await JsonAsync("show", "nothing");
        missing.ExitCode.ShouldBe(5);
        missing.Result("error").GetProperty("error").GetProperty("code").GetString().ShouldBe("SS4002");
        (await JsonAsync("versions", "nothing")).ExitCode.ShouldBe(5);
        (await JsonAsync("show", "--id", "99")).ExitCode.ShouldBe(5);
        var usage = await JsonAsync("show");
        usage.ExitCode.ShouldBe(2);
        usage.Result("error").GetProperty("error").GetProperty("message").GetString().ShouldBe("Either a subject or --id is expected.");
        (await RunAsync("show", "a", "--nonsense")).ExitCode.ShouldBe(2);
        (await RunAsync("register", "a", "--file", Write("a.txt", "x"))).ExitCode.ShouldBe(2);
        (await RunAsync("register", "a", "--file", Path.Combine(_folder.Path, "gone.avsc"))).ExitCode.ShouldBe(1);
        (await RunAsync("register", "a", "--file", Write("a.avsc", "{}"))).Errors.ShouldContain("SS5002");
        var notExported = await CommandRun.OfAsync("schemas", "export", "--dir", "nowhere", "--registry", "http://127.0.0.1:1", "--output", "json");
        (notExported.ExitCode, notExported.Result("error").GetProperty("error").GetProperty("code").GetString()).ShouldBe((3, "SS2002"));
        (await ProgramProcess.RunAsync("registry", "export", "--url", "http://127.0.0.1:1", "--file", "nothing.jsonl")).ExitCode.ShouldBe(3);
        var gone = await CommandRun.OfAsync("schemas", "list", "--registry", "http://127.0.0.1:1", "--output", "json");
        gone.ExitCode.ShouldBe(3);
        gone.Result("error").GetProperty("error").GetProperty("code").GetString().ShouldBe("SS2002");
    }

    [Fact]
    public async Task Check_NamesEachBrokenRule_AndEndsWith4()
    {
        await JsonAsync("register", "orders-value", "--file", Write("order.avsc", First));
        var added = Write("added.avsc", Second.Replace(""", "default": null""", "", StringComparison.Ordinal));

        var check = await JsonAsync("check", "orders-value", "--file", added);

        check.ExitCode.ShouldBe(4);
        var broken = check.Result("schemas-check").GetProperty("broken");
        broken.GetArrayLength().ShouldBe(1);
        broken[0].GetProperty("rule").GetString().ShouldBe("READER_FIELD_MISSING_DEFAULT_VALUE");
        broken[0].GetProperty("version").GetInt32().ShouldBe(1);
        (await JsonAsync("check", "orders-value", "--file", added, "--level", "FORWARD")).ExitCode.ShouldBe(0);
        (await JsonAsync("check", "orders-value", "--file", Write("second.avsc", Second))).ExitCode.ShouldBe(0);
        (await JsonAsync("check", "new-value", "--file", added)).ExitCode.ShouldBe(0);
        (await RunAsync("register", "orders-value", "--file", added)).ExitCode.ShouldBe(4);
        (await RunAsync("register", "orders-value", "--file", added, "--dry-run")).ExitCode.ShouldBe(4);
        (await RunAsync("check", "orders-value", "--file", added, "--level", "SOMEHOW")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Check_OfAnotherTypeThanTheTopicsContract_NamesTheContract()
    {
        await JsonAsync("register", "orders-value", "--file", Write("order.avsc", First));

        var check = await JsonAsync("check", "orders-value", "--file", Write("other.avsc", First.Replace("Order", "Refund", StringComparison.Ordinal)), "--level", "NONE");

        check.ExitCode.ShouldBe(4);
        check.Result("schemas-check").GetProperty("broken")[0].GetProperty("rule").GetString().ShouldBe("CONTRACT");
    }

    [Fact]
    public async Task Diff_ShowsPartsAndBothDirections()
    {
        await JsonAsync("register", "orders-value", "--file", Write("order.avsc", First));
        await JsonAsync("register", "orders-value", "--file", Write("second.avsc", Second));

        var diff = (await JsonAsync("diff", "orders-value")).Result("schemas-diff");

        diff.GetProperty("changes").GetArrayLength().ShouldBe(1);
        diff.GetProperty("changes")[0].GetProperty("path").GetString().ShouldBe("acme.Order.note");
        diff.GetProperty("changes")[0].GetProperty("to").GetString().ShouldBe("[null, string] = null");
        diff.GetProperty("newReadsOld").GetProperty("isCompatible").GetBoolean().ShouldBeTrue();
        diff.GetProperty("oldReadsNew").GetProperty("isCompatible").GetBoolean().ShouldBeTrue();
        var file = await RunAsync("diff", "orders-value", "--file", Write("third.avsc", First.Replace("long", "string", StringComparison.Ordinal)));
        file.Output.ShouldContain("~ acme.Order.id  long -> string");
        file.Output.ShouldContain("no   the new schema reads old data (BACKWARD)");
        (await RunAsync("diff", "orders-value", "--to", "1")).ExitCode.ShouldBe(5);
    }

    [Fact]
    public async Task Diff_OfProtobufAndOfJson()
    {
        const string proto = "syntax = \"proto3\"; package acme; message Order { int64 id = 1; }";
        await JsonAsync("register", "p-value", "--file", Write("order.proto", proto));
        (await RunAsync("diff", "p-value", "--file", Write("order2.proto", proto.Replace("id = 1", "id = 2; repeated string tags = 3", StringComparison.Ordinal)))).Output
            .ShouldContain("~ acme.Order.id  1: int64 -> 2: int64\n  + acme.Order.tags  3: repeated string");
        const string json = """{"type": "object", "properties": {"id": {"type": "integer"}}}""";
        await JsonAsync("register", "j-value", "--file", Write("order.json", json));
        (await RunAsync("diff", "j-value", "--file", Write("order2.json", json.Replace("integer", "number", StringComparison.Ordinal)))).Output
            .ShouldContain("~ #/properties/id/type  \"integer\" -> \"number\"");
    }

    [Fact]
    public async Task References_AreGivenByName()
    {
        await JsonAsync("register", "money", "--file", Write("money.avsc", """{"type": "record", "name": "Money", "namespace": "acme", "fields": [{"name": "cents", "type": "long"}]}"""));
        var bill = Write("bill.avsc", """{"type": "record", "name": "Bill", "namespace": "acme", "fields": [{"name": "total", "type": "acme.Money"}]}""");

        var registered = await JsonAsync("register", "bill", "--file", bill, "--reference", "acme.Money=money:latest");

        registered.ExitCode.ShouldBe(0, registered.Output);
        (await JsonAsync("show", "bill")).Result("schemas-show").GetProperty("references")[0].GetProperty("version").GetInt32().ShouldBe(1);
        (await RunAsync("register", "bill2", "--file", bill)).ExitCode.ShouldBe(1);
        (await RunAsync("register", "bill2", "--file", bill, "--reference", "acme.Money=none:1")).ExitCode.ShouldBe(5);
        (await RunAsync("register", "bill2", "--file", bill, "--reference", "acme.Money")).ExitCode.ShouldBe(2);
        (await RunAsync("generate", "bill")).Output.ShouldContain("public sealed partial record Money");
    }

    [Fact]
    public async Task ExportAndImport_KeepIdsVersionsAndReferences()
    {
        await JsonAsync("register", "unused", "--file", Write("unused.avsc", "\"string\""));
        await JsonAsync("register", "money", "--file", Write("money.avsc", """{"type": "record", "name": "Money", "fields": [{"name": "cents", "type": "long"}]}"""));
        await JsonAsync("register", "bill", "--file", Write("bill.avsc", """{"type": "record", "name": "Bill", "fields": [{"name": "total", "type": "Money"}]}"""), "--reference", "Money=money:1");
        await _registry.PostAsync("/subjects/%3A.dev%3Abill/versions", """{"schema": "\"long\""}""");
        var folder = Path.Combine(_folder.Path, "out");

        var exported = (await JsonAsync("export", "--dir", folder, "--subject", "bill")).Result("schemas-copy");

        (exported.GetProperty("subjects").GetInt32(), exported.GetProperty("versions").GetInt32()).ShouldBe((2, 2));
        File.Exists(Path.Combine(folder, "subjects", "bill", "1.avsc")).ShouldBeTrue();
        await using var other = await RunningRegistry.StartAsync();
        var url = other.Api.Name;
        (await CommandRun.OfAsync("schemas", "import", "--dir", folder, "--registry", url, "--dry-run")).ExitCode.ShouldBe(0);
        (await other.ReadAsync()).Schemas.ShouldBeEmpty();
        var imported = await CommandRun.OfAsync("schemas", "import", "--dir", folder, "--registry", url, "--output", "json");
        imported.Result("schemas-copy").GetProperty("added").GetInt32().ShouldBe(2);
        (await other.ReadAsync()).Schemas.Select(schema => (schema.Subject, schema.Version, schema.Id)).ShouldBe([("money", 1, 2), ("bill", 1, 3)], ignoreOrder: true);
        (await JsonAsync("export", "--dir", folder)).Result("schemas-copy").GetProperty("contexts").GetInt32().ShouldBe(2);
        (await RunAsync("export", "--dir", folder, "--subject", "none")).ExitCode.ShouldBe(5);
        (await RunAsync("import", "--dir", _folder.Path)).ExitCode.ShouldBe(1);
    }

    private Task<CommandRun> RunAsync(string command, params string[] args) =>
        CommandRun.OfAsync(["schemas", command, .. args, "--registry", _registry.Api.Name]);

    private Task<CommandRun> JsonAsync(string command, params string[] args) =>
        CommandRun.OfAsync(["schemas", command, .. args, "--registry", _registry.Api.Name, "--output", "json"]);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
