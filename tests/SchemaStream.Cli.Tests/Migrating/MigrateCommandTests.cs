using System.Text;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Migrating;

namespace SchemaStream.Cli.Tests.Migrating;

public sealed class MigrateCommandTests : IAsyncLifetime
{
    private const string Old = """{"type": "record", "name": "Order", "namespace": "acme", "fields": [{"name": "id", "type": "int"}, {"name": "note", "type": "string"}]}""";
    private const string New = """{"type": "record", "name": "Purchase", "namespace": "acme", "fields": [{"name": "note", "type": ["null", "string"], "default": null}, {"name": "id", "type": "long"}, {"name": "source", "type": "string", "default": "old"}]}""";

    private RunningStack _stack = null!;

    public async Task InitializeAsync() => _stack = await RunningStack.StartAsync();

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    [Fact]
    public async Task Copy_KeepsBytesKeysHeadersTimesAndPartitions_AndGoesOnWhereItEnded()
    {
        await _stack.CreateAsync("from", 2);
        await _stack.CreateAsync("to", 2);
        await _stack.InputAsync(
            """
            {"key": "a", "value": "1", "partition": 1, "timestamp": 1700000000000, "headers": {"h": "x"}}
            {"key": null, "value": "2", "partition": 0}
            {"key": "a", "value": null, "partition": 1}
            """,
            "produce", "from", "--records");

        var dry = await _stack.JsonAsync("topics", "migrate", "from", "to", "--dry-run");
        dry.Result("topics-migrate").GetProperty("records").GetInt64().ShouldBe(3);
        var run = await _stack.JsonAsync("topics", "migrate", "from", "to");

        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        run.Result("topics-migrate").GetProperty("records").GetInt64().ShouldBe(3);
        var records = await _stack.ConsumeAsync("to", "--committed");
        records.Count.ShouldBe(3);
        var first = records.Single(record => record.GetProperty("value").GetRawText() == "\"1\"");
        (first.GetProperty("partition").GetInt32(), first.GetProperty("timestamp").GetInt64()).ShouldBe((1, 1_700_000_000_000));
        records.Single(record => record.GetProperty("value").GetRawText() == "\"2\"").GetProperty("keyFormat").GetString().ShouldBe("null");
        first.GetProperty("headers")[0].GetProperty("value").GetString().ShouldBe("x");
        (await _stack.JsonAsync("topics", "migrate", "from", "to")).Result("topics-migrate").GetProperty("records").GetInt64().ShouldBe(0);
        await _stack.InputAsync("more", "produce", "from");
        (await _stack.JsonAsync("topics", "migrate", "from", "to")).Result("topics-migrate").GetProperty("records").GetInt64().ShouldBe(1);
        (await _stack.ConsumeAsync("to", "--committed")).Count.ShouldBe(4);
    }

    [Fact]
    public async Task ManyRecords_InSeveralTransactions_EachOnceThoughARunIsBrokenOff()
    {
        await _stack.CreateAsync("from", 3);
        await _stack.CreateAsync("to", 5);
        var lines = new StringBuilder();
        for (var i = 0; i < 12_000; i++)
        {
            lines.Append($"{{\"key\": \"k{i % 50}\", \"value\": \"{i}\"}}\n");
        }

        (await _stack.InputAsync(lines.ToString(), "produce", "from", "--records")).ExitCode.ShouldBe(0);
        await using (var cluster = ToolCluster.Open(_stack.Broker.BootstrapServers, new Dictionary<string, string>(), "test"))
        {
            using var stop = new CancellationTokenSource();
            var broken = new Migration(
                cluster, "from", "to", "schemastream-migrate-from-to-to", new RecordTransfer(null, null, null, 5, keepsPartitions: false), null, TextWriter.Null);
            await Should.ThrowAsync<OperationCanceledException>(() => broken.RunAsync(false, false, (_, _) => stop.Cancel(), stop.Token));
            broken.Records.ShouldBeInRange(1, 11_999);
        }

        var partial = await _stack.JsonAsync("topics", "migrate", "from", "to");
        partial.ExitCode.ShouldBe(0, partial.Errors + partial.Output);

        var records = await _stack.ConsumeAsync("to", "--committed");

        records.Select(record => record.GetProperty("value").GetString()).Distinct().Count().ShouldBe(12_000);
        records.Count.ShouldBe(12_000);
        foreach (var key in records.GroupBy(record => record.GetProperty("key").GetString()))
        {
            key.Select(record => record.GetProperty("partition").GetInt32()).Distinct().Count().ShouldBe(1);
            var inOrder = key.Select(record => int.Parse(record.GetProperty("value").GetString()!, System.Globalization.CultureInfo.InvariantCulture)).ToList();
            inOrder.ShouldBe(inOrder.Order());
        }
    }

    [Fact]
    public async Task Reencode_WritesTheSuccessorsType()
    {
        await _stack.CreateAsync("from");
        await _stack.CreateAsync("to");
        await _stack.RegisterAsync("from-value", Old);
        await _stack.InputAsync("{\"id\": 7, \"note\": \"n\"}\nnull\n", "produce", "from", "--key", "k");
        await _stack.RegisterAsync("to-value", New);

        (await _stack.RunAsync("topics", "migrate", "from", "to")).ExitCode.ShouldBe(4);
        var run = await _stack.JsonAsync("topics", "migrate", "from", "to", "--reencode");

        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        (await _stack.ConsumeAsync("to", "--committed")).Select(record => record.GetProperty("value").GetRawText())
            .ShouldBe(["""{"note":"n","id":7,"source":"old"}""", "null"]);
    }

    [Fact]
    public async Task Reencode_OfWhatDoesNotFit_EndsThereOrLeavesItOut()
    {
        await _stack.CreateAsync("from");
        await _stack.CreateAsync("to");
        await _stack.RegisterAsync("to-value", New);
        await _stack.InputAsync("{\"id\": 1}\n", "produce", "from", "--value-format", "string");
        await _stack.RegisterAsync("good", Old);
        await _stack.InputAsync("{\"id\": 2, \"note\": \"n\"}\n", "produce", "from", "--value-subject", "good");

        var run = await _stack.JsonAsync("topics", "migrate", "from", "to", "--reencode");
        run.ExitCode.ShouldBe(1);
        run.Result("error").GetProperty("error").GetProperty("message").GetString()!.ShouldContain("from-0@0 does not fit AVRO acme.Purchase");
        (await _stack.ConsumeAsync("to", "--committed")).ShouldBeEmpty();

        var skipping = (await _stack.JsonAsync("topics", "migrate", "from", "to", "--reencode", "--skip-unfit")).Result("topics-migrate");
        (skipping.GetProperty("records").GetInt64(), skipping.GetProperty("skipped").GetInt64()).ShouldBe((1, 1));
        (await _stack.ConsumeAsync("to", "--committed")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Restart_IsNotDoneUnasked()
    {
        await _stack.CreateAsync("from");
        await _stack.CreateAsync("to");
        await _stack.InputAsync("x", "produce", "from");
        await _stack.RunAsync("topics", "migrate", "from", "to");

        var unasked = await _stack.JsonAsync("topics", "migrate", "from", "to", "--restart");

        unasked.ExitCode.ShouldBe(2);
        unasked.Result("error").GetProperty("error").GetProperty("code").GetString().ShouldBe("SS1002");
        (await _stack.RunAsync("topics", "migrate", "from", "to", "--restart", "--yes")).ExitCode.ShouldBe(0);
        (await _stack.ConsumeAsync("to", "--committed")).Count.ShouldBe(2);
        (await _stack.RunAsync("topics", "migrate", "from", "from")).ExitCode.ShouldBe(2);
        (await _stack.RunAsync("topics", "migrate", "from", "nothing")).ExitCode.ShouldBe(5);
    }
}
