using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// OffsetCommit v2–10. Offsets of partitions that there are not are refused one by one (UNKNOWN_TOPIC_OR_PARTITION,
// v10 UNKNOWN_TOPIC_ID), the others go to the group. v2–4 may say how long to keep them. v7 static members.
internal sealed class OffsetCommitHandler(IMetadataAccess metadata, IGroupAccess groups)
    : ApiHandler<OffsetCommitRequest, OffsetCommitResponse>
{
    /// <summary>A thousand years: what a client may ask for has no bound, and counted from now it must still be a time.</summary>
    private const long LongestRetentionMs = 1000L * 366 * 24 * 60 * 60 * 1000;

    protected override async ValueTask<OffsetCommitResponse?> HandleAsync(OffsetCommitRequest request, RequestContext context)
    {
        var response = new OffsetCommitResponse();
        var commits = new List<TopicCommit>();
        // The answers still to come, in the order of the commits.
        var open = new List<OffsetCommitResponse.OffsetCommitResponsePartition>();
        var image = metadata.Image;
        foreach (var topic in request.Topics)
        {
            Translate(topic, context.ApiVersion, image, response, commits, open);
        }

        if (commits.Count == 0)
        {
            return response;
        }

        var command = new OffsetCommitCommand
        {
            GroupId = request.GroupId,
            GenerationIdOrMemberEpoch = request.GenerationIdOrMemberEpoch,
            MemberId = request.MemberId,
            KnowsMemberEpochs = context.ApiVersion >= 9,
            GroupInstanceId = request.GroupInstanceId,
            Retention = request.RetentionTimeMs >= 0
                ? TimeSpan.FromMilliseconds(Math.Min(request.RetentionTimeMs, LongestRetentionMs))
                : null,
            Topics = commits,
        };
        var reply = await groups.SubmitAsync(request.GroupId, command, context.Cancellation).ConfigureAwait(false);
        var next = 0;
        foreach (var topic in reply.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                open[next++].ErrorCode = partition.ErrorCode;
            }
        }

        return response;
    }

    private static void Translate(
        OffsetCommitRequest.OffsetCommitRequestTopic topic,
        short version,
        MetadataImage image,
        OffsetCommitResponse response,
        List<TopicCommit> commits,
        List<OffsetCommitResponse.OffsetCommitResponsePartition> open)
    {
        var isKnown = version >= 10 ? image.TryGetTopic(topic.TopicId, out var found) : image.TryGetTopic(topic.Name, out found);
        var answered = new OffsetCommitResponse.OffsetCommitResponseTopic { Name = topic.Name, TopicId = topic.TopicId };
        response.Topics.Add(answered);
        var valid = new List<PartitionCommit>();
        foreach (var partition in topic.Partitions)
        {
            var answer = new OffsetCommitResponse.OffsetCommitResponsePartition { PartitionIndex = partition.PartitionIndex };
            answered.Partitions.Add(answer);
            if (!isKnown)
            {
                answer.ErrorCode = version >= 10 ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
            }
            else if (found!.Partition(partition.PartitionIndex) is null)
            {
                answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
            }
            else
            {
                open.Add(answer);
                valid.Add(new PartitionCommit(
                    partition.PartitionIndex, partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.CommittedMetadata));
            }
        }

        if (valid.Count > 0)
        {
            commits.Add(new TopicCommit(found!.Name, valid));
        }
    }
}
