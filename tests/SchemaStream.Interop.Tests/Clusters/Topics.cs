using System.Globalization;
using Confluent.Kafka;

namespace SchemaStream.Interop.Tests.Clusters;

/// <summary>Topics as the stock client makes and reads them.</summary>
internal static class Topics
{
    /// <summary>How long a cluster may be silent: what waits for an election takes no longer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task CreateAsync(string bootstrapServers, string topic, int partitions, short replicationFactor, int minInSync)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        await admin.CreateTopicsAsync([new Confluent.Kafka.Admin.TopicSpecification
        {
            Name = topic,
            NumPartitions = partitions,
            ReplicationFactor = replicationFactor,
            Configs = new() { ["min.insync.replicas"] = minInSync.ToString(CultureInfo.InvariantCulture) },
        }]);
    }

    /// <summary>Every record, from the topic's beginning to the ends that it has now.</summary>
    public static void ReadToEnd(string bootstrapServers, string topic, Action<ConsumeResult<string, string>> take)
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = $"reader-{Guid.NewGuid():N}",
            EnablePartitionEof = true,
        }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Limit).Topics.ShouldHaveSingleItem().Partitions;
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));
        var atEnd = new HashSet<Partition>();
        while (atEnd.Count < partitions.Count)
        {
            var result = consumer.Consume(Limit) ?? throw new TimeoutException($"{topic} cannot be read to its end");
            if (result.IsPartitionEOF)
            {
                atEnd.Add(result.Partition);
            }
            else
            {
                take(result);
            }
        }
    }
}
