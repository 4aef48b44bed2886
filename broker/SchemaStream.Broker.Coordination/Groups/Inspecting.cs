using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups;

/// <summary>DescribeGroups and ListGroups.</summary>
internal static class Inspecting
{
    private const string DeadState = "Dead";
    private const string ClassicType = "classic";
    private const string ConsumerType = "consumer";

    public static DescribeGroupReply Describe(string groupId, ClassicGroup? group)
    {
        if (group is null)
        {
            return new DescribeGroupReply
            {
                GroupId = groupId,
                State = DeadState,
                ErrorCode = ErrorCode.GroupIdNotFound,
                ErrorMessage = $"Group {groupId} not found.",
            };
        }

        // In the middle of a rebalance there is no protocol whose metadata and assignments could be shown.
        var protocol = group.State == ClassicGroupState.Stable ? group.ProtocolName : null;
        return new DescribeGroupReply
        {
            GroupId = groupId,
            State = group.StateName,
            ProtocolType = group.ProtocolType ?? "",
            ProtocolData = protocol ?? "",
            Members = [.. group.Members.Select(member => new DescribedMember(
                member.MemberId,
                member.GroupInstanceId,
                member.ClientId,
                member.ClientHost,
                protocol is null ? default : member.Metadata(protocol),
                protocol is null ? default : member.Assignment))],
        };
    }

    public static ListGroupsReply List(
        ListGroupsCommand list, IEnumerable<ClassicGroup> classicGroups, IEnumerable<ConsumerGroup> consumerGroups)
    {
        var all = classicGroups
            .Select(group => new ListedGroup(group.GroupId, group.ProtocolType ?? "", group.StateName, ClassicType))
            .Concat(consumerGroups.Select(group =>
                new ListedGroup(group.GroupId, EmbeddedProtocol.ProtocolType, group.State.ToString(), ConsumerType)));
        return new ListGroupsReply(
            ErrorCode.None,
            [.. all
                .Where(group => Passes(list.TypesFilter, group.Type) && Passes(list.StatesFilter, group.State))
                .OrderBy(group => group.GroupId, StringComparer.Ordinal)]);
    }

    private static bool Passes(IReadOnlyList<string> filter, string name) =>
        filter.Count == 0 || filter.Contains(name, StringComparer.OrdinalIgnoreCase);
}
