using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>What a client is told when its command's records could not be appended or committed.</summary>
public static class TransactionAppendFailure
{
    public static TransactionReply Answer(TransactionCommand command, ErrorCode error) => command.Refused(Translate(error));

    private static ErrorCode Translate(ErrorCode error) => error switch
    {
        ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError or ErrorCode.NotCoordinator => ErrorCode.NotCoordinator,
        ErrorCode.UnknownTopicOrPartition
            or ErrorCode.NotEnoughReplicas
            or ErrorCode.NotEnoughReplicasAfterAppend
            or ErrorCode.RequestTimedOut => ErrorCode.CoordinatorNotAvailable,
        _ => ErrorCode.UnknownServerError,
    };
}
