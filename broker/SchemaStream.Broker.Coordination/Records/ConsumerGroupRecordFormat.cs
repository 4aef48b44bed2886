using System.Diagnostics.CodeAnalysis;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Records;

/// <summary>The form of a consumer group's records in <c>__consumer_offsets</c>; it is Kafka's.</summary>
internal static class ConsumerGroupRecordFormat
{
    /// <summary>Which of Kafka's numbers are a consumer group's.</summary>
    public static bool IsKind(short kind) =>
        kind is >= ConsumerGroupMetadataKey.Type and <= ConsumerGroupCurrentMemberAssignmentKey.Type
            or ConsumerGroupRegularExpressionKey.Type;

    public static (short Kind, IMessage Key, IMessage? Value) Encode(ConsumerGroupRecord record) => record switch
    {
        ConsumerGroupMetadataRecord group => (
            ConsumerGroupMetadataKey.Type,
            new ConsumerGroupMetadataKey { GroupId = record.GroupId },
            group.Value is { } value
                ? new ConsumerGroupMetadataValue
                {
                    Epoch = value.GroupEpoch,
                    MetadataHash = value.MetadataHash,
                    CreationTimeMs = value.CreationTimeMs,
                }
                : null),
        ConsumerGroupPartitionMetadataRecord => (
            ConsumerGroupPartitionMetadataKey.Type,
            new ConsumerGroupPartitionMetadataKey { GroupId = record.GroupId },
            null),
        ConsumerGroupMemberMetadataRecord member => (
            ConsumerGroupMemberMetadataKey.Type,
            new ConsumerGroupMemberMetadataKey { GroupId = record.GroupId, MemberId = member.MemberId },
            member.Value is { } value ? Member(value) : null),
        ConsumerGroupTargetAssignmentMetadataRecord target => (
            ConsumerGroupTargetAssignmentMetadataKey.Type,
            new ConsumerGroupTargetAssignmentMetadataKey { GroupId = record.GroupId },
            target.AssignmentEpoch is { } epoch ? new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = epoch } : null),
        ConsumerGroupTargetAssignmentMemberRecord target => (
            ConsumerGroupTargetAssignmentMemberKey.Type,
            new ConsumerGroupTargetAssignmentMemberKey { GroupId = record.GroupId, MemberId = target.MemberId },
            target.Value is { } value ? Target(value) : null),
        ConsumerGroupCurrentMemberAssignmentRecord current => (
            ConsumerGroupCurrentMemberAssignmentKey.Type,
            new ConsumerGroupCurrentMemberAssignmentKey { GroupId = record.GroupId, MemberId = current.MemberId },
            current.Value is { } value ? Current(value) : null),
        ConsumerGroupRegularExpressionRecord regex => (
            ConsumerGroupRegularExpressionKey.Type,
            new ConsumerGroupRegularExpressionKey { GroupId = record.GroupId, RegularExpression = regex.RegularExpression },
            regex.Value is { } value
                ? new ConsumerGroupRegularExpressionValue { Topics = [.. value.Topics], Version = value.Version, Timestamp = value.TimestampMs }
                : null),
        _ => throw new ArgumentException($"{record.GetType().Name} has no form in the log.", nameof(record)),
    };

    /// <summary>Reads a record whose kind has been read. A value in a version that is not known is skipped, and said why.</summary>
    public static bool TryDecode(
        short kind,
        ref KafkaReader key,
        ReadOnlyMemory<byte>? value,
        [NotNullWhen(true)] out GroupRecord? record,
        [NotNullWhen(false)] out string? skipped)
    {
        record = kind switch
        {
            ConsumerGroupMetadataKey.Type => Group(Key<ConsumerGroupMetadataKey>(ref key).GroupId, value, out skipped),
            ConsumerGroupPartitionMetadataKey.Type => Read(
                new ConsumerGroupPartitionMetadataRecord(Key<ConsumerGroupPartitionMetadataKey>(ref key).GroupId), out skipped),
            ConsumerGroupMemberMetadataKey.Type => Member(Key<ConsumerGroupMemberMetadataKey>(ref key), value, out skipped),
            ConsumerGroupTargetAssignmentMetadataKey.Type =>
                TargetEpoch(Key<ConsumerGroupTargetAssignmentMetadataKey>(ref key).GroupId, value, out skipped),
            ConsumerGroupTargetAssignmentMemberKey.Type =>
                Target(Key<ConsumerGroupTargetAssignmentMemberKey>(ref key), value, out skipped),
            ConsumerGroupCurrentMemberAssignmentKey.Type =>
                Current(Key<ConsumerGroupCurrentMemberAssignmentKey>(ref key), value, out skipped),
            ConsumerGroupRegularExpressionKey.Type => Regex(Key<ConsumerGroupRegularExpressionKey>(ref key), value, out skipped),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a consumer group's"),
        };
        return record is not null;
    }

    private static ConsumerGroupMetadataRecord? Group(string groupId, ReadOnlyMemory<byte>? bytes, out string? skipped)
    {
        var isThere = TryValue<ConsumerGroupMetadataValue>(groupId, bytes, out var value, out skipped);
        return !isThere ? null : new ConsumerGroupMetadataRecord(
            groupId, value is null ? null : new ConsumerGroupMetadata(value.Epoch, value.MetadataHash, value.CreationTimeMs));
    }

    private static ConsumerGroupMemberMetadataRecord? Member(
        ConsumerGroupMemberMetadataKey key, ReadOnlyMemory<byte>? bytes, out string? skipped)
    {
        if (!TryValue<ConsumerGroupMemberMetadataValue>(key.GroupId, bytes, out var value, out skipped))
        {
            return null;
        }

        return new ConsumerGroupMemberMetadataRecord(key.GroupId, key.MemberId, value is null ? null : new ConsumerMemberMetadata
        {
            InstanceId = value.InstanceId,
            RackId = value.RackId,
            ClientId = value.ClientId,
            ClientHost = value.ClientHost,
            SubscribedTopicNames = [.. value.SubscribedTopicNames],
            SubscribedTopicRegex = value.SubscribedTopicRegex,
            RebalanceTimeout = TimeSpan.FromMilliseconds(value.RebalanceTimeoutMs),
            ServerAssignor = value.ServerAssignor,
            Classic = value.ClassicMemberMetadata is { } classic
                ? new ClassicMemberMetadata(
                    TimeSpan.FromMilliseconds(classic.SessionTimeoutMs),
                    [.. classic.SupportedProtocols.Select(protocol => new JoinProtocol(protocol.Name, protocol.Metadata.ToArray()))])
                : null,
        });
    }

    private static ConsumerGroupTargetAssignmentMetadataRecord? TargetEpoch(
        string groupId, ReadOnlyMemory<byte>? bytes, out string? skipped) =>
        TryValue<ConsumerGroupTargetAssignmentMetadataValue>(groupId, bytes, out var value, out skipped)
            ? new ConsumerGroupTargetAssignmentMetadataRecord(groupId, value?.AssignmentEpoch)
            : null;

    private static ConsumerGroupTargetAssignmentMemberRecord? Target(
        ConsumerGroupTargetAssignmentMemberKey key, ReadOnlyMemory<byte>? bytes, out string? skipped) =>
        TryValue<ConsumerGroupTargetAssignmentMemberValue>(key.GroupId, bytes, out var value, out skipped)
            ? new ConsumerGroupTargetAssignmentMemberRecord(
                key.GroupId,
                key.MemberId,
                value is null
                    ? null
                    : PartitionSet.Of(
                        from topic in value.TopicPartitions
                        from partition in topic.Partitions
                        select new TopicPartitionId(topic.TopicId, partition)))
            : null;

    private static ConsumerGroupCurrentMemberAssignmentRecord? Current(
        ConsumerGroupCurrentMemberAssignmentKey key, ReadOnlyMemory<byte>? bytes, out string? skipped)
    {
        if (!TryValue<ConsumerGroupCurrentMemberAssignmentValue>(key.GroupId, bytes, out var value, out skipped))
        {
            return null;
        }

        return new ConsumerGroupCurrentMemberAssignmentRecord(key.GroupId, key.MemberId, value is null ? null : new CurrentAssignment(
            value.MemberEpoch,
            value.PreviousMemberEpoch,
            value.State is >= 0 and <= (sbyte)ConsumerMemberState.UnreleasedPartitions
                ? (ConsumerMemberState)value.State
                : ConsumerMemberState.Unknown,
            Partitions(value.AssignedPartitions),
            Partitions(value.PartitionsPendingRevocation)));
    }

    private static ConsumerGroupRegularExpressionRecord? Regex(
        ConsumerGroupRegularExpressionKey key, ReadOnlyMemory<byte>? bytes, out string? skipped) =>
        TryValue<ConsumerGroupRegularExpressionValue>(key.GroupId, bytes, out var value, out skipped)
            ? new ConsumerGroupRegularExpressionRecord(
                key.GroupId,
                key.RegularExpression,
                value is null ? null : new ResolvedRegularExpression([.. value.Topics], value.Version, value.Timestamp))
            : null;

    private static TKey Key<TKey>(ref KafkaReader reader)
        where TKey : IMessage, new()
    {
        var key = new TKey();
        key.Read(ref reader, 0);
        return key;
    }

    private static ConsumerGroupPartitionMetadataRecord Read(ConsumerGroupPartitionMetadataRecord record, out string? skipped)
    {
        skipped = null;
        return record;
    }

    /// <summary>Null is a tombstone. All values are in version 0 until Kafka has another.</summary>
    private static bool TryValue<TValue>(string groupId, ReadOnlyMemory<byte>? bytes, out TValue? value, out string? skipped)
        where TValue : class, IMessage, new()
    {
        value = null;
        skipped = null;
        if (bytes is null)
        {
            return true;
        }

        var reader = new KafkaReader(bytes.Value);
        var version = reader.ReadInt16("record version");
        if (version != 0)
        {
            skipped = $"{typeof(TValue).Name} of group {groupId} in unknown version {version}";
            return false;
        }

        value = new TValue();
        value.Read(ref reader, 0);
        return true;
    }

    private static ConsumerGroupMemberMetadataValue Member(ConsumerMemberMetadata member) => new()
    {
        InstanceId = member.InstanceId,
        RackId = member.RackId,
        ClientId = member.ClientId,
        ClientHost = member.ClientHost,
        SubscribedTopicNames = [.. member.SubscribedTopicNames],
        SubscribedTopicRegex = member.SubscribedTopicRegex,
        RebalanceTimeoutMs = (int)member.RebalanceTimeout.TotalMilliseconds,
        ServerAssignor = member.ServerAssignor,
        ClassicMemberMetadata = member.Classic is { } classic
            ? new ConsumerGroupMemberMetadataValue.ClassicMember
            {
                SessionTimeoutMs = (int)classic.SessionTimeout.TotalMilliseconds,
                SupportedProtocols = [.. classic.SupportedProtocols.Select(protocol =>
                    new ConsumerGroupMemberMetadataValue.ClassicProtocol { Name = protocol.Name, Metadata = protocol.Metadata })],
            }
            : null,
    };

    private static ConsumerGroupTargetAssignmentMemberValue Target(PartitionSet target) => new()
    {
        TopicPartitions = [.. target.ByTopic.Select(topic =>
            new ConsumerGroupTargetAssignmentMemberValue.TopicPartition { TopicId = topic.Key, Partitions = [.. topic] })],
    };

    private static ConsumerGroupCurrentMemberAssignmentValue Current(CurrentAssignment current) => new()
    {
        MemberEpoch = current.MemberEpoch,
        PreviousMemberEpoch = current.PreviousMemberEpoch,
        State = (sbyte)current.State,
        AssignedPartitions = Partitions(current.Assigned),
        PartitionsPendingRevocation = Partitions(current.PendingRevocation),
    };

    private static List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> Partitions(PartitionSet partitions) =>
        [.. partitions.ByTopic.Select(topic =>
            new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions { TopicId = topic.Key, Partitions = [.. topic] })];

    private static PartitionSet Partitions(List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics) =>
        PartitionSet.Of(
            from topic in topics
            from partition in topic.Partitions
            select new TopicPartitionId(topic.TopicId, partition));
}
