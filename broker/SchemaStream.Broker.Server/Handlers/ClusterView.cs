using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Topics;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>The cluster as it is told to the clients of one listener.</summary>
internal static class ClusterView
{
    /// <summary>Where clients of the listener reach the broker; null while it is not live, or not reachable that way.</summary>
    public static BrokerEndpoint? Endpoint(MetadataImage image, int brokerId, string listenerName) =>
        image.Brokers.TryGetValue(brokerId, out var broker) && !broker.Fenced ? broker.Endpoint(listenerName) : null;

    /// <summary>
    /// Whom clients are told to send what the controller decides: any live broker does, for each passes it on. This one is
    /// the nearest; -1 where no broker lives.
    /// </summary>
    public static int ControllerId(IMetadataAccess metadata, MetadataImage image)
    {
        if (image.IsLive(metadata.NodeId))
        {
            return metadata.NodeId;
        }

        foreach (var (brokerId, broker) in image.Brokers)
        {
            if (!broker.Fenced)
            {
                return brokerId;
            }
        }

        return -1;
    }

    /// <summary>Why clients of the listener cannot be sent to the partition's leader.</summary>
    /// <param name="tellsListener">Whether the client knows LISTENER_NOT_FOUND.</param>
    public static ErrorCode LeaderError(MetadataImage image, PartitionRegistration partition, string listenerName, bool tellsListener) =>
        Endpoint(image, partition.Leader, listenerName) is not null ? ErrorCode.None
        : tellsListener && image.IsLive(partition.Leader) ? ErrorCode.ListenerNotFound
        : ErrorCode.LeaderNotAvailable;

    /// <summary>What a topic that is not there is answered with.</summary>
    public static ErrorCode UnknownTopicError(string name) =>
        TopicNames.Validate(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException;
}
