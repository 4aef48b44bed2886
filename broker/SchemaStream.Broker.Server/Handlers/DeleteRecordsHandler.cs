using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DeleteRecords v0–2. Moves log start offsets forward. Errors are per partition.
internal sealed class DeleteRecordsHandler(IMetadataAccess metadata, IPartitionAccess partitions)
    : ApiHandler<DeleteRecordsRequest, DeleteRecordsResponse>
{
    protected override async ValueTask<DeleteRecordsResponse?> HandleAsync(DeleteRecordsRequest request, RequestContext context)
    {
        var response = new DeleteRecordsResponse();
        foreach (var topic in request.Topics)
        {
            var answered = new DeleteRecordsResponse.DeleteRecordsTopicResult { Name = topic.Name };
            response.Topics.Add(answered);
            foreach (var partition in topic.Partitions)
            {
                var result = await DeleteAsync(topic.Name, partition).ConfigureAwait(false);
                answered.Partitions.Add(new()
                {
                    PartitionIndex = partition.PartitionIndex,
                    ErrorCode = result.Error,
                    LowWatermark = result.LowWatermark,
                });
            }
        }

        return response;
    }

    private ValueTask<DeleteRecordsResult> DeleteAsync(string topicName, DeleteRecordsRequest.DeleteRecordsPartition partition)
    {
        if (InternalTopics.Contains(topicName))
        {
            return ValueTask.FromResult(new DeleteRecordsResult(ErrorCode.InvalidTopicException, -1));
        }

        return metadata.Image.TryGetTopic(topicName, out var topic)
            ? partitions.DeleteRecordsAsync(new TopicIdPartition(topic.TopicId, partition.PartitionIndex), partition.Offset)
            : ValueTask.FromResult(new DeleteRecordsResult(ErrorCode.UnknownTopicOrPartition, -1));
    }
}
