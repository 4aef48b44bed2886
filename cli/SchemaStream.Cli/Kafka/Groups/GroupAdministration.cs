using System.Globalization;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;
using Assigned = SchemaStream.Protocol.Messages.ConsumerGroupDescribeResponse.Assignment;

namespace SchemaStream.Cli.Kafka.Groups;

/// <summary>Consumer groups of both protocols, as the brokers tell of them and change them.</summary>
internal sealed class GroupAdministration(ToolCluster cluster)
{
    private const string ClassicType = "Classic";
    private const string NoneYet = "";

    /// <summary>All consumer groups, by name.</summary>
    public async Task<IReadOnlyList<ListedGroup>> ListAsync(CancellationToken cancellationToken)
    {
        var groups = new SortedDictionary<string, ListedGroup>(StringComparer.Ordinal);
        var described = await cluster.Brokers.DescribeAsync([], cancellationToken);
        foreach (var node in described.Brokers)
        {
            var broker = await cluster.Brokers.BrokerAsync(node.NodeId, ConnectionUse.Shared, cancellationToken);
            var answer = await cluster.AskAsync(broker, new ListGroupsRequest(), cancellationToken);
            KafkaErrorException.Require(answer.ErrorCode, $"Groups of broker {node.NodeId}");
            foreach (var group in answer.Groups.Where(each => each.ProtocolType is ConsumerProtocol.Type or NoneYet))
            {
                var type = group.GroupType is { Length: > 0 } told ? Capitalized(told) : ClassicType;
                if (type is ClassicType or "Consumer")
                {
                    groups[group.GroupId] = new ListedGroup(group.GroupId, type, group.GroupState);
                }
            }
        }

        return [.. groups.Values];
    }

    /// <summary>One group.</summary>
    public async Task<GroupDescription> DescribeAsync(string groupId, CancellationToken cancellationToken)
    {
        // Coordinators that do not offer the new protocol's way know classic groups only.
        var any = await cluster.Brokers.AnyAsync(cancellationToken);
        if (await cluster.OffersAsync(any, ApiKey.ConsumerGroupDescribe, cancellationToken)
            && await DescribeConsumerGroupAsync(groupId, cancellationToken) is { } consumerGroup)
        {
            return consumerGroup;
        }

        var answer = await GroupOffsets.AskCoordinatorAsync(
            cluster,
            groupId,
            new DescribeGroupsRequest { Groups = [groupId] },
            short.MaxValue,
            described => described.Groups[0].ErrorCode is var error && error == ErrorCode.GroupIdNotFound ? ErrorCode.None : error,
            cancellationToken);
        var group = answer.Groups[0];
        var isConsumers = group.ProtocolType is ConsumerProtocol.Type or NoneYet;
        return new GroupDescription(
            groupId,
            group.ErrorCode == ErrorCode.GroupIdNotFound ? GroupDescription.Dead : group.GroupState,
            await CoordinatorAsync(groupId, cancellationToken),
            group.ProtocolData,
            null,
            null,
            [.. group.Members.Select(member => new GroupMemberDescription(
                member.MemberId,
                member.GroupInstanceId ?? "",
                member.ClientId,
                member.ClientHost,
                isConsumers ? ConsumerProtocol.ReadAssignment(member.MemberAssignment) : [],
                [],
                null,
                null))]);
    }

    /// <summary>Deletes a group.</summary>
    /// <returns>What was wrong, or none.</returns>
    public async Task<ErrorCode> DeleteAsync(string groupId, CancellationToken cancellationToken)
    {
        var error = ErrorCode.None;
        await GroupOffsets.AskCoordinatorAsync(
            cluster,
            groupId,
            new DeleteGroupsRequest { GroupsNames = [groupId] },
            short.MaxValue,
            answer => Passing(error = answer.Results[0].ErrorCode),
            cancellationToken);
        return error;
    }

    /// <summary>Deletes offsets of a group.</summary>
    /// <returns>What was wrong with all of it, and with each partition.</returns>
    public async Task<(ErrorCode Error, SortedDictionary<TopicPartition, ErrorCode> Partitions)> DeleteOffsetsAsync(
        string groupId, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var request = new OffsetDeleteRequest
        {
            GroupId = groupId,
            Topics = [.. partitions.GroupBy(partition => partition.Topic).Select(topic => new OffsetDeleteRequest.OffsetDeleteRequestTopic
            {
                Name = topic.Key,
                Partitions = [.. topic.Select(each => new OffsetDeleteRequest.OffsetDeleteRequestPartition { PartitionIndex = each.Partition })],
            })],
        };
        var error = ErrorCode.None;
        var answer = await GroupOffsets.AskCoordinatorAsync(
            cluster, groupId, request, short.MaxValue, told => Passing(error = told.ErrorCode), cancellationToken);
        var results = new SortedDictionary<TopicPartition, ErrorCode>();
        foreach (var partition in partitions)
        {
            results[partition] = error;
        }

        foreach (var topic in answer.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                results[new TopicPartition(topic.Name, partition.PartitionIndex)] = partition.ErrorCode;
            }
        }

        return (error, results);
    }

    /// <summary>An error that may be gone a little later; others are told of where they belong.</summary>
    private static ErrorCode Passing(ErrorCode error) => error is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable
        or ErrorCode.CoordinatorLoadInProgress ? error : ErrorCode.None;

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private async Task<GroupDescription?> DescribeConsumerGroupAsync(string groupId, CancellationToken cancellationToken)
    {
        var answer = await GroupOffsets.AskCoordinatorAsync(
            cluster,
            groupId,
            new ConsumerGroupDescribeRequest { GroupIds = [groupId] },
            short.MaxValue,
            described => described.Groups[0].ErrorCode is var error
                && error is ErrorCode.GroupIdNotFound or ErrorCode.UnsupportedVersion ? ErrorCode.None : error,
            cancellationToken);
        var group = answer.Groups[0];
        return group.ErrorCode != ErrorCode.None ? null : new GroupDescription(
            groupId,
            group.GroupState,
            await CoordinatorAsync(groupId, cancellationToken),
            group.AssignorName,
            group.GroupEpoch,
            group.AssignmentEpoch,
            [.. group.Members.Select(member => new GroupMemberDescription(
                member.MemberId,
                member.InstanceId ?? "",
                member.ClientId,
                member.ClientHost,
                Partitions(member.Assignment),
                Partitions(member.TargetAssignment),
                member.MemberEpoch,
                member.MemberType < 0 ? null : member.MemberType == 1))]);
    }

    private static List<TopicPartition> Partitions(Assigned assignment) =>
        [.. assignment.TopicPartitions.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.TopicName, partition)))];

    private async Task<string> CoordinatorAsync(string groupId, CancellationToken cancellationToken)
    {
        const short newestOfOneKey = 3;
        var any = await cluster.Brokers.AnyAsync(cancellationToken);
        var found = await cluster.AskAsync(any, new FindCoordinatorRequest { Key = groupId, KeyType = 0 }, newestOfOneKey, cancellationToken);
        KafkaErrorException.Require(found.ErrorCode, $"Coordinator of {groupId}");
        return string.Create(CultureInfo.InvariantCulture, $"{found.Host}:{found.Port}  ({found.NodeId})");
    }
}
