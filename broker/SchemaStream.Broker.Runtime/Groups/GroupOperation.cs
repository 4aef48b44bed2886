using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Groups;

/// <summary>A request that a shard owes a reply.</summary>
internal interface IGroupRequest
{
    GroupCommand Command { get; }

    /// <summary>Only the first reply counts: a shard that is given up answers everything that is left.</summary>
    void Reply(GroupReply reply);
}

/// <summary>A command on its way to its shard, and the reply on its way back.</summary>
internal sealed class GroupOperation<TReply>(GroupShardHost shard, GroupCommand<TReply> command)
    : LaneOperation<TReply>, IGroupRequest
    where TReply : GroupReply
{
    public GroupCommand Command => command;

    protected internal override ILaneOwner? Owner => shard;

    public void Reply(GroupReply reply) => Complete((TReply)reply);

    protected internal override void Execute(Lane lane) => shard.Take(this);

    protected internal override void Fail(Exception cause) => Complete(command.Refused(ErrorCode.NotCoordinator));

    protected override void Recycle()
    {
        // Used once.
    }
}
