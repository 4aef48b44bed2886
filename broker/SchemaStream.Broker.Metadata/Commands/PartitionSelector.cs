using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>A partition by its topic's name.</summary>
public readonly record struct PartitionSelector(string Topic, int Partition);

/// <summary>How a change of one partition went.</summary>
public sealed record PartitionResult(string Topic, int Partition, ErrorCode ErrorCode, string? ErrorMessage);
