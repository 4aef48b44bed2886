using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination;

/// <summary>What a client is told when its command's records could not be appended or committed.</summary>
public static class AppendFailure
{
    /// <summary>The command's reply for an append that ended with <paramref name="error"/>.</summary>
    public static GroupReply Answer(GroupCommand command, ErrorCode error) => command.Refused(Translate(command, error));

    private static ErrorCode Translate(GroupCommand command, ErrorCode error) => error switch
    {
        // Clients ask for the coordinator again and come back.
        ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError or ErrorCode.NotCoordinator => ErrorCode.NotCoordinator,
        ErrorCode.UnknownTopicOrPartition
            or ErrorCode.NotEnoughReplicas
            or ErrorCode.NotEnoughReplicasAfterAppend
            or ErrorCode.RequestTimedOut => ErrorCode.CoordinatorNotAvailable,

        // A retry would fail again.
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidFetchSize =>
            command is OffsetCommitCommand ? ErrorCode.InvalidCommitOffsetSize : ErrorCode.UnknownServerError,
        _ => error,
    };
}
