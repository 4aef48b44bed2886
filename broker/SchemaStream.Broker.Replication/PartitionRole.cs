namespace SchemaStream.Broker.Replication;

/// <summary>What this broker is to a partition.</summary>
public enum PartitionRole
{
    /// <summary>Not told yet, or taken offline by a fault: serves nothing.</summary>
    Offline,

    Leader,

    Follower,
}
