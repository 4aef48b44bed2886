using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>
/// What the controller of this node says to a command. Only with <see cref="ErrorCode.None"/> was it decided, and then the
/// reply, which may hold errors of its own, is committed.
/// </summary>
/// <param name="Error">NOT_CONTROLLER where another has to be asked.</param>
/// <param name="Message">Why there is no reply.</param>
/// <param name="Reply">Null where there is an error.</param>
/// <param name="MetadataOffset">Every image as of this offset or a later one shows what was decided.</param>
public readonly record struct ControllerAnswer<TReply>(ErrorCode Error, string? Message, TReply? Reply, long MetadataOffset)
    where TReply : class;

/// <summary>The controller of this node, as other nodes reach it.</summary>
public interface IControllerAccess
{
    /// <summary>The cluster that this node belongs to; commands of another are refused.</summary>
    string ClusterId { get; }

    /// <summary>Has the controller here decide, if it is the active one; never asks another node.</summary>
    ValueTask<ControllerAnswer<TReply>> DecideAsync<TReply>(ControllerCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : class;
}
