using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>A command that waits for the controller of this node.</summary>
internal abstract class ControllerRequest
{
    /// <summary>Whether its sender has stopped waiting, so that it need not be decided any more.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>Decides; then the records, if there are any, are to be committed before <see cref="Reply"/>.</summary>
    public abstract IReadOnlyList<IRecordMessage> Decide(ClusterController controller, long nowMs);

    /// <param name="metadataOffset">Of the last record that it was decided upon or led to.</param>
    public abstract void Reply(long metadataOffset);

    public abstract void Refuse(ErrorCode error, string message);
}

internal sealed class ControllerRequest<TReply>(ControllerCommand<TReply> command, CancellationToken sender) : ControllerRequest
    where TReply : class
{
    private readonly TaskCompletionSource<ControllerAnswer<TReply>> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ControllerDecision<TReply>? _decision;

    public Task<ControllerAnswer<TReply>> Task => _answer.Task;

    public override bool IsAbandoned => sender.IsCancellationRequested;

    public override IReadOnlyList<IRecordMessage> Decide(ClusterController controller, long nowMs)
    {
        _decision = controller.Decide(command, nowMs);
        return _decision.Records;
    }

    public override void Reply(long metadataOffset) =>
        _answer.TrySetResult(new(ErrorCode.None, null, _decision!.Reply, metadataOffset));

    public override void Refuse(ErrorCode error, string message) => _answer.TrySetResult(new(error, message, null, -1));
}
