namespace SchemaStream.Protocol.Client;

/// <summary>The broker answered with an error.</summary>
public sealed class KafkaErrorException : Exception
{
    public KafkaErrorException()
    {
    }

    public KafkaErrorException(string message)
        : base(message)
    {
    }

    public KafkaErrorException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public KafkaErrorException(ErrorCode error, string what)
        : base($"{what}: {error}") => Error = error;

    public ErrorCode Error { get; } = ErrorCode.UnknownServerError;

    /// <summary>Whether the same may go well a little later, perhaps at another broker.</summary>
    public bool IsPassing => Error is ErrorCode.UnknownTopicOrPartition or ErrorCode.LeaderNotAvailable
        or ErrorCode.NotLeaderOrFollower or ErrorCode.RequestTimedOut or ErrorCode.BrokerNotAvailable
        or ErrorCode.ReplicaNotAvailable or ErrorCode.NetworkException or ErrorCode.CoordinatorLoadInProgress
        or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator or ErrorCode.NotEnoughReplicas
        or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch
        or ErrorCode.KafkaStorageError or ErrorCode.ConcurrentTransactions or ErrorCode.NotController
        or ErrorCode.UnknownTopicId;

    public static void Require(ErrorCode error, string what)
    {
        if (error != ErrorCode.None)
        {
            throw new KafkaErrorException(error, what);
        }
    }
}
