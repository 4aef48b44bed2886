using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>A producer id that no one else has.</summary>
public readonly record struct ProducerIdResult(ErrorCode Error, long ProducerId, short ProducerEpoch);

public interface IProducerIdAccess
{
    /// <summary>Takes the next id of this broker's block, and a new block from the controller when it is used up.</summary>
    ValueTask<ProducerIdResult> AllocateAsync(CancellationToken cancellationToken);
}
