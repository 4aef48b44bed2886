using SchemaStream.Protocol;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>What the brokers say of a topic.</summary>
/// <param name="Error">Why there is nothing to say.</param>
/// <param name="TopicId">Its id; empty from brokers that have none.</param>
/// <param name="Leaders">Its partitions' leaders.</param>
internal sealed record TopicLayout(ErrorCode Error, Guid TopicId, IReadOnlyList<PartitionLeader> Leaders);

/// <summary>Who leads a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NodeId">The broker; negative for none.</param>
/// <param name="Epoch">The leader epoch; negative when the broker does not say.</param>
internal readonly record struct PartitionLeader(int Partition, int NodeId, int Epoch);
