using System.Buffers;
using System.Buffers.Binary;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>
/// What consumers of the classic protocol put into their metadata and assignments, which the coordinator reads and writes
/// where such members are in a consumer group.
/// </summary>
internal static class EmbeddedProtocol
{
    public const string ProtocolType = "consumer";

    /// <summary>Null: the bytes are not a consumer's.</summary>
    public static ConsumerProtocolSubscription? ReadSubscription(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new KafkaReader(bytes);
            var version = Version(reader.ReadInt16("version"), ConsumerProtocolSubscription.MaxVersion);
            var subscription = new ConsumerProtocolSubscription();
            subscription.Read(ref reader, version);
            return subscription;
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    /// <summary>Empty bytes assign nothing; null: they are not a consumer's. Topics that are gone are left out.</summary>
    public static PartitionSet? ReadAssignment(ReadOnlyMemory<byte> bytes, IGroupTopics topics)
    {
        if (bytes.IsEmpty)
        {
            return PartitionSet.Empty;
        }

        try
        {
            var reader = new KafkaReader(bytes);
            var version = Version(reader.ReadInt16("version"), ConsumerProtocolAssignment.MaxVersion);
            var assignment = new ConsumerProtocolAssignment();
            assignment.Read(ref reader, version);
            return Resolve(assignment.AssignedPartitions.Select(topic => (topic.Topic, topic.Partitions)), topics);
        }
        catch (ProtocolException)
        {
            return null;
        }
    }

    /// <summary>
    /// An assignment in the version of the member's own metadata; in the oldest where that is not a consumer's. A member names
    /// several protocols and only the first is looked at when it joins: what it says of another is no reason to give up a group.
    /// </summary>
    public static ReadOnlyMemory<byte> WriteAssignment(PartitionSet partitions, ReadOnlyMemory<byte> memberMetadata, IGroupTopics topics)
    {
        var version = VersionOf(memberMetadata);
        var assignment = new ConsumerProtocolAssignment();
        foreach (var topic in partitions.ByTopic)
        {
            if (topics.TryGet(topic.Key, out var known))
            {
                assignment.AssignedPartitions.Add(new() { Topic = known.Name, Partitions = [.. topic] });
            }
        }

        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt16(version);
        assignment.Write(ref writer, version);
        writer.Flush();
        return output.WrittenMemory;
    }

    /// <summary>Partitions named by topic; those of topics that there are not are left out.</summary>
    public static PartitionSet Resolve(IEnumerable<(string Topic, List<int> Partitions)> named, IGroupTopics topics) =>
        PartitionSet.Of(named.SelectMany(topic => topics.TryGet(topic.Topic, out var known)
            ? topic.Partitions.Select(partition => new TopicPartitionId(known.TopicId, partition))
            : []));

    private static short VersionOf(ReadOnlyMemory<byte> metadata) =>
        metadata.Length < sizeof(short)
            ? (short)0
            : Math.Clamp(BinaryPrimitives.ReadInt16BigEndian(metadata.Span), (short)0, ConsumerProtocolAssignment.MaxVersion);

    /// <summary>Later versions begin with the fields of earlier ones.</summary>
    private static short Version(short said, short newest) =>
        said < 0 ? throw new ProtocolException($"Version {said} of the consumer protocol.") : Math.Min(said, newest);
}
