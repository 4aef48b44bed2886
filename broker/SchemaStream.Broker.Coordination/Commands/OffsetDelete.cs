using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Commands;

/// <summary>OffsetDelete: forget commits, but not of topics the group is subscribed to.</summary>
public sealed record OffsetDeleteCommand(string GroupId, IReadOnlyList<TopicPartitions> Topics) : GroupCommand<OffsetDeleteReply>
{
    /// <inheritdoc/>
    public override OffsetDeleteReply Refused(ErrorCode error) => new(error, []);
}

/// <summary>Answers <see cref="OffsetDeleteCommand"/>.</summary>
public sealed record OffsetDeleteReply(ErrorCode ErrorCode, IReadOnlyList<TopicCommitResult> Topics) : GroupReply;

/// <summary>Topics are gone: every shard forgets their offsets, in whatever group.</summary>
public sealed record TopicsDeletedCommand(IReadOnlyList<string> Topics) : GroupCommand<TopicsDeletedReply>
{
    /// <inheritdoc/>
    public override TopicsDeletedReply Refused(ErrorCode error) => new(error, 0);
}

/// <summary>Answers <see cref="TopicsDeletedCommand"/>.</summary>
public sealed record TopicsDeletedReply(ErrorCode ErrorCode, int OffsetCount) : GroupReply;
