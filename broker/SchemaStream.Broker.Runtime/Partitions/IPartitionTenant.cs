using SchemaStream.Broker.Replication;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>A state machine that lives in a partition, on its lane. All calls come on that lane.</summary>
internal interface IPartitionTenant
{
    void OnRoleChanged(Partition replica);

    void OnClosed();
}
