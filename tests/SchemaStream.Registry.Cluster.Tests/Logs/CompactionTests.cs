using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Logs;

public sealed class CompactionTests
{
    private const int Changes = 60;

    private static readonly string[] Paths =
    [
        "/subjects?deleted=true", "/schemas?deleted=true", "/config", "/config/a-value", "/mode/b-value", "/contexts", "/schemas/ids/1",
    ];

    [Fact]
    public async Task Topic_ThatTheBrokerCompactsMeanwhile_TellsANewInstanceTheSame()
    {
        await using var broker = await TestBroker.StartAsync(
            ("log.segment.bytes", "2048"), ("log.cleaner.backoff.ms", "50"), ("log.cleaner.min.cleanable.ratio", "0.01"),
            ("log.cleaner.delete.retention.ms", "0"));
        await using var first = await Instance.StartAsync(broker.BootstrapServers);
        (await first.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);
        (await first.RegisterAsync("b-value", Avro.Record("B"))).Status.ShouldBe(200);
        (await first.RegisterAsync("gone-value", Avro.Record("Gone"))).Status.ShouldBe(200);
        (await first.RegisterAsync("left-value", Avro.Record("Left"))).Status.ShouldBe(200);
        (await first.SendAsync(HttpMethod.Put, "/mode/b-value", """{"mode":"READONLY"}""")).Status.ShouldBe(200);
        (await first.SendAsync(HttpMethod.Delete, "/subjects/left-value")).Status.ShouldBe(200);
        (await first.SendAsync(HttpMethod.Delete, "/subjects/gone-value")).Status.ShouldBe(200);
        (await first.SendAsync(HttpMethod.Delete, "/subjects/gone-value?permanent=true")).Status.ShouldBe(200);
        for (var i = 0; i < Changes; i++)
        {
            var level = i % 2 == 0 ? "FULL" : "NONE";
            (await first.SendAsync(HttpMethod.Put, "/config/a-value", $$"""{"compatibility":"{{level}}"}""")).Status.ShouldBe(200);
        }

        await using var connection = await broker.ConnectAsync();
        await Eventually.GetAsync(() => CountAsync(connection), left => left < Changes / 2, "the broker has compacted the topic");
        (await first.RegisterAsync("c-value", Avro.Record("C"))).Body.GetProperty("id").GetInt32().ShouldBe(5);

        await using var second = await Instance.StartAsync(broker.BootstrapServers);

        foreach (var path in Paths)
        {
            (await second.GetAsync(path)).Body.ToString().ShouldBe((await first.GetAsync(path)).Body.ToString(), path);
        }

        (await second.RegisterAsync("d-value", Avro.Record("D"))).Body.GetProperty("id").GetInt32().ShouldBe(6);
    }

    /// <summary>How many records the topic has still.</summary>
    private static async Task<int> CountAsync(KafkaConnection connection)
    {
        var count = 0;
        for (var offset = 0L; ;)
        {
            var answer = await connection.SendAsync(
                new FetchRequest
                {
                    ReplicaId = -1, MaxBytes = 1 << 20,
                    Topics = [new() { Topic = "_schemas", Partitions = [new() { FetchOffset = offset, PartitionMaxBytes = 1 << 20 }] }],
                },
                11);
            if (answer.Responses.Single().Partitions.Single().Records is not { Length: > 0 } bytes)
            {
                return count;
            }

            foreach (var batch in RecordBatches.Split(bytes))
            {
                foreach (var _ in RecordBatchReader.OfUncompressed(batch.Memory.Span))
                {
                    count++;
                }

                offset = new RecordBatchHeader(batch.Memory.Span).NextOffset;
            }
        }
    }
}
