using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>A command that waits for the controller.</summary>
internal abstract class MetadataRequest
{
    /// <summary>Decides; then the records, if there are any, are to be committed before <see cref="Reply"/>.</summary>
    public abstract IReadOnlyList<IRecordMessage> Decide(ClusterController controller, long nowMs);

    public abstract void Reply();

    public abstract void Refuse(ErrorCode error, string message);
}

internal sealed class MetadataRequest<TReply>(ControllerCommand<TReply> command) : MetadataRequest
    where TReply : class
{
    private readonly TaskCompletionSource<TReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ControllerDecision<TReply>? _decision;

    public Task<TReply> Task => _reply.Task;

    public override IReadOnlyList<IRecordMessage> Decide(ClusterController controller, long nowMs)
    {
        _decision = controller.Decide(command, nowMs);
        return _decision.Records;
    }

    public override void Reply() => _reply.SetResult(_decision!.Reply);

    public override void Refuse(ErrorCode error, string message) => _reply.TrySetResult(command.Refused(error, message));
}
