using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// OffsetDelete v0. Forgets commits of topics that the group is not subscribed to; the others are
// GROUP_SUBSCRIBED_TO_TOPIC, partition by partition.
internal sealed class OffsetDeleteHandler(IGroupAccess groups) : ApiHandler<OffsetDeleteRequest, OffsetDeleteResponse>
{
    protected override async ValueTask<OffsetDeleteResponse?> HandleAsync(OffsetDeleteRequest request, RequestContext context)
    {
        var topics = request.Topics.ConvertAll(topic =>
            new TopicPartitions(topic.Name, topic.Partitions.ConvertAll(partition => partition.PartitionIndex)));
        var command = new OffsetDeleteCommand(request.GroupId, topics);
        var reply = await groups.SubmitAsync(request.GroupId, command, context.Cancellation).ConfigureAwait(false);
        var response = new OffsetDeleteResponse { ErrorCode = reply.ErrorCode };
        if (reply.ErrorCode != ErrorCode.None)
        {
            return response;
        }

        foreach (var topic in reply.Topics)
        {
            var answered = new OffsetDeleteResponse.OffsetDeleteResponseTopic { Name = topic.Topic };
            response.Topics.Add(answered);
            foreach (var partition in topic.Partitions)
            {
                answered.Partitions.Add(new() { PartitionIndex = partition.Partition, ErrorCode = partition.ErrorCode });
            }
        }

        return response;
    }
}
