using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Records;

/// <summary>A record of a consumer group (KIP-848). In all of them null means: gone.</summary>
public abstract record ConsumerGroupRecord(string GroupId) : GroupRecord(GroupId);

/// <summary>The group itself; without it the group is gone with all that is left of it.</summary>
public sealed record ConsumerGroupMetadataRecord(string GroupId, ConsumerGroupMetadata? Value) : ConsumerGroupRecord(GroupId);

/// <summary>Left over from a Kafka before 4.1; it says nothing that is not said elsewhere.</summary>
public sealed record ConsumerGroupPartitionMetadataRecord(string GroupId) : ConsumerGroupRecord(GroupId);

/// <summary>What a member has said of itself.</summary>
public sealed record ConsumerGroupMemberMetadataRecord(string GroupId, string MemberId, ConsumerMemberMetadata? Value)
    : ConsumerGroupRecord(GroupId);

/// <summary>The group epoch that the target assignment was made for.</summary>
public sealed record ConsumerGroupTargetAssignmentMetadataRecord(string GroupId, int? AssignmentEpoch) : ConsumerGroupRecord(GroupId);

/// <summary>What a member is to have.</summary>
public sealed record ConsumerGroupTargetAssignmentMemberRecord(string GroupId, string MemberId, PartitionSet? Value)
    : ConsumerGroupRecord(GroupId);

/// <summary>What a member has.</summary>
public sealed record ConsumerGroupCurrentMemberAssignmentRecord(string GroupId, string MemberId, CurrentAssignment? Value)
    : ConsumerGroupRecord(GroupId);

/// <summary>The topics that a regular expression stands for.</summary>
public sealed record ConsumerGroupRegularExpressionRecord(string GroupId, string RegularExpression, ResolvedRegularExpression? Value)
    : ConsumerGroupRecord(GroupId);
