using System.Text;
using Confluent.Kafka;

namespace Shop.Demo.Auditing;

/// <summary>A record as it lies in a topic.</summary>
internal sealed record RawRecord(string Topic, int Partition, long Offset, string Key, byte[]? Value, IReadOnlyDictionary<string, string> Headers);

/// <summary>Reads topics from their beginnings to their ends with Confluent's own client: committed records, and no others.</summary>
internal static class CommittedTopics
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(200);

    /// <summary>All records by topic; a topic that there is not has none.</summary>
    public static ILookup<string, RawRecord> Read(string kafka, params IReadOnlyList<string> topics)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = kafka,
            GroupId = "shop-audit", // never joined: it has its partitions assigned
            IsolationLevel = IsolationLevel.ReadCommitted,
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        }).SetLogHandler((_, _) => { }).Build();

        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var there = admin.GetMetadata(Limit).Topics.Where(topic => topics.Contains(topic.Topic)).ToList();
        TopicPartitionOffset[] partitions =
        [
            .. there.SelectMany(topic => topic.Partitions.Select(partition =>
                new TopicPartitionOffset(topic.Topic, partition.PartitionId, Offset.Beginning))),
        ];
        consumer.Assign(partitions);
        var unread = partitions.Select(place => place.TopicPartition).ToHashSet();
        var records = new List<RawRecord>();
        var began = TimeProvider.System.GetTimestamp();
        while (unread.Count > 0)
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
            {
                throw new DemoFailedException($"the topics could not be read to their ends in {Limit.TotalSeconds} s: {string.Join(", ", unread)}");
            }

            if (consumer.Consume(Wait) is not { } result)
            {
                continue;
            }

            if (result.IsPartitionEOF)
            {
                unread.Remove(result.TopicPartition);
                continue;
            }

            records.Add(RawOf(result));
        }

        return records.ToLookup(record => record.Topic);
    }

    private static RawRecord RawOf(ConsumeResult<byte[], byte[]> result)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var header in result.Message.Headers)
        {
            headers[header.Key] = Encoding.UTF8.GetString(header.GetValueBytes() ?? []);
        }

        return new RawRecord(
            result.Topic,
            result.Partition.Value,
            result.Offset.Value,
            Encoding.UTF8.GetString(result.Message.Key ?? []),
            result.Message.Value,
            headers);
    }
}
