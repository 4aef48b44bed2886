using System.Collections.Immutable;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>A consumer group's epoch, and a digest of the topics its members read: with it a change is seen.</summary>
/// <param name="CreationTimeMs">When the group was made; -1 in records of brokers that do not keep it.</param>
public sealed record ConsumerGroupMetadata(int GroupEpoch, long MetadataHash, long CreationTimeMs = -1);

/// <summary>What a member has said of itself.</summary>
public sealed record ConsumerMemberMetadata
{
    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    /// <summary>In order, each once.</summary>
    public ImmutableArray<string> SubscribedTopicNames { get; init; } = [];

    public string? SubscribedTopicRegex { get; init; }

    public TimeSpan RebalanceTimeout { get; init; }

    /// <summary>Null: it leaves the choice to the others, or to the broker.</summary>
    public string? ServerAssignor { get; init; }

    /// <summary>Of a member that speaks the classic protocol; null: it speaks the new one.</summary>
    public ClassicMemberMetadata? Classic { get; init; }

    public bool Equals(ConsumerMemberMetadata? other) =>
        other is not null
        && InstanceId == other.InstanceId
        && RackId == other.RackId
        && ClientId == other.ClientId
        && ClientHost == other.ClientHost
        && SubscribedTopicRegex == other.SubscribedTopicRegex
        && RebalanceTimeout == other.RebalanceTimeout
        && ServerAssignor == other.ServerAssignor
        && Equals(Classic, other.Classic)
        && SubscribedTopicNames.AsSpan().SequenceEqual(other.SubscribedTopicNames.AsSpan());

    public override int GetHashCode() => HashCode.Combine(ClientId, InstanceId, SubscribedTopicRegex, SubscribedTopicNames.Length);
}

/// <summary>How a member of a consumer group that speaks the classic protocol is spoken to.</summary>
public sealed record ClassicMemberMetadata(TimeSpan SessionTimeout, ImmutableArray<JoinProtocol> SupportedProtocols)
{
    public bool Equals(ClassicMemberMetadata? other) =>
        other is not null
        && SessionTimeout == other.SessionTimeout
        && SupportedProtocols.Length == other.SupportedProtocols.Length
        && SupportedProtocols.Zip(other.SupportedProtocols).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.Metadata.Span.SequenceEqual(pair.Second.Metadata.Span));

    public override int GetHashCode() => HashCode.Combine(SessionTimeout, SupportedProtocols.Length);
}

/// <summary>How far a member is on the way to its target. The numbers stand in the log.</summary>
public enum ConsumerMemberState : sbyte
{
    /// <summary>It has what it is to have, as of its epoch.</summary>
    Stable = 0,

    /// <summary>It has yet to give partitions up, and say so.</summary>
    UnrevokedPartitions = 1,

    /// <summary>It waits for partitions that others have yet to give up.</summary>
    UnreleasedPartitions = 2,

    /// <summary>Written by a later broker.</summary>
    Unknown = 127,
}

/// <summary>What a member has.</summary>
/// <param name="MemberEpoch">The epoch it is told; -2 for a static member that has left for a while.</param>
/// <param name="PreviousMemberEpoch">What it was told before: the answer with the newer one may have been lost.</param>
/// <param name="State">How far it is.</param>
/// <param name="Assigned">What it may read.</param>
/// <param name="PendingRevocation">What it had and must give up first.</param>
public sealed record CurrentAssignment(
    int MemberEpoch,
    int PreviousMemberEpoch,
    ConsumerMemberState State,
    PartitionSet Assigned,
    PartitionSet PendingRevocation);

/// <summary>The topics that a regular expression stood for when it was last looked at.</summary>
/// <param name="Topics">In order.</param>
/// <param name="Version">Of the metadata they were found in; -1 where that is not known.</param>
/// <param name="TimestampMs">When it was looked at.</param>
public sealed record ResolvedRegularExpression(ImmutableArray<string> Topics, long Version, long TimestampMs)
{
    public bool Equals(ResolvedRegularExpression? other) =>
        other is not null
        && Version == other.Version
        && TimestampMs == other.TimestampMs
        && Topics.AsSpan().SequenceEqual(other.Topics.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Version, TimestampMs, Topics.Length);
}
