using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Partitions;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>What a replica has to do in an image: fetch from a leader, from its position on.</summary>
/// <param name="LeaderId">-1 when there is no one to follow: this broker leads, or no one does.</param>
internal readonly record struct Following(HostedPartition Partition, int LeaderId, int LeaderEpoch, FollowerPosition Position);
