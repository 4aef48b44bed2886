using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace SchemaStream.Bench.Load;

internal static class Topics
{
    public static async Task CreateAsync(string bootstrapServers, string topic)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]);
    }
}
