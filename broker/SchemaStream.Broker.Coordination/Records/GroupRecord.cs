using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Offsets;

namespace SchemaStream.Broker.Coordination.Records;

/// <summary>A record of <c>__consumer_offsets</c>, read.</summary>
public abstract record GroupRecord(string GroupId);

/// <summary>A group as of its newest generation; null: the group is gone.</summary>
public sealed record GroupMetadataRecord(string GroupId, GroupMetadata? Value) : GroupRecord(GroupId);

/// <summary>The offset a group has committed for a partition; null: forgotten.</summary>
public sealed record OffsetCommitRecord(string GroupId, string Topic, int Partition, CommittedOffset? Value) : GroupRecord(GroupId);

/// <summary>
/// An offset that counts once its producer's transaction is committed. In the log it is an <see cref="OffsetCommitRecord"/>,
/// in a transactional batch.
/// </summary>
public sealed record PendingOffsetRecord(string GroupId, string Topic, int Partition, CommittedOffset Value, long ProducerId)
    : GroupRecord(GroupId);

/// <summary>A key and its value as they stand in the log; a null value is a tombstone.</summary>
public readonly record struct EncodedGroupRecord(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);
