using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Brokers;

/// <summary>A cluster begins, once.</summary>
internal static class ClusterStart
{
    public static InitializeClusterReply Initialize(ControllerDraft draft, InitializeClusterCommand command)
    {
        var known = draft.Image.ClusterId;
        if (known.Length > 0)
        {
            return known == command.ClusterId
                ? new InitializeClusterReply(ErrorCode.None, null, known)
                : new InitializeClusterReply(
                    ErrorCode.InconsistentClusterId, $"The metadata is of cluster {known}, not of {command.ClusterId}.", known);
        }

        if (command.ClusterId.Length == 0)
        {
            return command.Refused(ErrorCode.InvalidRequest, "A cluster needs an id.");
        }

        draft.Records.Add(new ClusterRecord { ClusterId = command.ClusterId });
        return new InitializeClusterReply(ErrorCode.None, null, command.ClusterId);
    }
}
