using System.Runtime.ExceptionServices;

namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>Brings a fault from beside the lane to where faults are dealt with.</summary>
internal sealed class LaneFault(ILaneOwner owner, Exception cause) : LaneCommand
{
    protected internal override ILaneOwner? Owner => owner;

    protected internal override void Execute(Lane lane) => ExceptionDispatchInfo.Throw(cause);

    protected internal override void Fail(Exception failure)
    {
        // No one waits for it.
    }
}
