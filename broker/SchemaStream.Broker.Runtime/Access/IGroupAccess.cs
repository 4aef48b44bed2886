using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>The broker that coordinates a group.</summary>
public readonly record struct CoordinatorResult(ErrorCode Error, int NodeId);

/// <summary>The group coordinators of this broker.</summary>
public interface IGroupAccess
{
    /// <summary>
    /// Has the group's coordinator decide; completes when its reply is due: for a join that may be after others have joined,
    /// for a commit once it is replicated. Where no shard here can be asked (another broker's group, still loading) the
    /// reply is the command's own refusal. Cancelling, because the connection went away, only stops the waiting.
    /// </summary>
    ValueTask<TReply> SubmitAsync<TReply>(
        string groupId,
        GroupCommand<TReply> command,
        CancellationToken cancellationToken)
        where TReply : GroupReply;

    /// <summary>Asks every shard here, e.g. for the list of groups; a shard that cannot be asked answers with a refusal.</summary>
    ValueTask<IReadOnlyList<TReply>> SubmitToAllAsync<TReply>(
        GroupCommand<TReply> command,
        CancellationToken cancellationToken)
        where TReply : GroupReply;

    /// <summary>Who coordinates the group. Creates the internal topic when it is the first one asked for.</summary>
    ValueTask<CoordinatorResult> FindCoordinatorAsync(string groupId, CancellationToken cancellationToken);
}
