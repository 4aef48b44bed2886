using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Coordinators;

/// <summary>A command on its way to its shard, and the reply on its way back.</summary>
internal sealed class CoordinatorOperation<TReply>(ICoordinatorShardHost shard, CoordinatorCommand command)
    : LaneOperation<TReply>, ICoordinatorRequest
    where TReply : CoordinatorReply
{
    public CoordinatorCommand Command => command;

    protected internal override ILaneOwner? Owner => shard;

    public void Reply(CoordinatorReply reply) => Complete((TReply)reply);

    protected internal override void Execute(Lane lane) => shard.Take(this);

    protected internal override void Fail(Exception cause) => Reply(command.Refused(ErrorCode.NotCoordinator));

    protected override void Recycle()
    {
        // Used once.
    }
}
