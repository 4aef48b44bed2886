using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>What a ConsumerGroupHeartbeat must look like, whatever the group.</summary>
internal static class HeartbeatChecks
{
    public static Refusal Check(ConsumerGroupHeartbeatCommand beat, GroupShardOptions options)
    {
        var message = Shape(beat) ?? Bounds(beat, options);
        if (message is not null)
        {
            return new Refusal(ErrorCode.InvalidRequest, message);
        }

        return beat.ServerAssignor is { } assignor && !options.ConsumerAssignors.Contains(assignor)
            ? new Refusal(
                ErrorCode.UnsupportedAssignor,
                $"ServerAssignor {assignor} is not supported. Supported assignors: {string.Join(", ", options.ConsumerAssignors)}.")
            : Refusal.None;
    }

    private static string? Shape(ConsumerGroupHeartbeatCommand beat)
    {
        if (beat.GroupId.Length == 0)
        {
            return "GroupId can't be empty.";
        }

        if (beat.InstanceId is { Length: 0 })
        {
            return "InstanceId can't be empty.";
        }

        if (beat.RackId is { Length: 0 })
        {
            return "RackId can't be empty.";
        }

        if (beat.MemberId.Length == 0 && (beat.RequiresMemberId || beat.MemberEpoch != ConsumerGroupHeartbeatCommand.Join))
        {
            return "MemberId can't be empty.";
        }

        return beat.MemberEpoch switch
        {
            ConsumerGroupHeartbeatCommand.Join => JoinShape(beat),
            ConsumerGroupHeartbeatCommand.LeaveForAWhile when beat.InstanceId is null => "InstanceId can't be null.",
            < ConsumerGroupHeartbeatCommand.LeaveForAWhile => $"MemberEpoch {beat.MemberEpoch} is invalid.",
            _ => null,
        };
    }

    private static string? JoinShape(ConsumerGroupHeartbeatCommand beat)
    {
        if (beat.RebalanceTimeout is null)
        {
            return "RebalanceTimeoutMs must be provided in first request.";
        }

        if (beat.OwnedPartitions is not { IsEmpty: true })
        {
            return "TopicPartitions must be empty when (re-)joining.";
        }

        return beat.SubscribedTopicNames is null && beat.SubscribedTopicRegex is null
            ? "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining."
            : null;
    }

    /// <summary>A record's texts have their bound, and memory has to have one.</summary>
    private static string? Bounds(ConsumerGroupHeartbeatCommand beat, GroupShardOptions options)
    {
        string?[] texts =
        [
            beat.GroupId, beat.MemberId, beat.InstanceId, beat.RackId, beat.ClientId, beat.ClientHost, beat.SubscribedTopicRegex,
        ];
        if (Array.Exists(texts, text => text is not null && !JoinLimits.FitsInRecord(text)))
        {
            return "A text is too long.";
        }

        if (beat.RebalanceTimeout is { } timeout && (timeout < TimeSpan.Zero || timeout.TotalMilliseconds > int.MaxValue))
        {
            return "RebalanceTimeoutMs is invalid.";
        }

        return beat.SubscribedTopicNames is { } names && names.Count > options.MaxSubscribedTopics
            ? $"More than {options.MaxSubscribedTopics} topics are subscribed to."
            : null;
    }
}
