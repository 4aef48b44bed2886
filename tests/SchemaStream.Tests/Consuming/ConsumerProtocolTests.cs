using SchemaStream.Tests.Stack;

namespace SchemaStream.Tests.Consuming;

/// <summary>KIP-848: the brokers share out the partitions. Chosen by one setting of librdkafka's, as the pages say.</summary>
public sealed class ConsumerProtocolTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    [Theory]
    [InlineData(ClientTransport.Managed)]
    [InlineData(ClientTransport.Librdkafka)]
    public async Task Members_ShareATopic_AndGoOnWhereOneHasLeft(ClientTransport transport)
    {
        const int partitions = 4;
        var notes = await NotesTopic.CreateAsync(fixture, partitions);
        await notes.FillAsync(20, partitions);
        await using var client = new SchemaStreamClient(new SchemaStreamOptions
        {
            BootstrapServers = fixture.Stack.BootstrapServers, RegistryUrl = fixture.Stack.RegistryUrl, Transport = transport,
        });
        var options = new ConsumerOptions
        {
            SessionTimeout = TimeSpan.FromSeconds(20), ConfigureTransport = settings => settings["group.protocol"] = "consumer",
        };
        var first = await client.CreateConsumerAsync(notes.Topic, "readers", options);
        await using (first)
        {
            (await TakeAsync(first, 20)).Count.ShouldBe(20);
            await first.CommitAsync();
        }

        await notes.FillAsync(8, partitions, from: 20);
        await using var second = await client.CreateConsumerAsync(notes.Topic, "readers", options);

        (await TakeAsync(second, 8)).Order().ShouldBe(Enumerable.Range(20, 8));
    }

    private static async Task<List<int>> TakeAsync(ITopicConsumer<string, string> consumer, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var values = new List<int>();
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            values.Add(int.Parse(record.Value, null));
            if (values.Count == count)
            {
                break;
            }
        }

        return values;
    }
}
