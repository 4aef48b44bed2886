using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Offsets;

/// <summary>
/// Reads the topics out of the metadata that members of a consumer group send. To the group it is opaque; only the
/// keeping of offsets looks into it.
/// </summary>
internal static class ConsumerSubscription
{
    private const int SmallestTopicBytes = 2;

    /// <summary>All members' topics; null if one member's metadata is not a consumer's.</summary>
    public static HashSet<string>? Topics(IEnumerable<ReadOnlyMemory<byte>> subscriptions)
    {
        var topics = new HashSet<string>(StringComparer.Ordinal);
        foreach (var subscription in subscriptions)
        {
            try
            {
                var reader = new KafkaReader(subscription);
                reader.ReadInt16("version");
                for (var left = reader.ReadArrayLength(SmallestTopicBytes, "topics"); left > 0; left--)
                {
                    topics.Add(reader.ReadString("topic"));
                }
            }
            catch (ProtocolException)
            {
                // The type says "consumer" but the bytes are someone's own: then no topic is known to be unread.
                return null;
            }
        }

        return topics;
    }
}
