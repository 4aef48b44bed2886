using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>The cluster as it is told to the clients of one listener.</summary>
internal static class ClusterView
{
    /// <summary>Where clients of the listener reach the broker; null while it is not live, or not reachable that way.</summary>
    public static BrokerEndpoint? Endpoint(MetadataImage image, int brokerId, string listenerName) =>
        image.Brokers.TryGetValue(brokerId, out var broker) && !broker.Fenced ? broker.Endpoint(listenerName) : null;
}
