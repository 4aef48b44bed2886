using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>What ends a producer's transaction in a partition.</summary>
/// <param name="CoordinatorEpoch">Leader epoch of the coordinator's partition: one that was replaced is refused.</param>
/// <param name="TransactionVersion">As spoken by the producer; from 2 on the marker's epoch is a new one.</param>
public readonly record struct TransactionMarker(
    long ProducerId, short ProducerEpoch, int CoordinatorEpoch, bool Commit, short TransactionVersion);

/// <summary>Markers in the partitions that this broker leads.</summary>
public interface ITransactionMarkers
{
    /// <summary>Completes when the markers are replicated; one error for each partition, in this order.</summary>
    ValueTask<IReadOnlyList<ErrorCode>> WriteAsync(
        TransactionMarker marker, IReadOnlyList<TopicIdPartition> partitions, CancellationToken cancellationToken);
}
