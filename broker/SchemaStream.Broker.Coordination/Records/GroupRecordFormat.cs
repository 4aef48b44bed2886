using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Offsets;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Records;

/// <summary>
/// The form of group records in <c>__consumer_offsets</c>, which is Kafka's, so that its tools can read ours and we its
/// logs: a key of number and fields, a value of version and fields.
/// </summary>
public static class GroupRecordFormat
{
    /// <summary>Kafka's newest versions that its oldest supported brokers read too.</summary>
    private const short OffsetValueVersion = 3;

    /// <summary>The only version with a retention of the offset's own.</summary>
    private const short ExpiringOffsetValueVersion = 1;

    private const short GroupValueVersion = 3;
    private const short LegacyOffsetCommitKey = 0;
    private const short OffsetCommit = 1;
    private const short GroupMetadata = 2;

    /// <summary>Bytes of text that a record's field can hold.</summary>
    internal const int LongestText = short.MaxValue;

    /// <summary>Typed, because a bare null beside bytes would become empty bytes.</summary>
    private static ReadOnlyMemory<byte>? Tombstone => null;

    public static EncodedGroupRecord Encode(GroupRecord record) => record switch
    {
        OffsetCommitRecord commit => new EncodedGroupRecord(
            Bytes(OffsetCommit, new OffsetCommitKey { Group = commit.GroupId, Topic = commit.Topic, Partition = commit.Partition }, 0),
            commit.Value is { } value ? OffsetValue(value) : Tombstone),
        PendingOffsetRecord pending => Encode(
            new OffsetCommitRecord(pending.GroupId, pending.Topic, pending.Partition, pending.Value)),
        GroupMetadataRecord group => new EncodedGroupRecord(
            Bytes(GroupMetadata, new GroupMetadataKey { Group = group.GroupId }, 0),
            group.Value is { } value ? Bytes(GroupValueVersion, GroupValue(value), GroupValueVersion) : Tombstone),
        ConsumerGroupRecord consumers => Encode(ConsumerGroupRecordFormat.Encode(consumers)),
        _ => throw new ArgumentException($"{record.GetType().Name} has no form in the log.", nameof(record)),
    };

    private static EncodedGroupRecord Encode((short Kind, IMessage Key, IMessage? Value) record) => new(
        Bytes(record.Kind, record.Key, 0), record.Value is { } value ? Bytes(0, value, 0) : Tombstone);

    /// <summary>
    /// Reads a record. Kinds and versions that are not known here (another Kafka's, or a later one's) and bytes that make
    /// no sense are skipped, with a line for the log: one bad record must not take a coordinator's other groups away.
    /// </summary>
    public static bool TryDecode(
        ReadOnlyMemory<byte> key,
        ReadOnlyMemory<byte>? value,
        [NotNullWhen(true)] out GroupRecord? record,
        [NotNullWhen(false)] out string? skipped)
    {
        record = null;
        skipped = null;
        try
        {
            var reader = new KafkaReader(key);
            var kind = reader.ReadInt16("record kind");
            switch (kind)
            {
                case LegacyOffsetCommitKey or OffsetCommit:
                    var commit = new OffsetCommitKey();
                    commit.Read(ref reader, 0);
                    record = ReadOffset(commit, value, out skipped);
                    break;
                case GroupMetadata:
                    var group = new GroupMetadataKey();
                    group.Read(ref reader, 0);
                    record = ReadGroup(group, value, out skipped);
                    break;
                case var _ when ConsumerGroupRecordFormat.IsKind(kind):
                    return ConsumerGroupRecordFormat.TryDecode(kind, ref reader, value, out record, out skipped);
                default:
                    skipped = $"group record of unknown kind {kind}";
                    break;
            }
        }
        catch (ProtocolException exception)
        {
            skipped = $"unreadable group record: {exception.Message}";
        }

        return record is not null;
    }

    private static OffsetCommitRecord? ReadOffset(OffsetCommitKey key, ReadOnlyMemory<byte>? bytes, out string? skipped)
    {
        skipped = null;
        if (bytes is null)
        {
            return new OffsetCommitRecord(key.Group, key.Topic, key.Partition, null);
        }

        var value = new OffsetCommitValue();
        return TryRead(value, bytes.Value, OffsetCommitValue.MaxVersion, "offset of group " + key.Group, out skipped)
            ? new OffsetCommitRecord(key.Group, key.Topic, key.Partition, new CommittedOffset(
                value.Offset,
                value.LeaderEpoch,
                value.Metadata,
                value.CommitTimestamp,
                value.ExpireTimestamp >= 0 ? value.ExpireTimestamp : null))
            : null;
    }

    private static GroupMetadataRecord? ReadGroup(GroupMetadataKey key, ReadOnlyMemory<byte>? bytes, out string? skipped)
    {
        skipped = null;
        if (bytes is null)
        {
            return new GroupMetadataRecord(key.Group, null);
        }

        var value = new GroupMetadataValue();
        if (!TryRead(value, bytes.Value, GroupMetadataValue.MaxVersion, "group " + key.Group, out skipped))
        {
            return null;
        }

        return new GroupMetadataRecord(key.Group, new GroupMetadata
        {
            ProtocolType = value.ProtocolType,
            GenerationId = value.Generation,
            ProtocolName = value.Protocol,
            LeaderId = value.Leader,
            CurrentStateTimestampMs = value.CurrentStateTimestamp,
            Members = [.. value.Members.Select(Member)],
        });
    }

    private static bool TryRead(IMessage message, ReadOnlyMemory<byte> bytes, short newest, string what, out string? skipped)
    {
        var reader = new KafkaReader(bytes);
        var version = reader.ReadInt16("record version");
        if (version < 0 || version > newest)
        {
            skipped = $"{what} in unknown version {version}";
            return false;
        }

        message.Read(ref reader, version);
        skipped = null;
        return true;
    }

    private static PersistedMember Member(GroupMetadataValue.MemberMetadata member) => new()
    {
        MemberId = member.MemberId,
        GroupInstanceId = member.GroupInstanceId,
        ClientId = member.ClientId,
        ClientHost = member.ClientHost,
        RebalanceTimeout = TimeSpan.FromMilliseconds(member.RebalanceTimeout > 0 ? member.RebalanceTimeout : member.SessionTimeout),
        SessionTimeout = TimeSpan.FromMilliseconds(member.SessionTimeout),
        Subscription = member.Subscription.ToArray(),
        Assignment = member.Assignment.ToArray(),
    };

    private static ReadOnlyMemory<byte> OffsetValue(CommittedOffset offset)
    {
        var version = offset.ExpireTimestampMs is null ? OffsetValueVersion : ExpiringOffsetValueVersion;
        return Bytes(
            version,
            new OffsetCommitValue
            {
                Offset = offset.Offset,
                LeaderEpoch = offset.LeaderEpoch,
                Metadata = offset.Metadata,
                CommitTimestamp = offset.CommitTimestampMs,
                ExpireTimestamp = offset.ExpireTimestampMs ?? -1,
            },
            version);
    }

    private static GroupMetadataValue GroupValue(GroupMetadata group) => new()
    {
        ProtocolType = group.ProtocolType,
        Generation = group.GenerationId,
        Protocol = group.ProtocolName,
        Leader = group.LeaderId,
        CurrentStateTimestamp = group.CurrentStateTimestampMs,
        Members = [.. group.Members.Select(member => new GroupMetadataValue.MemberMetadata
        {
            MemberId = member.MemberId,
            GroupInstanceId = member.GroupInstanceId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            RebalanceTimeout = (int)member.RebalanceTimeout.TotalMilliseconds,
            SessionTimeout = (int)member.SessionTimeout.TotalMilliseconds,
            Subscription = member.Subscription,
            Assignment = member.Assignment,
        })],
    };

    private static ReadOnlyMemory<byte> Bytes(short prefix, IMessage message, short version)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt16(prefix);
        message.Write(ref writer, version);
        writer.Flush();
        return output.WrittenMemory;
    }
}
