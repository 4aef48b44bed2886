using System.Text.Json;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using SchemaStream.Cli.Tests.Registries;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

/// <summary>Confluent's console tools, which write and read by schemas of a registry.</summary>
public sealed class SchemaConsoleToolsTests : IAsyncLifetime
{
    private const string Order = """{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"},{"name":"note","type":["null","string"],"default":null}]}""";
    private const string ToEnd = " --bootstrap-server <server_name> --from-beginning --timeout-ms 30000 --partition 0";
    private TestBroker _broker = null!;
    private RunningRegistry _registry = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _registry = await RunningRegistry.StartAsync();
        (await RunAsync("kafka-topics --create --topic orders --bootstrap-server <server_name>")).ExitCode.ShouldBe(0);
    }

    public async Task DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Avro_WrittenByAGivenSchema_ReadAsAvrosOwnJson()
    {
        var produced = await RunAsync(
            Produce("avro") + $" --property value.schema={Order}", """
            {"id":9007199254740993,"note":null}
            {"id":2,"note":{"string":"fast"}}

            """.ReplaceLineEndings("\n").TrimEnd('\n') + "\n");
        (produced.ExitCode, produced.Output, produced.Errors).ShouldBe((0, "", ""));
        (await _registry.SendAsync(HttpMethod.Get, "/subjects"))!.ToJsonString().ShouldBe("""["orders-value"]""");

        var consumed = await RunAsync(Consume("avro") + " --max-messages 2 --property print.key=true --property print.schema.ids=true --property print.offset=true");
        (consumed.ExitCode, consumed.Output).ShouldBe((0, """
            Offset:0	null	null	{"id":9007199254740993,"note":null}	1
            Offset:1	null	null	{"id":2,"note":{"string":"fast"}}	1

            """.ReplaceLineEndings("\n")), consumed.Errors);
    }

    [Fact]
    public async Task KeysHaveASchema_OrASerializer()
    {
        (await RunAsync(
            Produce("avro") + $" --property parse.key=true --property key.separator=| --property key.schema=\"string\" --property value.schema={Order} --property null.marker=NONE",
            "\"a\"|{\"id\":1,\"note\":null}\n\"b\"|NONE\n")).Errors.ShouldBe("");
        (await RunAsync(
            Produce("avro") + $" --property parse.key=true --property key.separator=| --property key.serializer=org.apache.kafka.common.serialization.LongSerializer --property value.schema={Order}",
            "77|{\"id\":2,\"note\":null}\n")).Errors.ShouldBe("");

        (await RunAsync(Consume("avro") + " --max-messages 2 --property print.key=true --property null.literal=-")).Output.ShouldBe(
            "\"a\"\t{\"id\":1,\"note\":null}\n\"b\"\t-\n");
        (await RunAsync(Consume("avro") + " --max-messages 1 --property print.key=true --property key.separator=| --key-deserializer org.apache.kafka.common.serialization.BytesDeserializer")).Output
            .ShouldBe("\\x00\\x00\\x00\\x00\\x02\\x02a|{\"id\":1,\"note\":null}\n");
        (await RunAsync(
            $"kafka-avro-console-consumer --topic orders --bootstrap-server <server_name> --partition 0 --offset 2 --max-messages 1 --property schema.registry.url={_registry.Address} --property print.key=true --key-deserializer org.apache.kafka.common.serialization.LongDeserializer")).Output
            .ShouldBe("77\t{\"id\":2,\"note\":null}\n");
    }

    [Fact]
    public async Task JsonSchema_IsHeldAgainstItsSchema()
    {
        const string schema = """{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"],"additionalProperties":false}""";
        var line = Produce("json-schema") + $" --property value.schema={schema}";

        (await RunAsync(line, """{"id":1}""" + "\n")).Errors.ShouldBe("");
        var refused = await RunAsync(line, """{"name":"x"}""" + "\n");

        refused.ExitCode.ShouldBe(1);
        refused.Errors.ShouldStartWith("Error deserializing json {\"name\":\"x\"} to JSON of schema ");
        (await RunAsync(Consume("json-schema") + " --max-messages 1")).Output.ShouldBe("""{"id":1}""" + "\n");
    }

    [Fact]
    public async Task Protobuf_FromAFile()
    {
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Path, "order.proto");
        await File.WriteAllTextAsync(file, "syntax = \"proto3\"; package shop; message Order { int64 id = 1; string note = 2; }");

        (await RunAsync(Produce("protobuf") + $" --property value.schema.file={file}", """{"id":"12","note":"fast"}""" + "\n")).Errors.ShouldBe("");

        var consumed = await RunAsync(Consume("protobuf") + " --max-messages 1");
        consumed.Output.ShouldBe("""{"id":"12","note":"fast"}""" + "\n", consumed.Errors);
    }

    [Fact]
    public async Task ASchemaThatAHeaderNames_IsFoundByItsGuid()
    {
        const string proto = "syntax = \"proto3\"; message Other { string text = 1; } message Order { int64 id = 1; }";
        await RegisterAsync("keys", "AVRO", "\"string\"");
        await RegisterAsync("orders", "PROTOBUF", proto);
        var (key, value) = (await GuidAsync("keys"), await GuidAsync("orders"));
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = _broker.BootstrapServers }).Build();
        await producer.ProduceAsync("orders", new Message<byte[], byte[]>
        {
            Key = [2, (byte)'a'],
            Value = [8, 42],
            Headers = [new Header("__key_schema_id", [1, .. key.ToByteArray(bigEndian: true)]), new Header("__value_schema_id", [1, .. value.ToByteArray(bigEndian: true), 2, 2])],
        });
        await producer.ProduceAsync("orders", new Message<byte[], byte[]>
        {
            Value = [8, 42], Headers = [new Header("__value_schema_id", [1, .. new byte[16]])],
        });

        var read = await RunAsync(Consume("protobuf") + " --max-messages 1 --property print.key=true --property print.schema.ids=true");
        read.Output.ShouldBe($"\"a\"\t{key}\t{{\"id\":\"42\"}}\t{value}\n", read.Errors);
        var unknown = await RunAsync(Consume("protobuf").Replace("--from-beginning", "--offset 1", StringComparison.Ordinal));
        (unknown.ExitCode, unknown.Errors.Contains($"for id {Guid.Empty}: the registry has no such schema", StringComparison.Ordinal)).ShouldBe((1, true), unknown.Errors);
    }

    [Fact]
    public async Task ASchemaIsNamedById_OrTheLatestIsUsed_AndNothingIsRegistered()
    {
        const string newer = """{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"},{"name":"note","type":["null","string"],"default":null},{"name":"rank","type":"int","default":0}]}""";
        (await RunAsync(Produce("avro") + $" --property value.schema={Order}", "{\"id\":1,\"note\":null}\n")).Errors.ShouldBe("");
        (await RunAsync(Produce("avro") + $" --property value.schema={newer}", "{\"id\":2,\"note\":null,\"rank\":5}\n")).Errors.ShouldBe("");

        (await RunAsync(Produce("avro") + " --property value.schema.id=1", "{\"id\":3,\"note\":null}\n")).Errors.ShouldBe("");
        (await RunAsync(
            Produce("avro") + $" --property value.schema={Order} --property auto.register.schemas=false --property use.latest.version=true",
            "{\"id\":4,\"note\":null,\"rank\":6}\n")).Errors.ShouldBe("");
        var missing = await RunAsync(
            Produce("avro") + " --property value.schema={\"type\":\"string\"} --property auto.register=false", "\"x\"\n");

        (missing.ExitCode, missing.Errors).ShouldBe((1, "Error retrieving AVRO schema: subject 'orders-value' does not hold it\n"));
        (await RunAsync(Consume("avro") + " --max-messages 4 --property print.schema.ids=true --property schema.id.separator=@")).Output.ShouldBe(
            "{\"id\":1,\"note\":null}@1\n{\"id\":2,\"note\":null,\"rank\":5}@2\n{\"id\":3,\"note\":null}@1\n{\"id\":4,\"note\":null,\"rank\":6}@2\n");
    }

    [Fact]
    public async Task ARecordWithoutASchema_IsTheEnd_UnlessItIsLeftOut()
    {
        await RunAsync("kafka-console-producer --topic orders --bootstrap-server <server_name>", "plain\n");
        (await RunAsync(Produce("avro") + $" --property value.schema={Order}", "{\"id\":1,\"note\":null}\n")).Errors.ShouldBe("");

        var ended = await RunAsync(Consume("avro"));
        (ended.ExitCode, ended.Output).ShouldBe((1, ""));
        ended.Errors.ShouldContain("Unknown magic byte!");

        var skipped = await RunAsync(Consume("avro") + " --skip-message-on-error --max-messages 2");
        skipped.Output.ShouldBe("{\"id\":1,\"note\":null}\n");
    }

    [Fact]
    public async Task TheFormatter_MayBeNamedInKafkasOwnTool()
    {
        (await RunAsync(Produce("avro") + $" --property value.schema={Order}", "{\"id\":1,\"note\":null}\n")).Errors.ShouldBe("");

        var named = await RunAsync(
            $"kafka-console-consumer --topic orders{ToEnd} --max-messages 1 --formatter io.confluent.kafka.formatter.AvroMessageFormatter --property schema.registry.url={_registry.Address}");
        named.Output.ShouldBe("{\"id\":1,\"note\":null}\n", named.Errors);
        var nowhere = await RunAsync($"kafka-console-consumer --topic orders{ToEnd} --formatter io.confluent.kafka.formatter.AvroMessageFormatter");
        (nowhere.ExitCode, nowhere.Errors).ShouldBe((1, "Missing schema registry url!\n"));
    }

    [Theory]
    [InlineData("", "Must provide the value schema in either value.schema, value.schema.id, or value.schema.file")]
    [InlineData(" --property value.schema.id=x", "Error parsing value.schema.id as int")]
    [InlineData(" --property value.schema.id=99", "The schema of the value: ")]
    [InlineData(" --property value.schema.file=/nowhere/order.avsc", "Error reading schema from /nowhere/order.avsc")]
    [InlineData(" --property value.schema={\"type\":\"rope\"}", "The schema of the value: ")]
    [InlineData(" --property value.schema=\"string\" --property value.refs=1", "value.refs is no list such as ")]
    [InlineData(" --property value.schema=\"string\" --property value.subject.name.strategy=Mine", "value.subject.name.strategy is Mine; ")]
    [InlineData(" --property value.schema=\"string\" --property basic.auth.credentials.source=USER_INFO", "basic.auth.user.info: USER:PASSWORD is missing")]
    [InlineData(" --property value.schema=\"string\" --property parse.key=true --property key.serializer=Mine", "Error initializing key.serializer: Mine is not known here")]
    [InlineData(" --property value.schema=\"string\" --property schema.registry.url=https://127.0.0.1:1 --property schema.registry.ssl.truststore.type=PEM --property schema.registry.ssl.truststore.location=/nowhere.pem", "'/nowhere.pem' cannot be read")]
    [InlineData(" --property value.schema=\"string\" --property schema.registry.url=here", "schema.registry.url: 'here' is no address such as http://localhost:8081")]
    public async Task WhatIsWrong_IsSaid(string options, string said)
    {
        var run = await RunAsync(Produce("avro") + options, "\"x\"\n");

        (run.ExitCode, run.Output).ShouldBe((1, ""));
        run.Errors.ShouldStartWith(said);
    }

    private Task<JsonNode?> RegisterAsync(string subject, string type, string schema) => _registry.PostAsync(
        $"/subjects/{subject}/versions", JsonSerializer.Serialize(new { schemaType = type, schema }));

    private async Task<Guid> GuidAsync(string subject) =>
        Guid.Parse((string)(await _registry.SendAsync(HttpMethod.Get, $"/subjects/{subject}/versions/1"))!["guid"]!);

    private string Produce(string format) =>
        $"kafka-{format}-console-producer --bootstrap-server <server_name> --topic orders --property schema.registry.url={_registry.Address}";

    private string Consume(string format) =>
        $"kafka-{format}-console-consumer --topic orders{ToEnd} --property schema.registry.url={_registry.Address}";

    private Task<ToolRun> RunAsync(string line, string input = "") => ToolRun.OfAsync(_broker, line, input);
}
