using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace SchemaStream.Bench.Load;

internal static class Topics
{
    public static async Task CreateAsync(
        string bootstrapServers, string topic, int partitions = 1, Dictionary<string, string>? configs = null)
    {
        using var admin = Admin(bootstrapServers);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs }]);
    }

    /// <summary>In one request.</summary>
    public static async Task CreateManyAsync(string bootstrapServers, int count, int partitions)
    {
        using var admin = Admin(bootstrapServers);
        await admin.CreateTopicsAsync(
            Enumerable.Range(0, count).Select(i => new TopicSpecification { Name = $"many-{i}", NumPartitions = partitions, ReplicationFactor = 1 }),
            new CreateTopicsOptions { RequestTimeout = TimeSpan.FromMinutes(1), OperationTimeout = TimeSpan.FromMinutes(1) });
    }

    public static async Task DeleteAsync(string bootstrapServers, string topic)
    {
        using var admin = Admin(bootstrapServers);
        await admin.DeleteTopicsAsync([topic]);
    }

    private static IAdminClient Admin(string bootstrapServers) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();
}
