using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DescribeTopicPartitions v0: partitions page by page, topics in the order of their names; no names mean all topics. Besides
// what Metadata tells there are the eligible leader replicas (KIP-966). A cursor whose topic was not asked for is
// INVALID_REQUEST, and this response has no place for that but a topic's error.
internal sealed class DescribeTopicPartitionsHandler(IMetadataAccess metadata)
    : ApiHandler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>
{
    /// <summary>Kafka's max.request.partition.size.limit.</summary>
    private const int MostPartitions = 2000;

    protected override ValueTask<DescribeTopicPartitionsResponse?> HandleAsync(
        DescribeTopicPartitionsRequest request, RequestContext context)
    {
        var image = metadata.Image;
        var isAll = request.Topics.Count == 0;
        var asked = isAll ? image.TopicsByName.Keys : request.Topics.Select(topic => topic.Name);
        var response = new DescribeTopicPartitionsResponse();
        if (request.Cursor is { } outside && !isAll && request.Topics.TrueForAll(topic => topic.Name != outside.TopicName))
        {
            response.Topics.Add(new() { Name = outside.TopicName, ErrorCode = ErrorCode.InvalidRequest });
            return ValueTask.FromResult<DescribeTopicPartitionsResponse?>(response);
        }

        var first = request.Cursor?.TopicName ?? "";
        var names = asked.Where(name => string.CompareOrdinal(name, first) >= 0).Distinct().Order(StringComparer.Ordinal);
        var left = Math.Clamp(request.ResponsePartitionLimit, 1, MostPartitions);
        foreach (var name in names)
        {
            if (left == 0)
            {
                response.NextCursor = new() { TopicName = name, PartitionIndex = 0 };
                break;
            }

            var start = name == request.Cursor?.TopicName ? Math.Max(0, request.Cursor.PartitionIndex) : 0;
            left -= Describe(response, image, name, start, left, context.ListenerName);
            if (response.NextCursor is not null)
            {
                break;
            }
        }

        return ValueTask.FromResult<DescribeTopicPartitionsResponse?>(response);
    }

    /// <summary>Adds so many partitions of the topic, the place to go on where there are more, and returns how many it added.</summary>
    private static int Describe(
        DescribeTopicPartitionsResponse response, MetadataImage image, string name, int start, int limit, string listenerName)
    {
        if (!image.TryGetTopic(name, out var topic))
        {
            response.Topics.Add(new()
            {
                Name = name,
                ErrorCode = ClusterView.UnknownTopicError(name),
                IsInternal = InternalTopics.Contains(name),
            });
            return 0;
        }

        var described = new DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic
        {
            Name = topic.Name,
            TopicId = topic.TopicId,
            IsInternal = InternalTopics.Contains(topic.Name),
            TopicAuthorizedOperations = AuthorizedOperations.OfTopic,
        };
        var end = Math.Min((long)start + limit, topic.Partitions.Length);
        for (var index = start; index < end; index++)
        {
            described.Partitions.Add(Describe(index, topic.Partitions[index], image, listenerName));
        }

        if (end < topic.Partitions.Length)
        {
            response.NextCursor = new() { TopicName = topic.Name, PartitionIndex = (int)end };
        }

        response.Topics.Add(described);
        return described.Partitions.Count;
    }

    private static DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition Describe(
        int index, PartitionRegistration partition, MetadataImage image, string listenerName)
    {
        var error = ClusterView.LeaderError(image, partition, listenerName, tellsListener: true);
        return new()
        {
            PartitionIndex = index,
            ErrorCode = error,
            LeaderId = error == ErrorCode.None ? partition.Leader : PartitionRegistration.NoLeader,
            LeaderEpoch = partition.LeaderEpoch,
            ReplicaNodes = [.. partition.Replicas],
            IsrNodes = [.. partition.Isr],
            EligibleLeaderReplicas = [.. partition.Elr],
            LastKnownElr = [.. partition.LastKnownElr],
            OfflineReplicas = [.. partition.Replicas.Where(replica => ClusterView.Endpoint(image, replica, listenerName) is null)],
        };
    }
}
