using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>Where a partition shall be.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Partition">Its index.</param>
/// <param name="Replicas">The brokers, the preferred leader first; null: cancel what is under way.</param>
public sealed record PartitionReassignment(string Topic, int Partition, IReadOnlyList<int>? Replicas);

/// <summary>AlterPartitionReassignments: start, change or cancel. What is under way is in the image's partitions.</summary>
public sealed record AlterPartitionReassignmentsCommand(IReadOnlyList<PartitionReassignment> Partitions)
    : ControllerCommand<AlterPartitionReassignmentsReply>
{
    /// <summary>Whether a partition may have more or fewer replicas afterwards than before.</summary>
    public bool AllowReplicationFactorChange { get; init; } = true;

    /// <inheritdoc/>
    public override AlterPartitionReassignmentsReply Refused(ErrorCode error, string message) => new(error, message, []);
}

/// <summary>Answers <see cref="AlterPartitionReassignmentsCommand"/>, in the request's order.</summary>
public sealed record AlterPartitionReassignmentsReply(
    ErrorCode ErrorCode, string? ErrorMessage, IReadOnlyList<PartitionResult> Partitions);
