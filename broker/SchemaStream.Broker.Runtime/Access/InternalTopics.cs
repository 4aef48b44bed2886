namespace SchemaStream.Broker.Runtime.Access;

/// <summary>Topics that brokers keep their own state in.</summary>
public static class InternalTopics
{
    public const string ConsumerOffsets = "__consumer_offsets";
    public const string TransactionState = "__transaction_state";
    public const string ClusterMetadata = "__cluster_metadata";

    /// <summary>Whether clients are told that the topic is internal, and kept from writing to it.</summary>
    public static bool Contains(string topic) => topic is ConsumerOffsets or TransactionState or ClusterMetadata;
}
