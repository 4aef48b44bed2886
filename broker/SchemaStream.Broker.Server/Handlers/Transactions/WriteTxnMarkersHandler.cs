using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers.Transactions;

// WriteTxnMarkers v1–2. From a transaction's coordinator to the leaders of its partitions; answered once the markers are
// replicated, in the order of the request, which the coordinator relies on. v2 tells the producer's transaction version.
internal sealed class WriteTxnMarkersHandler(IMetadataAccess metadata, ITransactionMarkers markers)
    : ApiHandler<WriteTxnMarkersRequest, WriteTxnMarkersResponse>
{
    protected override async ValueTask<WriteTxnMarkersResponse?> HandleAsync(WriteTxnMarkersRequest request, RequestContext context)
    {
        context.IsExemptFromQuotas = true;

        // All at once: each may wait for replicas of its own.
        var results = await Task.WhenAll(request.Markers.Select(marker => WriteAsync(marker, context.Cancellation))).ConfigureAwait(false);
        var response = new WriteTxnMarkersResponse();
        foreach (var result in results)
        {
            response.Markers.Add(result);
        }

        return response;
    }

    private async Task<WriteTxnMarkersResponse.WritableTxnMarkerResult> WriteAsync(
        WriteTxnMarkersRequest.WritableTxnMarker asked, CancellationToken cancellationToken)
    {
        var image = metadata.Image;
        var partitions = new List<TopicIdPartition>();
        foreach (var topic in asked.Topics)
        {
            // One that is not known here is looked for in vain, and answered so.
            var topicId = image.TryGetTopic(topic.Name, out var known) ? known.TopicId : Guid.Empty;
            partitions.AddRange(topic.PartitionIndexes.Select(partition => new TopicIdPartition(topicId, partition)));
        }

        var marker = new TransactionMarker(
            asked.ProducerId, asked.ProducerEpoch, asked.CoordinatorEpoch, asked.TransactionResult, asked.TransactionVersion);
        var errors = await markers.WriteAsync(marker, partitions, cancellationToken).ConfigureAwait(false);
        var result = new WriteTxnMarkersResponse.WritableTxnMarkerResult { ProducerId = asked.ProducerId };
        var next = 0;
        foreach (var topic in asked.Topics)
        {
            var written = new WriteTxnMarkersResponse.WritableTxnMarkerTopicResult { Name = topic.Name };
            foreach (var partition in topic.PartitionIndexes)
            {
                written.Partitions.Add(new() { PartitionIndex = partition, ErrorCode = errors[next++] });
            }

            result.Topics.Add(written);
        }

        return result;
    }
}
