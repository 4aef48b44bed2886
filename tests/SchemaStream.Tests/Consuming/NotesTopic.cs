using SchemaStream.Tests.Stack;

namespace SchemaStream.Tests.Consuming;

/// <summary>A topic of text of a test's own, on the stack of its class.</summary>
internal sealed class NotesTopic(StackFixture fixture, Topic<string, string> topic)
{
    public Topic<string, string> Topic { get; } = topic;

    public string Name => Topic.Name;

    public static async Task<NotesTopic> CreateAsync(StackFixture fixture, int partitions = 1)
    {
        // What is counted by topic is counted for the whole process: so no other class has a topic of this name.
        var topic = SchemaStream.Topic.Primitive<string, string>($"notes-{Guid.NewGuid():N}");
        await fixture.Client.CreateTopicAsync(topic, new TopicSpecification { PartitionCount = partitions });
        return new NotesTopic(fixture, topic);
    }

    /// <summary>Sends values 0, 1, 2…, spread over the partitions, with keys k0, k1….</summary>
    public async Task FillAsync(int count, int partitions = 1, int keys = 1, int from = 0)
    {
        await using var producer = await fixture.Client.CreateProducerAsync(Topic);
        for (var n = from; n < from + count; n++)
        {
            await producer.EnqueueAsync($"k{n % keys}", $"{n}", new RecordOptions { Partition = n % partitions });
        }

        await producer.FlushAsync();
    }

    public Task<ITopicConsumer<string, string>> ConsumeAsync(string group, ConsumerOptions? options = null) =>
        fixture.Client.CreateConsumerAsync(Topic, group, Hasten(options ?? new ConsumerOptions()));

    public TopicPartition Partition(int partition) => new(Name, partition);

    /// <summary>Members hear sooner of rebalances than the session's defaults would have it.</summary>
    private static ConsumerOptions Hasten(ConsumerOptions options) => options with
    {
        ConfigureTransport = settings =>
        {
            settings["heartbeat.interval.ms"] = "100";
            options.ConfigureTransport?.Invoke(settings);
        },
    };
}
