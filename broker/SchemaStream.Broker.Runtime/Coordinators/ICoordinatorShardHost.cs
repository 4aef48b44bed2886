using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;

namespace SchemaStream.Broker.Runtime.Coordinators;

/// <summary>A request that a shard owes a reply.</summary>
internal interface ICoordinatorRequest
{
    CoordinatorCommand Command { get; }

    /// <summary>Only the first reply counts: a shard that is given up answers everything that is left.</summary>
    void Reply(CoordinatorReply reply);
}

/// <summary>Whoever runs a shard, of whichever coordinator.</summary>
internal interface ICoordinatorShardHost : ILaneOwner
{
    /// <summary>Any thread.</summary>
    HostedPartition Partition { get; }

    /// <summary>Completes when the shard is loaded, or is not to be. Any thread.</summary>
    Task Loaded { get; }

    /// <summary>A command, on the lane.</summary>
    void Take(ICoordinatorRequest request);
}
