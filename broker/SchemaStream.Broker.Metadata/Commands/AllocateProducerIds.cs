using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>A block of producer ids for one broker to hand out.</summary>
public sealed record AllocateProducerIdsCommand(int BrokerId, long BrokerEpoch) : ControllerCommand<AllocateProducerIdsReply>
{
    /// <summary>Ids per block; Kafka's number.</summary>
    public const int BlockSize = 1000;

    /// <inheritdoc/>
    public override AllocateProducerIdsReply Refused(ErrorCode error, string message) => new(error, message, -1, 0);
}

/// <summary>Answers <see cref="AllocateProducerIdsCommand"/>: the ids from the first on, never given out before.</summary>
public sealed record AllocateProducerIdsReply(ErrorCode ErrorCode, string? ErrorMessage, long FirstProducerId, int Count);
