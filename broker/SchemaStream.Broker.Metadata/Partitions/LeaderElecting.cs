using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Partitions;

/// <summary>ElectLeaders: someone asks for other leaders.</summary>
internal static class LeaderElecting
{
    public static ElectLeadersReply Elect(ControllerDraft draft, ElectLeadersCommand command) =>
        !Enum.IsDefined(command.Type)
            ? command.Refused(ErrorCode.InvalidRequest, $"Election type {(sbyte)command.Type} is none.")
            : new ElectLeadersReply(ErrorCode.None, null, command.Partitions is { } partitions
                ? [.. partitions.Distinct().Select(partition => ElectOne(draft, command.Type, partition))]
                : ElectAll(draft, command.Type));

    private static PartitionResult ElectOne(ControllerDraft draft, ElectionType type, PartitionSelector selector)
    {
        if (!draft.Image.TryGetTopic(selector.Topic, out var topic) || topic.Partition(selector.Partition) is null)
        {
            return new PartitionResult(
                selector.Topic, selector.Partition, ErrorCode.UnknownTopicOrPartition, "This server does not host this topic-partition.");
        }

        var error = Elect(draft, type, topic, selector.Partition);
        return new PartitionResult(selector.Topic, selector.Partition, error, Message(error));
    }

    private static List<PartitionResult> ElectAll(ControllerDraft draft, ElectionType type)
    {
        var results = new List<PartitionResult>();
        foreach (var topic in draft.Image.TopicsByName.Values.OrderBy(topic => topic.Name, StringComparer.Ordinal))
        {
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                var error = draft.HasRoom || !IsNeeded(type, topic.Partitions[index])
                    ? Elect(draft, type, topic, index)
                    : ErrorCode.OperationNotAttempted;
                if (error != ErrorCode.ElectionNotNeeded)
                {
                    results.Add(new PartitionResult(topic.Name, index, error, Message(error)));
                }
            }
        }

        return results;
    }

    private static ErrorCode Elect(ControllerDraft draft, ElectionType type, TopicImage topic, int index)
    {
        var before = draft.Partition(topic, index);
        if (!IsNeeded(type, before))
        {
            return ErrorCode.ElectionNotNeeded;
        }

        var after = draft.Change(topic, index, new PartitionChange(before, topic.Config.MinInSyncReplicas)
        {
            Election = type == ElectionType.Preferred ? ElectionKind.Preferred : ElectionKind.Unclean,
        });
        return after is { HasLeader: true } && after.Leader != before.Leader ? ErrorCode.None
            : type == ElectionType.Preferred ? ErrorCode.PreferredLeaderNotAvailable
            : ErrorCode.EligibleLeadersNotAvailable;
    }

    private static bool IsNeeded(ElectionType type, PartitionRegistration partition) =>
        type == ElectionType.Preferred ? partition.Leader != partition.Replicas[0] : !partition.HasLeader;

    private static string? Message(ErrorCode error) => error switch
    {
        ErrorCode.ElectionNotNeeded => "Leader election not needed for topic partition.",
        ErrorCode.PreferredLeaderNotAvailable => "The preferred leader was not available.",
        ErrorCode.EligibleLeadersNotAvailable => "Eligible topic partition leaders are not available.",
        ErrorCode.OperationNotAttempted => "Too many partitions for one request; ask again.",
        _ => null,
    };
}
