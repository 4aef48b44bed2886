using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>More partitions for one topic, up to a total of <see cref="Count"/>.</summary>
/// <param name="Topic">Its name.</param>
/// <param name="Count">Of all partitions afterwards; it can only grow.</param>
/// <param name="Assignments">Brokers of each new partition; null: the controller places them.</param>
public sealed record PartitionGrowth(string Topic, int Count, IReadOnlyList<IReadOnlyList<int>>? Assignments = null);

/// <summary>CreatePartitions.</summary>
public sealed record CreatePartitionsCommand(IReadOnlyList<PartitionGrowth> Topics, bool ValidateOnly = false)
    : ControllerCommand<CreatePartitionsReply>
{
    /// <inheritdoc/>
    public override CreatePartitionsReply Refused(ErrorCode error, string message) => new(
        [.. Topics.Select(topic => new TopicResult(topic.Topic, error, message))]);
}

/// <summary>How a change of one topic went.</summary>
public sealed record TopicResult(string Topic, ErrorCode ErrorCode, string? ErrorMessage);

/// <summary>Answers <see cref="CreatePartitionsCommand"/>, in the request's order.</summary>
public sealed record CreatePartitionsReply(IReadOnlyList<TopicResult> Topics);
