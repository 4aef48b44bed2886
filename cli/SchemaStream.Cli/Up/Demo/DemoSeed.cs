using System.Text;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Producing;
using SchemaStream.Cli.Kafka.Topics;
using SchemaStream.Protocol.Client;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Up.Demo;

/// <summary>Fills a stack with typed topics to try things on, by the ways that any client takes.</summary>
internal static class DemoSeed
{
    public const string Option = "--seed-demo";

    /// <summary>Makes those topics that are not there or empty; returns their names.</summary>
    /// <param name="bootstrapServers">The brokers.</param>
    /// <param name="registry">The registry.</param>
    /// <param name="warnings">Told of topics that are left as they are.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DemoSeedException">Broker or registry does not take it; the message says why.</exception>
    public static async Task<IReadOnlyList<string>> RunAsync(
        string bootstrapServers, Uri registry, TextWriter warnings, CancellationToken cancellationToken)
    {
        try
        {
            var made = new List<string>();
            using var client = new RegistryClient(new RegistryClientOptions { Address = registry });
            await using var cluster = ToolCluster.Open(bootstrapServers, new Dictionary<string, string>(), "seed-demo");
            await using var producer = new ToolProducer(cluster, new ProducerSettings(), warnings);
            foreach (var topic in DemoTopics.Make(TimeProvider.System.GetUtcNow()))
            {
                if (await FillAsync(topic, cluster, producer, client, cancellationToken))
                {
                    made.Add(topic.Name);
                }
                else
                {
                    await warnings.WriteLineAsync($"schemastream up: {Option}: topic {topic.Name} has records already, and stays as it is");
                }
            }

            return made;
        }
        catch (Exception refused) when (refused is RegistryException or KafkaErrorException or KafkaConnectionClosedException or ToolFailedException or TimeoutException)
        {
            throw new DemoSeedException($"{Option}: {refused.Message}", refused);
        }
    }

    /// <summary>False: the topic has records of someone's.</summary>
    private static async Task<bool> FillAsync(
        DemoTopic topic, ToolCluster cluster, ToolProducer producer, RegistryClient registry, CancellationToken cancellationToken)
    {
        var isNew = await new TopicAdministration(cluster).CreateAsync(
            topic.Name, topic.Partitions, null, [], topic.Settings, ifNotExists: true, cancellationToken);
        if (!isNew && await HasRecordsAsync(topic.Name, cluster, cancellationToken))
        {
            return false;
        }

        var key = topic.HasKey ? SchemaFormat.String : SchemaFormat.None;
        await registry.PutContractAsync(
            new TopicContract(topic.Name, new SlotContract(key), new SlotContract(topic.Format, topic.Type)), cancellationToken);
        var schema = await registry.RegisterAsync($"{topic.Name}-value", new SchemaDefinition(topic.Format, topic.Schema), cancellationToken);
        var codec = SchemaCodecs.Create(topic.Format, topic.Schema, [], JsonStyle.Readable);
        Exception? failure = null;
        foreach (var (name, json) in topic.Records)
        {
            var value = WireFormat.Frame(schema.Id, codec.FromJson(Encoding.UTF8.GetBytes(json)));
            ReadOnlyMemory<byte>? bytes = null;
            if (name is not null)
            {
                bytes = Encoding.UTF8.GetBytes(name);
            }

            await producer.SendAsync(new OutgoingRecord(topic.Name, bytes, value, null, sent => failure ??= sent), cancellationToken);
        }

        await producer.FlushAsync(cancellationToken);
        return failure is null ? true : throw new ToolFailedException($"topic {topic.Name}: {failure.Message}", failure);
    }

    private static async Task<bool> HasRecordsAsync(string topic, ToolCluster cluster, CancellationToken cancellationToken)
    {
        var topics = new ClusterTopics(cluster);
        var partitions = (await topics.PartitionsAsync(topic, cancellationToken)).Select(partition => new Kafka.TopicPartition(topic, partition)).ToList();
        var ends = await topics.OffsetsAsync(partitions, ClusterTopics.Latest, isCommittedOnly: false, cancellationToken);
        return ends.Values.Any(end => end.Offset > 0);
    }
}

/// <summary>The demonstration's topics could not be made.</summary>
internal sealed class DemoSeedException(string message, Exception innerException) : Exception(message, innerException);
