namespace SchemaStream.Broker.Replication;

/// <summary>Up to where a reader may see.</summary>
public enum ReadBound
{
    /// <summary>Consumers of committed transactions: below the last stable offset.</summary>
    LastStableOffset,

    /// <summary>Consumers: below the high watermark.</summary>
    HighWatermark,

    /// <summary>Replicas: to the log's end.</summary>
    LogEnd,
}

/// <summary>Which replicas may answer a consumer.</summary>
public enum ReadFrom
{
    /// <summary>Old clients, which know of no other.</summary>
    Leader,

    /// <summary>Clients that can be sent to the closest replica (KIP-392, Fetch v11 on).</summary>
    AnyReplica,
}
