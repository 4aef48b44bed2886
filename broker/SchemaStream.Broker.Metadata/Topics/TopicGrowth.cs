using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>CreatePartitions: topics only grow.</summary>
internal static class TopicGrowth
{
    public static CreatePartitionsReply Grow(ControllerDraft draft, CreatePartitionsCommand command)
    {
        var budget = new PartitionBudget(draft);
        var results = new List<TopicResult>(command.Topics.Count);
        foreach (var group in command.Topics.GroupBy(topic => topic.Topic, StringComparer.Ordinal))
        {
            results.Add(group.Skip(1).Any()
                ? new TopicResult(group.Key, ErrorCode.InvalidRequest, "Duplicate topic name.")
                : Grow(draft, group.First(), budget, command.ValidateOnly));
        }

        return new CreatePartitionsReply(results);
    }

    private static TopicResult Grow(ControllerDraft draft, PartitionGrowth growth, PartitionBudget budget, bool validateOnly)
    {
        if (!draft.Image.TryGetTopic(growth.Topic, out var topic))
        {
            return new TopicResult(
                growth.Topic, ErrorCode.UnknownTopicOrPartition, "This server does not host this topic-partition.");
        }

        if (TopicNames.IsInternal(growth.Topic))
        {
            // Who coordinates a group or a transaction is its name modulo the number of partitions.
            return new TopicResult(
                growth.Topic, ErrorCode.InvalidTopicException, $"The partitions of the internal topic '{growth.Topic}' cannot be changed.");
        }

        var existing = topic.Partitions.Length;
        if (growth.Count <= existing)
        {
            return new TopicResult(
                growth.Topic,
                ErrorCode.InvalidPartitions,
                growth.Count == existing
                    ? $"Topic already has {existing} partition(s)."
                    : $"The topic {growth.Topic} currently has {existing} partition(s); {growth.Count} would not be an increase.");
        }

        var added = growth.Count - existing;
        if (budget.Take(added) is { } tooMany)
        {
            return new TopicResult(growth.Topic, ErrorCode.PolicyViolation, tooMany);
        }

        var factor = topic.Partitions[0].Replicas.Length;
        var assignment = growth.Assignments is null
            ? AutomaticAssignment.Place(draft, added, factor)
            : growth.Assignments.Count == added
                ? ManualAssignment.Check(draft.Image, growth.Assignments, factor)
                : Assignment.Failed(
                    ErrorCode.InvalidReplicaAssignment,
                    $"Attempted to add {added} additional partition(s), but {growth.Assignments.Count} assignment(s) were specified.");
        if (assignment.Replicas is not { } replicas)
        {
            return new TopicResult(growth.Topic, assignment.Error, assignment.Message);
        }

        if (!validateOnly)
        {
            for (var index = 0; index < added; index++)
            {
                draft.Records.Add(TopicCreation.NewPartition(draft.Image, topic.TopicId, existing + index, replicas[index]));
            }
        }

        return new TopicResult(growth.Topic, ErrorCode.None, null);
    }
}
