using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// OffsetFetch v1–10. v1–7 ask for one group, later versions for several; null topics (v2) ask for all there are.
// v1 has no error of the whole, so there it stands at every partition. v10 names topics by id; an id that is not known is
// UNKNOWN_TOPIC_ID at each of its partitions, and offsets of topics that are gone are left out.
internal sealed class OffsetFetchHandler(IMetadataAccess metadata, IGroupAccess groups)
    : ApiHandler<OffsetFetchRequest, OffsetFetchResponse>
{
    protected override async ValueTask<OffsetFetchResponse?> HandleAsync(OffsetFetchRequest request, RequestContext context)
    {
        if (context.ApiVersion < 8)
        {
            return await FetchOneAsync(request, context).ConfigureAwait(false);
        }

        var response = new OffsetFetchResponse();
        foreach (var group in request.Groups)
        {
            response.Groups.Add(await FetchAsync(group, request.RequireStable, context).ConfigureAwait(false));
        }

        return response;
    }

    private async ValueTask<OffsetFetchResponse> FetchOneAsync(OffsetFetchRequest request, RequestContext context)
    {
        var command = new OffsetFetchCommand
        {
            GroupId = request.GroupId,
            RequireStable = request.RequireStable,
            Topics = request.Topics?.ConvertAll(topic => new TopicPartitions(topic.Name, topic.PartitionIndexes)),
        };
        var reply = await groups.SubmitAsync(request.GroupId, command, context.Cancellation).ConfigureAwait(false);
        var response = new OffsetFetchResponse { ErrorCode = reply.ErrorCode };
        var topics = reply.ErrorCode != ErrorCode.None && context.ApiVersion < 2 ? FailAll(request, reply.ErrorCode) : reply.Topics;
        foreach (var topic in topics)
        {
            var answered = new OffsetFetchResponse.OffsetFetchResponseTopic { Name = topic.Topic };
            response.Topics.Add(answered);
            foreach (var partition in topic.Partitions)
            {
                answered.Partitions.Add(new()
                {
                    PartitionIndex = partition.Partition,
                    CommittedOffset = partition.CommittedOffset,
                    CommittedLeaderEpoch = partition.CommittedLeaderEpoch,
                    Metadata = partition.Metadata,
                    ErrorCode = partition.ErrorCode,
                });
            }
        }

        return response;
    }

    private static List<FetchedTopic> FailAll(OffsetFetchRequest request, ErrorCode error) =>
        (request.Topics ?? []).ConvertAll(topic => new FetchedTopic(
            topic.Name, topic.PartitionIndexes.ConvertAll(index => new FetchedOffset(index, -1, -1, "", error))));

    private async ValueTask<OffsetFetchResponse.OffsetFetchResponseGroup> FetchAsync(
        OffsetFetchRequest.OffsetFetchRequestGroup group, bool requireStable, RequestContext context)
    {
        var image = metadata.Image;
        var byId = context.ApiVersion >= 10;
        var answered = new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = group.GroupId };
        var command = new OffsetFetchCommand
        {
            GroupId = group.GroupId,
            MemberId = group.MemberId,
            MemberEpoch = group.MemberEpoch,
            RequireStable = requireStable,
            Topics = byId ? ResolveIds(group, image, answered)
                : group.Topics?.ConvertAll(topic => new TopicPartitions(topic.Name, topic.PartitionIndexes)),
        };
        var reply = await groups.SubmitAsync(group.GroupId, command, context.Cancellation).ConfigureAwait(false);
        answered.ErrorCode = reply.ErrorCode;
        if (reply.ErrorCode != ErrorCode.None)
        {
            answered.Topics.Clear();
            return answered;
        }

        foreach (var topic in reply.Topics)
        {
            var topicId = Guid.Empty;
            if (byId)
            {
                if (!image.TryGetTopic(topic.Topic, out var found))
                {
                    continue;
                }

                topicId = found.TopicId;
            }

            answered.Topics.Add(Answer(topic, topicId));
        }

        return answered;
    }

    /// <summary>The names of the ids that are known; the others are answered here.</summary>
    private static List<TopicPartitions>? ResolveIds(
        OffsetFetchRequest.OffsetFetchRequestGroup group,
        MetadataImage image,
        OffsetFetchResponse.OffsetFetchResponseGroup answered)
    {
        if (group.Topics is null)
        {
            return null;
        }

        var resolved = new List<TopicPartitions>();
        foreach (var topic in group.Topics)
        {
            if (image.TryGetTopic(topic.TopicId, out var found))
            {
                resolved.Add(new TopicPartitions(found.Name, topic.PartitionIndexes));
                continue;
            }

            var unknown = topic.PartitionIndexes.ConvertAll(index => new FetchedOffset(index, -1, -1, "", ErrorCode.UnknownTopicId));
            answered.Topics.Add(Answer(new FetchedTopic("", unknown), topic.TopicId));
        }

        return resolved;
    }

    private static OffsetFetchResponse.OffsetFetchResponseTopics Answer(FetchedTopic topic, Guid topicId)
    {
        var answered = new OffsetFetchResponse.OffsetFetchResponseTopics { Name = topic.Topic, TopicId = topicId };
        foreach (var partition in topic.Partitions)
        {
            answered.Partitions.Add(new()
            {
                PartitionIndex = partition.Partition,
                CommittedOffset = partition.CommittedOffset,
                CommittedLeaderEpoch = partition.CommittedLeaderEpoch,
                Metadata = partition.Metadata,
                ErrorCode = partition.ErrorCode,
            });
        }

        return answered;
    }
}
