using System.Text;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>What a join may bring: the broker's bounds, and what the group's record can hold.</summary>
internal static class JoinLimits
{
    /// <summary>Characters of a static member's instance id, as of a topic's name; it becomes part of the member id.</summary>
    private const int LongestInstanceId = 249;

    public static ErrorCode Check(JoinGroupCommand join, GroupShardOptions options)
    {
        if (join.GroupId.Length == 0 || !FitsInRecord(join.GroupId))
        {
            return ErrorCode.InvalidGroupId;
        }

        if (!FitsInRecord(join.MemberId))
        {
            // A classic group knows the ids that it has given out; a consumer group takes those that its members bring.
            return ErrorCode.UnknownMemberId;
        }

        if (join.SessionTimeout < options.MinSessionTimeout || join.SessionTimeout > options.MaxSessionTimeout)
        {
            return ErrorCode.InvalidSessionTimeout;
        }

        if (join.GroupInstanceId is { Length: 0 or > LongestInstanceId }
            || !FitsInRecord(join.ClientId)
            || !FitsInRecord(join.ClientHost)
            || join.RebalanceTimeout < TimeSpan.Zero
            || join.RebalanceTimeout.TotalMilliseconds > int.MaxValue)
        {
            return ErrorCode.InvalidRequest;
        }

        return join.Protocols.Count > options.MaxProtocolsPerMember
            || !FitsInRecord(join.ProtocolType)
            || !join.Protocols.All(protocol => FitsInRecord(protocol.Name))
            ? ErrorCode.InconsistentGroupProtocol
            : ErrorCode.None;
    }

    /// <summary>Whether a record's text field can hold it; requests of newer versions can carry longer texts.</summary>
    public static bool FitsInRecord(string text) =>
        text.Length <= GroupRecordFormat.LongestText / 3 || Encoding.UTF8.GetByteCount(text) <= GroupRecordFormat.LongestText;
}
