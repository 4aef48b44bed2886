using System.Collections.Immutable;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>The replicas of partitions to create, or why there are none.</summary>
internal readonly record struct Assignment(ImmutableArray<ImmutableArray<int>>? Replicas, ErrorCode Error, string? Message)
{
    public static Assignment Of(ImmutableArray<ImmutableArray<int>> replicas) => new(replicas, ErrorCode.None, null);

    public static Assignment Failed(ErrorCode error, string message) => new(null, error, message);
}
