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
