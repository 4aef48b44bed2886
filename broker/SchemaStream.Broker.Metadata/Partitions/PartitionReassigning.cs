using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Topics;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Partitions;

/// <summary>
/// AlterPartitionReassignments. While a reassignment is under way the replicas are the target's, then those to be removed;
/// <see cref="PartitionChange"/> completes it when all of the target are in sync. What was there before it is always the
/// replicas without the adding ones, also after the target was changed: that is what a cancelled one goes back to.
/// </summary>
internal static class PartitionReassigning
{
    public static AlterPartitionReassignmentsReply Alter(ControllerDraft draft, AlterPartitionReassignmentsCommand command)
    {
        var results = new List<PartitionResult>(command.Partitions.Count);
        var seen = new HashSet<PartitionSelector>();
        foreach (var reassignment in command.Partitions)
        {
            var (error, message) = !seen.Add(new PartitionSelector(reassignment.Topic, reassignment.Partition))
                ? (ErrorCode.InvalidRequest, "Duplicate partition.")
                : Alter(draft, reassignment, command.AllowReplicationFactorChange);
            results.Add(new PartitionResult(reassignment.Topic, reassignment.Partition, error, message));
        }

        return new AlterPartitionReassignmentsReply(ErrorCode.None, null, results);
    }

    private static (ErrorCode Error, string? Message) Alter(
        ControllerDraft draft, PartitionReassignment reassignment, bool allowFactorChange)
    {
        if (!draft.Image.TryGetTopic(reassignment.Topic, out var topic) || topic.Partition(reassignment.Partition) is not { } partition)
        {
            return (ErrorCode.UnknownTopicOrPartition, "This server does not host this topic-partition.");
        }

        return reassignment.Replicas is { } replicas
            ? Start(draft, topic, reassignment.Partition, partition, [.. replicas], allowFactorChange)
            : Cancel(draft, topic, reassignment.Partition, partition);
    }

    private static (ErrorCode Error, string? Message) Start(
        ControllerDraft draft,
        TopicImage topic,
        int index,
        PartitionRegistration partition,
        ImmutableArray<int> target,
        bool allowFactorChange)
    {
        if (ManualAssignment.Check(draft.Image, [target], factor: null) is { Replicas: null } invalid)
        {
            return (invalid.Error, invalid.Message);
        }

        var original = partition.Replicas.RemoveRange(partition.AddingReplicas);
        if (!allowFactorChange && target.Length != original.Length)
        {
            return (
                ErrorCode.InvalidReplicationFactor,
                $"The replication factor would change from {original.Length} to {target.Length}, which is not allowed.");
        }

        ImmutableArray<int> removing = [.. original.Where(replica => !target.Contains(replica))];
        return Change(draft, topic, index, partition, [.. target, .. removing], [.. target.Where(replica => !original.Contains(replica))], removing);
    }

    private static (ErrorCode Error, string? Message) Cancel(
        ControllerDraft draft, TopicImage topic, int index, PartitionRegistration partition) =>
        partition.IsReassigning
            ? Change(draft, topic, index, partition, partition.Replicas.RemoveRange(partition.AddingReplicas), [], [])
            : (ErrorCode.NoReassignmentInProgress, "No partition reassignment is in progress.");

    private static (ErrorCode Error, string? Message) Change(
        ControllerDraft draft,
        TopicImage topic,
        int index,
        PartitionRegistration partition,
        ImmutableArray<int> replicas,
        ImmutableArray<int> adding,
        ImmutableArray<int> removing)
    {
        // Replicas that an earlier target brought and this one does not go at once; the others must do without them.
        ImmutableArray<int> isr = [.. partition.Isr.Where(replicas.Contains)];
        var haveAll = WhoHasAll(partition);
        var kind = PartitionUpkeep.Kind(topic);
        if (!haveAll.IsEmpty && !haveAll.Any(replicas.Contains) && kind != ElectionKind.Unclean)
        {
            return (
                ErrorCode.InvalidReplicaAssignment,
                $"Unable to take away the replicas of {topic.Name}-{index} that alone have all that was committed: "
                + "it would require an unclean leader election.");
        }

        draft.Change(topic, index, new PartitionChange(partition, topic.Config.MinInSyncReplicas)
        {
            Replicas = replicas,
            Isr = isr,
            AddingReplicas = adding,
            RemovingReplicas = removing,
            Election = kind,
        });
        return (ErrorCode.None, null);
    }

    /// <summary>
    /// Who can lead: of those one has to stay. Where there is an ISR it alone counts, as the rest may not be back for long;
    /// where no one is known to have all, the leader that was lost last is still the best.
    /// </summary>
    private static ImmutableArray<int> WhoHasAll(PartitionRegistration partition) =>
        !partition.Isr.IsEmpty ? partition.Isr
        : !partition.Elr.IsEmpty ? partition.Elr
        : partition.LastKnownElr;
}
