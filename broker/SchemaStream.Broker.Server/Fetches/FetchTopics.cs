using System.Diagnostics.CodeAnalysis;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Fetches;

/// <summary>A fetch's topics and partitions, from what the wire calls them to what the runtime does.</summary>
internal static class FetchTopics
{
    /// <summary>From this version on topics have ids on the wire, and no names.</summary>
    public const short FirstVersionWithIds = 13;

    public static bool TryFind(
        MetadataImage image, Guid id, string name, bool byId, [NotNullWhen(true)] out TopicImage? found) =>
        byId ? image.TryGetTopic(id, out found) : image.TryGetTopic(name, out found);

    public static FetchSessionKey KeyOf(FetchRequest.FetchTopic topic, int partition, bool byId) =>
        byId ? new(topic.TopicId, "", partition) : new(Guid.Empty, topic.Topic, partition);

    public static FetchPartition Wanted(Guid topicId, FetchRequest.FetchPartition partition) => new(
        new TopicIdPartition(topicId, partition.Partition),
        partition.FetchOffset,
        partition.PartitionMaxBytes,
        partition.CurrentLeaderEpoch,
        partition.LastFetchedEpoch,
        partition.LogStartOffset,
        partition.HighWatermark);
}
