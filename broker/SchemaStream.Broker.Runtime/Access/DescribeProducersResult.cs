using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>The producers that a partition's leader remembers.</summary>
public readonly record struct DescribeProducersResult(ErrorCode Error, IReadOnlyList<ProducerDescription> Producers);

/// <summary>A producer as a partition remembers it.</summary>
/// <param name="LastSequence">-1 when no batch of this epoch is remembered.</param>
/// <param name="CoordinatorEpoch">Of the coordinator that wrote the last marker; -1 when there was none.</param>
/// <param name="CurrentTransactionStartOffset">-1 when no transaction is under way.</param>
public readonly record struct ProducerDescription(
    long ProducerId,
    short ProducerEpoch,
    int LastSequence,
    long LastTimestampMs,
    int CoordinatorEpoch,
    long CurrentTransactionStartOffset);
