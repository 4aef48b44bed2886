using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

/// <summary>A kind of command as it travels to the active controller.</summary>
public abstract class ControllerApi
{
    internal abstract Type CommandType { get; }
}

/// <summary>As the sender sees it.</summary>
public abstract class ControllerApi<TReply> : ControllerApi
    where TReply : class
{
    internal abstract Task<ControllerAnswer<TReply>> SendAsync(
        IQuorumConnection connection, ControllerCommand<TReply> command, string clusterId, CancellationToken cancellationToken);
}

/// <summary>
/// Command and reply as messages and back. An error that says why there is no reply, and the error of a reply that is
/// nothing else, are one and the same on the way: both are what the command's own refusal says.
/// </summary>
public abstract class ControllerApi<TCommand, TReply, TRequest, TResponse> : ControllerApi<TReply>
    where TCommand : ControllerCommand<TReply>
    where TReply : class
    where TRequest : class, IRequestMessage<TResponse>, IApiMessage, new()
    where TResponse : class, IResponseMessage, IApiMessage, new()
{
    internal sealed override Type CommandType => typeof(TCommand);

    public abstract string ClusterIdOf(TRequest request);

    public abstract TRequest RequestOf(TCommand command, string clusterId);

    public abstract TCommand CommandOf(TRequest request);

    public abstract TResponse ResponseOf(in ControllerAnswer<TReply> answer);

    public abstract ControllerAnswer<TReply> AnswerOf(TResponse response);

    internal sealed override async Task<ControllerAnswer<TReply>> SendAsync(
        IQuorumConnection connection, ControllerCommand<TReply> command, string clusterId, CancellationToken cancellationToken)
    {
        var request = RequestOf((TCommand)command, clusterId);
        return AnswerOf(await connection.SendAsync(request, TRequest.MaxVersion, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The response's first three fields as an answer, if they say that there is no reply.</summary>
    private protected static ControllerAnswer<TReply>? NoReply(ErrorCode error, string? message) =>
        error == ErrorCode.None ? null : new ControllerAnswer<TReply>(error, message, null, -1);

    private protected static ControllerAnswer<TReply> Reply(TReply reply, long metadataOffset) =>
        new(ErrorCode.None, null, reply, metadataOffset);
}
