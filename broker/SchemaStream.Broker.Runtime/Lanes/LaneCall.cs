namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>A piece of work for a lane as a delegate: for what is done now and then, not per record or request.</summary>
internal sealed class LaneCall<TResult>(ILaneOwner? owner, Func<Lane, TResult> work) : LaneOperation<TResult>
{
    protected internal override ILaneOwner? Owner => owner;

    protected internal override void Execute(Lane lane) => Complete(work(lane));

    protected internal override void Fail(Exception cause) => CompleteWithError(cause);

    protected override void Recycle()
    {
        // Used once.
    }
}
