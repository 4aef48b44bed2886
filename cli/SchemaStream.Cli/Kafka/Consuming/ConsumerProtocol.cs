using System.Buffers;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Consuming;

/// <summary>What consumers of a classic group tell each other: subscriptions, assignments, and how one is made of the other.</summary>
internal static class ConsumerProtocol
{
    /// <summary>What consumers call their groups' kind.</summary>
    public const string Type = "consumer";

    /// <summary>The one way of assigning that is known here; every client of Kafka knows it.</summary>
    public const string Range = "range";

    private const short WrittenVersion = 1;

    public static ReadOnlyMemory<byte> Subscription(IEnumerable<string> topics)
    {
        var subscription = new ConsumerProtocolSubscription { UserData = null };
        subscription.Topics.AddRange(topics);
        return Write(subscription);
    }

    /// <exception cref="ProtocolException">The bytes are no subscription.</exception>
    public static IReadOnlyList<string> ReadSubscription(ReadOnlyMemory<byte> bytes)
    {
        var reader = new KafkaReader(bytes);
        var subscription = new ConsumerProtocolSubscription();
        subscription.Read(ref reader, Math.Clamp(reader.ReadInt16(), (short)0, ConsumerProtocolSubscription.MaxVersion));
        return subscription.Topics;
    }

    public static ReadOnlyMemory<byte> Assignment(IEnumerable<TopicPartition> partitions)
    {
        var assignment = new ConsumerProtocolAssignment { UserData = null };
        foreach (var topic in partitions.Order().GroupBy(partition => partition.Topic))
        {
            assignment.AssignedPartitions.Add(new() { Topic = topic.Key, Partitions = [.. topic.Select(partition => partition.Partition)] });
        }

        return Write(assignment);
    }

    /// <summary>Nothing where there are no bytes: a member that joined and has not been assigned anything.</summary>
    /// <exception cref="ProtocolException">The bytes are no assignment.</exception>
    public static IReadOnlyList<TopicPartition> ReadAssignment(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        var reader = new KafkaReader(bytes);
        var assignment = new ConsumerProtocolAssignment();
        assignment.Read(ref reader, Math.Clamp(reader.ReadInt16(), (short)0, ConsumerProtocolAssignment.MaxVersion));
        return [.. assignment.AssignedPartitions.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition)))];
    }

    /// <summary>Each topic by itself: to each of its subscribers, in the order of their ids, a stretch of partitions; the first get one more.</summary>
    /// <param name="subscriptions">Topics by member.</param>
    /// <param name="partitions">Numbers of partitions by topic.</param>
    public static Dictionary<string, List<TopicPartition>> AssignRanges(
        IReadOnlyDictionary<string, IReadOnlyList<string>> subscriptions, IReadOnlyDictionary<string, int> partitions)
    {
        var assigned = subscriptions.Keys.ToDictionary(member => member, _ => new List<TopicPartition>(), StringComparer.Ordinal);
        foreach (var (topic, count) in partitions)
        {
            var members = subscriptions.Where(each => each.Value.Contains(topic)).Select(each => each.Key).Order(StringComparer.Ordinal).ToList();
            var next = 0;
            for (var i = 0; i < members.Count; i++)
            {
                var share = (count / members.Count) + (i < count % members.Count ? 1 : 0);
                assigned[members[i]].AddRange(Enumerable.Range(next, share).Select(partition => new TopicPartition(topic, partition)));
                next += share;
            }
        }

        return assigned;
    }

    private static ReadOnlyMemory<byte> Write(IMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt16(WrittenVersion);
        message.Write(ref writer, WrittenVersion);
        writer.Flush();
        return output.WrittenMemory;
    }
}
