namespace SchemaStream.Broker.Runtime.Cluster;

/// <summary>process.roles: what a node is.</summary>
[Flags]
public enum ProcessRoles
{
    None = 0,

    /// <summary>Holds partitions and serves clients.</summary>
    Broker = 1,

    /// <summary>Is of the quorum that keeps the metadata; one of them is the active controller.</summary>
    Controller = 2,
}
