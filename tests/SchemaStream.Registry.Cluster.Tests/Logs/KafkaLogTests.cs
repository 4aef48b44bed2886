using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Logs;
using SchemaStream.Registry.Logs.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Logs;

public sealed class KafkaLogTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private KafkaConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _connection = await _broker.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Start_OnAnEmptyCluster_MakesBothTopicsAsTheyHaveToBe()
    {
        await using var registry = await Instance.StartAsync(_broker.BootstrapServers);

        var configs = await _connection.SendAsync(
            new DescribeConfigsRequest
            {
                Resources =
                [
                    new() { ResourceType = 2, ResourceName = "_schemas", ConfigurationKeys = ["cleanup.policy"] },
                    new() { ResourceType = 2, ResourceName = "_schemastream_contracts", ConfigurationKeys = ["cleanup.policy", "retention.ms"] },
                ],
            },
            2);
        configs.Results.SelectMany(topic => topic.Configs.Select(config => $"{topic.ResourceName} {config.Name}={config.Value}"))
            .Order(StringComparer.Ordinal)
            .ShouldBe(
            [
                "_schemas cleanup.policy=compact",
                "_schemastream_contracts cleanup.policy=delete",
                "_schemastream_contracts retention.ms=-1",
            ]);
    }

    [Theory]
    [InlineData("_schemas", 2, "compact", "has 2 partitions")]
    [InlineData("_schemas", 1, "delete", "Set cleanup.policy=compact")]
    [InlineData("_schemas", 1, "compact,delete", "Set cleanup.policy=compact")]
    [InlineData("_schemastream_contracts", 1, "delete", "Set retention.ms=-1")]
    [InlineData("_schemastream_contracts", 1, "compact", "Set cleanup.policy=delete")]
    public async Task Start_OnATopicThatWouldLoseRecords_SaysWhatToChange(
        string topic, int partitions, string policy, string expected)
    {
        await CreateAsync(topic, partitions, policy);

        (await Should.ThrowAsync<RegistryLogException>(Instance.StartAsync(_broker.BootstrapServers)))
            .Message.ShouldContain(expected);
    }

    [Fact]
    public async Task Start_WithoutACluster_GivesUpInTimeAndSaysWhere()
    {
        var failure = await Should.ThrowAsync<RegistryLogException>(Instance.StartAsync(
            "127.0.0.1:1", store => store with { InitTimeout = TimeSpan.FromMilliseconds(200) }));

        failure.Message.ShouldContain("127.0.0.1:1");
    }

    [Fact]
    public async Task Takeover_OfATopicThatConfluentWrote_ServesWhatItHeldAndGoesOnWithItsIds()
    {
        await CreateAsync("_schemas", 1, "compact");
        await WriteAsync(
            ("""{"keytype":"NOOP","magic":0}""", null),
            // As releases wrote them over the years: other orders, nulls, no type, no deleted, extra properties.
            ("""{"keytype":"SCHEMA","subject":"old-value","version":1,"magic":0}""",
                """{"subject":"old-value","version":1,"id":1,"schema":"\"string\""}"""),
            ("""{"magic":1,"version":1,"subject":"json-value","keytype":"SCHEMA"}""",
                """{"deleted":false,"schema":"\"int\"","ts":1700000000000,"offset":7,"references":[],"md5":null,"id":7,"version":1,"subject":"json-value","ruleSet":null,"metadata":null}"""),
            ("""{"keytype":"CONFIG","subject":null,"magic":0}""", """{"compatibilityLevel":"FULL"}"""),
            ("""{"keytype":"CONFIG","subject":"old-value","magic":0}""", """{"subject":"old-value","compatibilityLevel":"NONE"}"""),
            ("""{"keytype":"MODE","subject":"json-value","magic":0}""", """{"mode":"READONLY"}"""),
            // One id, two contents: a leader that had been replaced wrote the second, and it counts for nothing.
            ("""{"keytype":"SCHEMA","subject":"lost-value","version":1,"magic":1}""",
                """{"subject":"lost-value","version":1,"id":7,"schema":"\"long\"","deleted":false}"""),
            ("""{"keytype":"SCHEMA","subject":"gone-value","version":1,"magic":1}""",
                """{"subject":"gone-value","version":1,"id":8,"schema":"\"bytes\"","deleted":false}"""),
            ("""{"keytype":"DELETE_SUBJECT","subject":"gone-value","magic":0}""", """{"subject":"gone-value","version":1}"""),
            ("""{"keytype":"SCHEMA","subject":"gone-value","version":1,"magic":1}""", null),
            ("""{"keytype":"SOMETHING_NEW","magic":0}""", """{"a":1}"""),
            ("not json", "neither"));

        await using var registry = await Instance.StartAsync(_broker.BootstrapServers);

        (await registry.GetAsync("/subjects")).Body.ToString().ShouldBe("""["json-value","old-value"]""");
        (await registry.GetAsync("/schemas/ids/1/schema")).Body.ToString().ShouldBe("string");
        (await registry.GetAsync("/schemas/ids/7/schema")).Body.ToString().ShouldBe("int");
        (await registry.GetAsync("/config")).Body.GetProperty("compatibilityLevel").GetString().ShouldBe("FULL");
        (await registry.GetAsync("/config/old-value")).Body.GetProperty("compatibilityLevel").GetString().ShouldBe("NONE");
        (await registry.GetAsync("/mode/json-value")).Body.GetProperty("mode").GetString().ShouldBe("READONLY");
        var (status, body) = await registry.RegisterAsync("new-value", Avro.Record("New"));
        status.ShouldBe(200, body.ToString());
        body.GetProperty("id").GetInt32().ShouldBe(9, "id 8 was used, and is never given out again");
    }

    [Fact]
    public async Task Write_ToTheTopic_IsByteForByteWhatConfluentReads()
    {
        await using (var registry = await Instance.StartAsync(_broker.BootstrapServers))
        {
            (await registry.RegisterAsync("orders-value", "\"string\"")).Status.ShouldBe(200);
            await registry.SendAsync(HttpMethod.Put, "/config/orders-value", """{"compatibility":"NONE"}""");
            await registry.SendAsync(HttpMethod.Put, "/mode/orders-value", """{"mode":"READONLY"}""");
            await registry.SendAsync(HttpMethod.Delete, "/mode/orders-value");
            await registry.SendAsync(HttpMethod.Delete, "/subjects/orders-value");
            await registry.SendAsync(HttpMethod.Delete, "/subjects/orders-value?permanent=true");
        }

        var written = await ReadAsync("_schemas");

        written.Where(record => !record.Key.Contains("NOOP", StringComparison.Ordinal)).ShouldBe(
        [
            ("""{"keytype":"SCHEMA","subject":"orders-value","version":1,"magic":1}""",
                """{"subject":"orders-value","version":1,"id":1,"schemaType":"AVRO","schema":"\"string\"","deleted":false}"""),
            ("""{"keytype":"CONFIG","subject":"orders-value","magic":0}""",
                """{"subject":"orders-value","compatibilityLevel":"NONE"}"""),
            ("""{"keytype":"MODE","subject":"orders-value","magic":0}""", """{"subject":"orders-value","mode":"READONLY"}"""),
            ("""{"keytype":"MODE","subject":"orders-value","magic":0}""", null),
            ("""{"keytype":"DELETE_SUBJECT","subject":"orders-value","magic":0}""", """{"subject":"orders-value","version":1}"""),
            ("""{"keytype":"SCHEMA","subject":"orders-value","version":1,"magic":1}""", null),
            ("""{"keytype":"CONFIG","subject":"orders-value","magic":0}""", null),
        ]);
        written[0].ShouldBe(("""{"keytype":"NOOP","magic":0}""", null));
    }

    [Fact]
    public async Task Append_OfAWriterThatWasReplaced_IsRefusedByTheTopicItself()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        var record = new LogRecord(LogName.Schemas, "{}"u8.ToArray(), null, DateTimeOffset.UnixEpoch);
        await one.BeginAsync(default);
        await one.AppendAsync([record], default);

        var barrier = await two.BeginAsync(default);

        await Should.ThrowAsync<LogInterruptedException>(async () => await one.AppendAsync([record], default));
        (await two.AppendAsync([record], default)).ShouldBe([barrier.Schemas], "nothing came in between");
    }

    [Fact]
    public async Task Begin_AfterAnAppend_AsksForWhatWasAppendedToBeReadFirst()
    {
        await using var log = await OpenAsync();
        var record = new LogRecord(LogName.Schemas, "{}"u8.ToArray(), null, DateTimeOffset.UnixEpoch);
        await log.BeginAsync(default);

        var offsets = await log.AppendAsync([record, record, record with { Log = LogName.Contracts }], default);

        // Else who gave up waiting for its own records would decide without them.
        (await log.BeginAsync(default)).ShouldBe(new LogEnds(offsets[1] + 1, offsets[2] + 1));
    }

    [Fact]
    public async Task Record_OfAWriterThatCountsInMicroseconds_IsReadLikeAnyOther()
    {
        await CreateAsync("_schemas", 1, "compact", ("message.timestamp.after.max.ms", long.MaxValue.ToString(CultureInfo.InvariantCulture)));
        await WriteAsync(1_700_000_000_000_000, ("""{"keytype":"CONFIG","subject":null,"magic":0}""", """{"compatibilityLevel":"FULL"}"""));

        await using var registry = await Instance.StartAsync(_broker.BootstrapServers);

        (await registry.GetAsync("/config")).Body.GetProperty("compatibilityLevel").GetString().ShouldBe("FULL");
    }

    [Fact]
    public async Task Write_AtTwoInstancesByTurns_IsDecidedUponWhatTheOtherWrote()
    {
        // Two that know of no election: each takes the log over when it is asked, and decides upon what the other wrote.
        await using var one = await Instance.StartAsync(_broker.BootstrapServers, Apart);
        await using var two = await Instance.StartAsync(_broker.BootstrapServers, Apart);

        for (var i = 0; i < 5; i++)
        {
            (await one.RegisterAsync($"one{i}-value", Avro.Record($"One{i}"))).Body.GetProperty("id").GetInt32().ShouldBe((2 * i) + 1);
            (await two.RegisterAsync($"two{i}-value", Avro.Record($"Two{i}"))).Body.GetProperty("id").GetInt32().ShouldBe((2 * i) + 2);
        }

        (await one.RegisterAsync("two0-value", Avro.Record("Two0"))).Body.GetProperty("id").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Write_ByManyAtOnceAtTwoLeaders_GivesEachSchemaOneId()
    {
        await using var one = await Instance.StartAsync(_broker.BootstrapServers, Apart);
        await using var two = await Instance.StartAsync(_broker.BootstrapServers, Apart);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            var (status, body) = await (i % 2 == 0 ? one : two).RegisterAsync($"s{i % 30}-value", Avro.Record($"R{i % 30}"));
            return (Schema: i % 30, Status: status, Body: body);
        }));

        answers.ShouldAllBe(answer => answer.Status == 200);
        var ids = answers.GroupBy(answer => answer.Schema, answer => answer.Body.GetProperty("id").GetInt32()).ToList();
        ids.ShouldAllBe(schema => schema.Distinct().Count() == 1);
        ids.Select(schema => schema.First()).Order().ShouldBe(Enumerable.Range(1, 30));
    }

    [Fact]
    public async Task Write_OfASchemaThatTheTopicDoesNotTake_SaysSoAndHarmsNoOther()
    {
        await CreateAsync("_schemas", 1, "compact", ("max.message.bytes", "20000"));
        await using var registry = await Instance.StartAsync(_broker.BootstrapServers);
        var large = $$"""{"type":"record","name":"Large","doc":"{{new string('x', 30_000)}}","fields":[]}""";

        var answers = await Task.WhenAll(
            registry.RegisterAsync("large-value", large), registry.RegisterAsync("small-value", Avro.Record("Small")));

        answers[0].Body.GetProperty("error_code").GetInt32().ShouldBe(42209);
        answers[1].Status.ShouldBe(200, answers[1].Body.ToString());
    }

    private async Task<KafkaLog> OpenAsync()
    {
        var options = new KafkaStoreOptions { Bootstrap = KafkaStoreOptions.Brokers(_broker.BootstrapServers) };
        var log = new KafkaLog(options, () => 0.5, TimeProvider.System, NullLogger.Instance);
        await log.StartAsync(new NoTail(), default);
        return log;
    }

    private static KafkaStoreOptions Apart(KafkaStoreOptions store) => store with { Election = LeaderElection.Omitted };

    private async Task CreateAsync(string topic, int partitions, string policy, params (string Name, string Value)[] configs)
    {
        var answer = await _connection.SendAsync(
            new CreateTopicsRequest
            {
                Topics =
                [
                    new()
                    {
                        Name = topic,
                        NumPartitions = partitions,
                        ReplicationFactor = 1,
                        Configs =
                        [
                            new() { Name = "cleanup.policy", Value = policy },
                            .. configs.Select(config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Name, Value = config.Value }),
                        ],
                    },
                ],
            },
            4);
        answer.Topics.Single().ErrorCode.ShouldBe(ErrorCode.None);
    }

    private Task WriteAsync(params (string Key, string? Value)[] records) => WriteAsync(1_700_000_000_000, records);

    private async Task WriteAsync(long timestamp, params (string Key, string? Value)[] records)
    {
        var builder = new RecordBatchBuilder();
        foreach (var (key, value) in records)
        {
            builder.Add(
                timestamp,
                Encoding.UTF8.GetBytes(key),
                value is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(value));
        }

        var answer = await _connection.SendAsync(
            new ProduceRequest
            {
                Acks = -1,
                TimeoutMs = 10_000,
                TopicData = [new() { Name = "_schemas", PartitionData = [new() { Records = builder.Build() }] }],
            },
            7);
        answer.Responses.Single().PartitionResponses.Single().ErrorCode.ShouldBe(ErrorCode.None);
    }

    private async Task<List<(string Key, string? Value)>> ReadAsync(string topic)
    {
        var answer = await _connection.SendAsync(
            new FetchRequest
            {
                ReplicaId = -1, MaxBytes = 1 << 20,
                Topics = [new() { Topic = topic, Partitions = [new() { PartitionMaxBytes = 1 << 20 }] }],
            },
            11);
        var records = new List<(string, string?)>();
        foreach (var batch in RecordBatches.Split(answer.Responses.Single().Partitions.Single().Records!.Value))
        {
            foreach (var record in RecordBatchReader.OfUncompressed(batch.Memory.Span))
            {
                records.Add((Encoding.UTF8.GetString(record.Key), record.HasValue ? Encoding.UTF8.GetString(record.Value) : null));
            }
        }

        return records;
    }
}
