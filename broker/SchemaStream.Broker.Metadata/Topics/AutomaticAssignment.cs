using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>Replicas that the controller places.</summary>
internal static class AutomaticAssignment
{
    private const int ClusterDefault = -1;

    public static Assignment OfNewTopic(ControllerDraft draft, NewTopic topic, PartitionBudget budget)
    {
        var count = topic.PartitionCount == ClusterDefault ? draft.Options.DefaultPartitionCount : topic.PartitionCount;
        var factor = topic.ReplicationFactor == ClusterDefault ? draft.Options.DefaultReplicationFactor : topic.ReplicationFactor;
        if (factor is < 1 or > short.MaxValue)
        {
            return Assignment.Failed(
                ErrorCode.InvalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.");
        }

        if (count < 1)
        {
            return Assignment.Failed(
                ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.");
        }

        return budget.Exceeded(count) is { } tooMany
            ? Assignment.Failed(ErrorCode.PolicyViolation, tooMany)
            : Place(draft, count, factor);
    }

    /// <summary>On brokers that can be counted on; on others only where there are too few of those.</summary>
    public static Assignment Place(ControllerDraft draft, int count, int factor)
    {
        var brokers = draft.Image.Brokers.Values.ToLookup(
            broker => broker.IsActive, broker => new PlacementBroker(broker.BrokerId, broker.Rack));
        PlacementBroker[] active = [.. brokers[true]];
        PlacementBroker[] others = [.. brokers[false]];
        if (active.Length == 0)
        {
            return Assignment.Failed(ErrorCode.InvalidReplicationFactor, "All brokers are currently fenced or in controlled shutdown.");
        }

        return active.Length + others.Length < factor
            ? Assignment.Failed(
                ErrorCode.InvalidReplicationFactor,
                $"Unable to replicate the partition {factor} time(s): The target replication factor of {factor} cannot be "
                + $"reached because only {active.Length + others.Length} broker(s) are registered.")
            : Assignment.Of(ReplicaPlacement.Place(active, others, count, factor, draft.Draw(active.Length)));
    }
}
