using System.Text;
using Confluent.Kafka;
using SchemaStream.Cli.Consuming;
using SchemaStream.Cli.Errors;

namespace SchemaStream.Cli.Tests.Consuming;

public sealed class ConsumeCommandTests : IAsyncLifetime
{
    private RunningStack _stack = null!;

    public async Task InitializeAsync() => _stack = await RunningStack.StartAsync();

    public async Task DisposeAsync() => await _stack.DisposeAsync();

    [Fact]
    public async Task UnknownBytes_AreBase64WithAWarning_NeverACrash()
    {
        await _stack.CreateAsync("odd");
        await ProduceAsync("odd", [0xFF, 0xFE]);
        await ProduceAsync("odd", [0, 0, 0, 0, 99, 1, 2]);
        await ProduceAsync("odd", "text"u8.ToArray());
        await _stack.RegisterAsync("other", "\"int\"");
        await ProduceAsync("odd", [0, 0, 0, 0, 1, 0xFF]);

        var run = await _stack.JsonAsync("consume", "odd", "--from-beginning", "--until-end");

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (run with { Output = line }).Result("record"))
            .Select(record => (record.GetProperty("valueFormat").GetString(), record.GetProperty("value").GetString()))
            .ShouldBe([("bytes", "//4="), ("bytes", "AAAAAGMBAg=="), ("string", "text"), ("bytes", "AAAAAAH/")]);
        run.Errors.ShouldContain("warning: the value of odd-0@0 is shown as base64");
        run.Errors.ShouldContain("schema 99");
        run.Errors.ShouldContain("odd-0@3 is shown as base64: it begins with the id of schema 1, but is not a value of int");
        run.Errors.ShouldContain("3 keys and values were shown as base64");
    }

    [Fact]
    public async Task ASchemaThatAHeaderNames_IsFoundByItsGuid()
    {
        await _stack.CreateAsync("headed");
        await _stack.RegisterAsync("headed-value", "\"int\"");
        var guid = Guid.Parse((string)(await _stack.Registry.SendAsync(HttpMethod.Get, "/subjects/headed-value/versions/1"))!["guid"]!);
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = _stack.Broker.BootstrapServers }).Build();
        byte[] header = [1, .. guid.ToByteArray(bigEndian: true)];
        await producer.ProduceAsync("headed", new Message<Null, byte[]> { Value = [84], Headers = [new Header("__value_schema_id", header)] });

        var record = (await _stack.ConsumeAsync("headed"))[0];

        (record.GetProperty("value").GetRawText(), record.GetProperty("valueFormat").GetString()).ShouldBe(("42", "AVRO"));
    }

    [Fact]
    public async Task WithoutARegistry_WhatNeedsNoneIsRead()
    {
        await _stack.CreateAsync("odd");
        await ProduceAsync("odd", "text"u8.ToArray());
        await ProduceAsync("odd", [0, 0, 0, 0, 1, 2]);

        var run = await CommandRun.OfAsync(
            "consume", "odd", "--from-beginning", "--until-end", "--bootstrap-server", _stack.Broker.BootstrapServers, "--registry", "http://127.0.0.1:1");

        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("\"text\"");
        run.Output.ShouldContain("\"AAAAAAEC\"");
        run.Errors.ShouldContain("the schema registry cannot be reached");
    }

    [Fact]
    public async Task From_AnOffset_ATime_TheEnd_AndAtMost()
    {
        await _stack.CreateAsync("orders", 2);
        for (var i = 0; i < 5; i++)
        {
            await ProduceAsync("orders", Encoding.UTF8.GetBytes($"v{i}"), partition: 0, timestamp: 1_700_000_000_000 + (i * 1000));
        }

        (await ValuesAsync("--from", "3", "--partition", "0")).ShouldBe(["v3", "v4"]);
        (await ValuesAsync("--from", "2023-11-14T22:13:22Z", "--partition", "0")).ShouldBe(["v2", "v3", "v4"]);
        (await ValuesAsync("--from", "end")).ShouldBeEmpty();
        (await ValuesAsync("--from-beginning", "--max", "2")).ShouldBe(["v0", "v1"]);
        (await ValuesAsync("--from", "-1h")).ShouldBeEmpty();
        (await _stack.RunAsync("consume", "orders", "--from", "soon")).ExitCode.ShouldBe(2);
        (await _stack.RunAsync("consume", "orders", "--from", "1", "--from-beginning")).ExitCode.ShouldBe(2);
        (await _stack.RunAsync("consume", "orders", "--partition", "9", "--until-end")).ExitCode.ShouldBe(5);
        (await _stack.RunAsync("consume", "nothing", "--until-end")).ExitCode.ShouldBe(5);
    }

    [Fact]
    public async Task AGroup_GoesOnWhereItWas()
    {
        await _stack.CreateAsync("orders", 2);
        for (var i = 0; i < 6; i++)
        {
            await ProduceAsync("orders", Encoding.UTF8.GetBytes($"v{i}"), partition: i % 2);
        }

        (await ValuesAsync("--group", "g", "--from-beginning", "--max", "4")).Count.ShouldBe(4);
        (await ValuesAsync("--group", "g", "--from-beginning")).Count.ShouldBe(2);
        (await ValuesAsync("--group", "g", "--from-beginning")).ShouldBeEmpty();
        (await _stack.RunAsync("consume", "orders", "--group", "g", "--partition", "0")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Formats_CanBeTold()
    {
        await _stack.CreateAsync("numbers");
        await ProduceAsync("numbers", [0, 0, 0, 42]);

        var records = await _stack.ConsumeAsync("numbers", "--value-format", "int32");

        records[0].GetProperty("value").GetInt32().ShouldBe(42);
        (await _stack.RunAsync("consume", "numbers", "--from-beginning", "--until-end", "--value-format", "int32")).Output.ShouldEndWith("\tnull\t42\n");
        (await _stack.ConsumeAsync("numbers", "--value-format", "int64"))[0].GetProperty("valueFormat").GetString().ShouldBe("bytes");
    }

    [Theory]
    [InlineData("12", StartKind.Offset)]
    [InlineData("beginning", StartKind.Earliest)]
    [InlineData("latest", StartKind.Latest)]
    [InlineData("2024-02-29", StartKind.Time)]
    [InlineData("-15m", StartKind.Time)]
    internal void Starts_AsTheyAreWritten(string text, StartKind kind) => StartText.Read(text, TimeProvider.System).Kind.ShouldBe(kind);

    [Theory]
    [InlineData("")]
    [InlineData("-x")]
    [InlineData("-99999999999d")]
    [InlineData("2024-02-30")]
    public void Starts_ThatAreNone(string text) => Should.Throw<CliException>(() => StartText.Read(text, TimeProvider.System));

    private async Task<IReadOnlyList<string?>> ValuesAsync(params string[] args)
    {
        var run = await _stack.JsonAsync(["consume", "orders", "--until-end", .. args]);
        run.ExitCode.ShouldBe(0, run.Errors + run.Output);
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (run with { Output = line }).Result("record").GetProperty("value").GetString())];
    }

    private async Task ProduceAsync(string topic, byte[] value, int partition = 0, long timestamp = 0)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = _stack.Broker.BootstrapServers }).Build();
        await producer.ProduceAsync(
            new Confluent.Kafka.TopicPartition(topic, partition),
            new Message<Null, byte[]> { Value = value, Timestamp = timestamp == 0 ? Timestamp.Default : new Timestamp(timestamp, TimestampType.CreateTime) });
    }
}
