using SchemaStream.Protocol;
using SchemaStream.Broker.Storage;

namespace SchemaStream.Simulation.Cluster;

/// <summary>What a follower or a consumer is answered: the fields of Fetch that matter here.</summary>
internal sealed record FetchAnswer(
    ErrorCode Error, ReadOnlyMemory<byte> Batches, long HighWatermark, long LogStartOffset, EpochEndOffset? DivergingEpoch);

/// <summary>What a producer is answered.</summary>
internal sealed record ProduceAnswer(ErrorCode Error, long BaseOffset);
