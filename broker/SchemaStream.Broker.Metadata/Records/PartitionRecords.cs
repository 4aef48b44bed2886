using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Metadata.Records;

/// <summary>From partitions to their records.</summary>
internal static class PartitionRecords
{
    public static PartitionRecord Whole(Guid topicId, int partition, PartitionRegistration registration) => new()
    {
        TopicId = topicId,
        PartitionId = partition,
        Replicas = [.. registration.Replicas],
        Isr = [.. registration.Isr],
        Leader = registration.Leader,
        LeaderEpoch = registration.LeaderEpoch,
        PartitionEpoch = registration.PartitionEpoch,
        Elr = [.. registration.Elr],
        LastKnownElr = [.. registration.LastKnownElr],
        AddingReplicas = [.. registration.AddingReplicas],
        RemovingReplicas = [.. registration.RemovingReplicas],
    };

    /// <summary>Only what changed.</summary>
    public static PartitionChangeRecord Changed(
        Guid topicId, int partition, PartitionRegistration before, PartitionRegistration after) => new()
    {
        TopicId = topicId,
        PartitionId = partition,
        Replicas = Changed(before.Replicas, after.Replicas),
        Isr = Changed(before.Isr, after.Isr),
        Leader = after.Leader,
        LeaderEpoch = after.LeaderEpoch,
        PartitionEpoch = after.PartitionEpoch,
        Elr = Changed(before.Elr, after.Elr),
        LastKnownElr = Changed(before.LastKnownElr, after.LastKnownElr),
        AddingReplicas = Changed(before.AddingReplicas, after.AddingReplicas),
        RemovingReplicas = Changed(before.RemovingReplicas, after.RemovingReplicas),
    };

    private static List<int>? Changed(ImmutableArray<int> before, ImmutableArray<int> after) =>
        before == after ? null : [.. after];
}
