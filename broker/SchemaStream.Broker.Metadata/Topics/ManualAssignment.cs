using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>Replicas that the client lays down.</summary>
internal static class ManualAssignment
{
    private const int NotSet = -1;

    public static Assignment OfNewTopic(MetadataImage image, NewTopic topic)
    {
        if (topic.PartitionCount != NotSet)
        {
            return Assignment.Failed(
                ErrorCode.InvalidRequest, "A manual partition assignment was specified, but numPartitions was not set to -1.");
        }

        if (topic.ReplicationFactor != NotSet)
        {
            return Assignment.Failed(
                ErrorCode.InvalidRequest, "A manual partition assignment was specified, but replicationFactor was not set to -1.");
        }

        var inOrder = topic.Assignments.OrderBy(assignment => assignment.Partition).ToArray();
        for (var index = 0; index < inOrder.Length; index++)
        {
            var partition = inOrder[index].Partition;
            if (partition != index)
            {
                return Invalid(index > 0 && inOrder[index - 1].Partition == partition
                    ? $"Found multiple manual partition assignments for partition {partition}"
                    : "partitions should be a consecutive 0-based integer sequence");
            }
        }

        return Check(image, [.. inOrder.Select(assignment => assignment.BrokerIds)], factor: null);
    }

    /// <summary>Each partition's brokers exist, differ, live at least in part, and are as many as the factor says.</summary>
    public static Assignment Check(MetadataImage image, IReadOnlyList<IReadOnlyList<int>> assignments, int? factor)
    {
        foreach (var brokerIds in assignments)
        {
            if (brokerIds.Count == 0)
            {
                return Invalid("The manual partition assignment includes an empty replica list.");
            }

            factor ??= brokerIds.Count;
            if (brokerIds.Count != factor)
            {
                return Invalid(
                    $"The manual partition assignment includes a partition with {brokerIds.Count} replica(s), but this is not "
                    + $"consistent with previous partitions, which have {factor} replica(s).");
            }

            if (CheckBrokers(image, brokerIds) is { } reason)
            {
                return Invalid(reason);
            }
        }

        return Assignment.Of([.. assignments.Select(brokerIds => brokerIds.ToImmutableArray())]);
    }

    private static string? CheckBrokers(MetadataImage image, IReadOnlyList<int> brokerIds)
    {
        var seen = new HashSet<int>();
        foreach (var brokerId in brokerIds)
        {
            if (!seen.Add(brokerId))
            {
                return $"The manual partition assignment includes the broker {brokerId} more than once.";
            }

            if (!image.Brokers.ContainsKey(brokerId))
            {
                return $"The manual partition assignment includes broker {brokerId}, but no such broker is registered.";
            }
        }

        return brokerIds.Any(image.IsActive)
            ? null
            : $"All brokers specified in the manual partition assignment {string.Join(", ", brokerIds)} are fenced or in controlled shutdown.";
    }

    private static Assignment Invalid(string message) => Assignment.Failed(ErrorCode.InvalidReplicaAssignment, message);
}
