using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Consuming;

/// <summary>An offset as a group has committed it.</summary>
/// <param name="LeaderEpoch">Of the record before it; -1 where that is not known.</param>
internal readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string Metadata);

/// <summary>The offsets of groups.</summary>
internal static class GroupOffsets
{
    /// <summary>Later versions of OffsetCommit name topics by id.</summary>
    public const short NewestByName = 9;

    /// <summary>The newest OffsetFetch that asks for one group; all brokers serve it.</summary>
    private const short NewestOfOneGroup = 7;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>What a group has committed; of all partitions where none are said.</summary>
    /// <exception cref="KafkaErrorException">The group does not tell.</exception>
    public static async Task<Dictionary<TopicPartition, CommittedOffset>> FetchAsync(
        ToolCluster cluster, string groupId, IReadOnlyCollection<TopicPartition>? partitions, CancellationToken cancellationToken)
    {
        var request = new OffsetFetchRequest
        {
            GroupId = groupId,
            RequireStable = true,
            Topics = partitions is null ? null : [.. partitions.GroupBy(partition => partition.Topic).Select(topic =>
                new OffsetFetchRequest.OffsetFetchRequestTopic { Name = topic.Key, PartitionIndexes = [.. topic.Select(each => each.Partition)] })],
        };
        var answer = await AskCoordinatorAsync(cluster, groupId, request, NewestOfOneGroup, ErrorOf, cancellationToken);
        var committed = new Dictionary<TopicPartition, CommittedOffset>();
        foreach (var topic in answer.Topics)
        {
            foreach (var partition in topic.Partitions.Where(each => each.CommittedOffset >= 0))
            {
                committed[new TopicPartition(topic.Name, partition.PartitionIndex)] =
                    new CommittedOffset(partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.Metadata ?? "");
            }
        }

        return committed;
    }

    /// <summary>Commits for a group without members.</summary>
    /// <exception cref="KafkaErrorException">The group does not take them: it has members.</exception>
    public static async Task CommitAsync(
        ToolCluster cluster, string groupId, IReadOnlyDictionary<TopicPartition, CommittedOffset> offsets, CancellationToken cancellationToken) =>
        await AskCoordinatorAsync(
            cluster,
            groupId,
            CommitRequest(groupId, offsets),
            NewestByName,
            answer => answer.Topics.SelectMany(topic => topic.Partitions).Select(partition => partition.ErrorCode).FirstOrDefault(error => error != ErrorCode.None),
            cancellationToken);

    public static OffsetCommitRequest CommitRequest(string groupId, IReadOnlyDictionary<TopicPartition, CommittedOffset> offsets) => new()
    {
        GroupId = groupId,
        GenerationIdOrMemberEpoch = -1,
        MemberId = "",
        RetentionTimeMs = -1,
        Topics = [.. offsets.GroupBy(each => each.Key.Topic).Select(topic => new OffsetCommitRequest.OffsetCommitRequestTopic
        {
            Name = topic.Key,
            Partitions = [.. topic.Select(each => new OffsetCommitRequest.OffsetCommitRequestPartition
            {
                PartitionIndex = each.Key.Partition,
                CommittedOffset = each.Value.Offset,
                CommittedLeaderEpoch = each.Value.LeaderEpoch,
                CommittedMetadata = each.Value.Metadata,
            })],
        })],
    };

    /// <summary>Asks a group's coordinator; again while it is only not ready.</summary>
    /// <param name="errorOf">The error in an answer that stands for all of it.</param>
    public static async Task<TResponse> AskCoordinatorAsync<TResponse>(
        ToolCluster cluster,
        string groupId,
        IRequestMessage<TResponse> request,
        short newest,
        Func<TResponse, ErrorCode> errorOf,
        CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var coordinator = await cluster.Brokers.CoordinatorAsync(CoordinatorKind.Group, groupId, ConnectionUse.Shared, cancellationToken);
                var answer = await cluster.AskAsync(coordinator, request, newest, cancellationToken);
                var error = errorOf(answer);
                return error == ErrorCode.None ? answer : throw KafkaErrors.Of(error, null);
            }
            catch (KafkaErrorException passing) when ((passing.IsPassing || passing.Error == ErrorCode.UnstableOffsetCommit)
                && passing.Error != ErrorCode.UnknownTopicOrPartition
                && TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private static ErrorCode ErrorOf(OffsetFetchResponse answer) => answer.ErrorCode != ErrorCode.None
        ? answer.ErrorCode
        : answer.Topics.SelectMany(topic => topic.Partitions).Select(partition => partition.ErrorCode).FirstOrDefault(error => error != ErrorCode.None);
}
