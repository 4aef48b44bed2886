using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Producing;

public sealed class ProduceCommandTests : IAsyncLifetime
{
    private const string Order =
        """{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}, {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 2}}, {"name": "note", "type": ["null", "string"], "default": null}]}""";

    private RunningStack _stack = null!;

    public async Task InitializeAsync() => _stack = await RunningStack.StartAsync();

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    [Fact]
    public async Task Lines_AreWrittenWithTheTopicsSchema_ExactToTheLastDigit()
    {
        await _stack.CreateAsync("orders");
        await _stack.RegisterAsync("orders-value", Order);

        var run = await _stack.InputAsync(
            """
            {"id": 9223372036854775807, "price": "1234567890123456789012345678.90"}

            {"id": 2, "price": 1.5, "note": "é"}
            null
            """,
            "produce", "orders", "--key", "k", "--header", "a=b", "--output", "json");

        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        run.Result("produce").GetProperty("records").GetInt64().ShouldBe(3);
        var records = await _stack.ConsumeAsync("orders");
        records.Select(record => record.GetProperty("value").GetRawText()).ShouldBe(
        [
            """{"id":9223372036854775807,"price":"1234567890123456789012345678.90","note":null}""",
            """{"id":2,"price":"1.50","note":"é"}""",
            "null",
        ]);
        records[0].GetProperty("key").GetString().ShouldBe("k");
        records[0].GetProperty("valueFormat").GetString().ShouldBe("AVRO");
        records[0].GetProperty("valueSchemaId").GetInt32().ShouldBe(1);
        records[0].GetProperty("headers")[0].GetProperty("value").GetString().ShouldBe("b");
    }

    [Fact]
    public async Task ProtobufAndJsonSchema_AreTakenTheSameWay()
    {
        await _stack.CreateAsync("p");
        await _stack.RegisterAsync("p-value", "syntax = \"proto3\"; package acme; message Order { int64 id = 1; repeated string tags = 2; }", "PROTOBUF");
        (await _stack.InputAsync("""{"id": "9007199254740993", "tags": ["a"]}""", "produce", "p")).ExitCode.ShouldBe(0);
        (await _stack.ConsumeAsync("p"))[0].GetProperty("keyFormat").GetString().ShouldBe("null");
        (await _stack.ConsumeAsync("p"))[0].GetProperty("value").GetRawText().ShouldBe("""{"id":"9007199254740993","tags":["a"]}""");

        await _stack.CreateAsync("j");
        await _stack.RegisterAsync("j-value", """{"type": "object", "required": ["id"]}""", "JSON");
        (await _stack.InputAsync("""{"id": 12345678901234567890.5}""", "produce", "j")).ExitCode.ShouldBe(0);
        (await _stack.ConsumeAsync("j"))[0].GetProperty("value").GetRawText().ShouldBe("""{"id":12345678901234567890.5}""");
        (await _stack.InputAsync("{}", "produce", "j")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task ALineThatDoesNotFit_IsNamed_AndThoseBeforeItAreThere()
    {
        await _stack.CreateAsync("orders");
        await _stack.RegisterAsync("orders-value", Order);

        var run = await _stack.InputAsync("{\"id\": 1, \"price\": 1}\n{\"id\": \"x\", \"price\": 1}\n{\"id\": 3, \"price\": 1}\n", "produce", "orders", "--output", "json");

        run.ExitCode.ShouldBe(1);
        var error = run.Result("error").GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("SS5003");
        error.GetProperty("message").GetString()!.ShouldContain("Line 2 does not fit: id: \"x\" is no long");
        (await _stack.ConsumeAsync("orders")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Primitives_AreToldOrBound()
    {
        await _stack.CreateAsync("counts");
        await _stack.RunAsync("contracts", "bind", "counts", "--key", "int64", "--value", "float64");
        (await _stack.InputAsync("1.5\n-0.25\n", "produce", "counts", "--key", "9223372036854775807")).ExitCode.ShouldBe(0);

        var records = await _stack.ConsumeAsync("counts");

        records.Select(record => record.GetProperty("value").GetRawText()).ShouldBe(["1.5", "-0.25"]);
        records[0].GetProperty("key").GetRawText().ShouldBe("9223372036854775807");
        (await _stack.InputAsync("x\n", "produce", "counts")).ExitCode.ShouldBe(1);
        await _stack.CreateAsync("texts");
        (await _stack.InputAsync("null\n\n{\"a\"\r\n", "produce", "texts")).ExitCode.ShouldBe(0);
        (await _stack.ConsumeAsync("texts")).Select(record => record.GetProperty("value").GetString()).ShouldBe(["null", "", "{\"a\""]);
    }

    [Fact]
    public async Task WholeRecords_GoInAsTheyCameOut_FromAFileToo()
    {
        await _stack.CreateAsync("from", 3);
        await _stack.CreateAsync("to", 3);
        await _stack.RegisterAsync("from-value", Order);
        await _stack.RegisterAsync("to-value", Order);
        await _stack.InputAsync("{\"id\": 1, \"price\": 1}\n{\"id\": 2, \"price\": 2}\n", "produce", "from", "--partition", "2", "--key", "a");
        var lines = (await _stack.JsonAsync("consume", "from", "--from-beginning", "--until-end")).Output;
        using var folder = new TempDirectory();
        var file = Path.Combine(folder.Path, "records.json");
        await File.WriteAllTextAsync(file, $"[{string.Join(",\n", lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))}]");

        (await _stack.RunAsync("produce", "to", "--records", "--file", file)).Output.ShouldBe("2 records to to\n");
        (await _stack.InputAsync("""{"value": null, "key": "t", "headers": {"h": "1"}, "timestamp": 1700000000000}""", "produce", "to", "--records")).ExitCode.ShouldBe(0);

        var records = await _stack.ConsumeAsync("to");
        records.Count(record => record.GetProperty("partition").GetInt32() == 2 && record.GetProperty("key").GetString() == "a").ShouldBe(2);
        var tombstone = records.Single(record => record.GetProperty("valueFormat").GetString() == "null");
        tombstone.GetProperty("timestamp").GetInt64().ShouldBe(1_700_000_000_000);
        (await _stack.InputAsync("{}", "produce", "to", "--records")).Errors.ShouldContain("a record is an object with \"value\"");
        await File.WriteAllTextAsync(file, "[{]");
        (await _stack.RunAsync("produce", "to", "--file", file)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task WhatIsNotThere_EndsWith5_AndUnreachableWith3()
    {
        (await _stack.InputAsync("x", "produce", "nothing")).ExitCode.ShouldBe(5);
        await _stack.CreateAsync("orders");
        (await _stack.InputAsync("x", "produce", "orders", "--partition", "7")).ExitCode.ShouldBe(5);
        (await _stack.InputAsync("x", "produce", "orders", "--value-subject", "none")).ExitCode.ShouldBe(5);
        (await _stack.InputAsync("x", "produce", "orders", "--value-format", "xml")).ExitCode.ShouldBe(2);
        (await CommandRun.WithInputAsync("x", "produce", "orders", "--bootstrap-server", "127.0.0.1:1")).ExitCode.ShouldBe(3);
        await _stack.RunAsync("contracts", "bind", "orders", "--value", "avro:acme.Order");
        (await _stack.InputAsync("{}", "produce", "orders")).Errors.ShouldContain("has no schema of it yet");
    }
}
