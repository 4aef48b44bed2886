using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

// DescribeProducers v0. What the leaders of partitions remember of idempotent and transactional producers; errors are per
// partition. How a hanging transaction is found.
internal sealed class DescribeProducersHandler(IMetadataAccess metadata, IPartitionAccess partitions)
    : ApiHandler<DescribeProducersRequest, DescribeProducersResponse>
{
    protected override async ValueTask<DescribeProducersResponse?> HandleAsync(
        DescribeProducersRequest request, RequestContext context)
    {
        var response = new DescribeProducersResponse();
        var image = metadata.Image;
        foreach (var topic in request.Topics)
        {
            var isKnown = image.TryGetTopic(topic.Name, out var found);
            var answered = new DescribeProducersResponse.TopicResponse { Name = topic.Name };
            response.Topics.Add(answered);
            foreach (var partition in topic.PartitionIndexes)
            {
                var described = isKnown
                    ? await partitions.DescribeProducersAsync(new TopicIdPartition(found!.TopicId, partition)).ConfigureAwait(false)
                    : new DescribeProducersResult(ErrorCode.UnknownTopicOrPartition, []);
                answered.Partitions.Add(Answer(partition, described));
            }
        }

        return response;
    }

    private static DescribeProducersResponse.PartitionResponse Answer(int partition, in DescribeProducersResult described)
    {
        var answer = new DescribeProducersResponse.PartitionResponse { PartitionIndex = partition, ErrorCode = described.Error };
        foreach (var producer in described.Producers)
        {
            answer.ActiveProducers.Add(new()
            {
                ProducerId = producer.ProducerId,
                ProducerEpoch = producer.ProducerEpoch,
                LastSequence = producer.LastSequence,
                LastTimestamp = producer.LastTimestampMs,
                CoordinatorEpoch = producer.CoordinatorEpoch,
                CurrentTxnStartOffset = producer.CurrentTransactionStartOffset,
            });
        }

        return answer;
    }
}
