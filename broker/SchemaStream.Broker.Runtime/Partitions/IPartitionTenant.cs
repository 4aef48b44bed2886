using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>A state machine that lives in a partition, on its lane. All calls come on that lane.</summary>
internal interface IPartitionTenant
{
    void OnRoleChanged(Partition replica);

    void OnClosed();

    /// <summary>Whether the tenant can take in a marker now. An error: the coordinator comes again, nothing is appended.</summary>
    ErrorCode CheckMarker();

    /// <summary>A marker has been appended.</summary>
    void OnMarker(in TransactionMarker marker);
}
