using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// OffsetForLeaderEpoch v2–4. Where a leader epoch ends in the leader's log. Errors are per partition.
internal sealed class OffsetForLeaderEpochHandler(IMetadataAccess metadata, IPartitionAccess partitions)
    : ApiHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>
{
    protected override async ValueTask<OffsetForLeaderEpochResponse?> HandleAsync(
        OffsetForLeaderEpochRequest request, RequestContext context)
    {
        var response = new OffsetForLeaderEpochResponse();
        foreach (var topic in request.Topics)
        {
            var answered = new OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult { Topic = topic.Topic };
            response.Topics.Add(answered);
            var isKnown = metadata.Image.TryGetTopic(topic.Topic, out var found);
            foreach (var partition in topic.Partitions)
            {
                var result = isKnown
                    ? await partitions.OffsetForLeaderEpochAsync(
                        new TopicIdPartition(found!.TopicId, partition.Partition),
                        partition.LeaderEpoch,
                        partition.CurrentLeaderEpoch).ConfigureAwait(false)
                    : new OffsetForLeaderEpochResult(ErrorCode.UnknownTopicOrPartition, -1, -1);
                answered.Partitions.Add(new()
                {
                    Partition = partition.Partition,
                    ErrorCode = result.Error,
                    LeaderEpoch = result.LeaderEpoch,
                    EndOffset = result.EndOffset,
                });
            }
        }

        return response;
    }
}
