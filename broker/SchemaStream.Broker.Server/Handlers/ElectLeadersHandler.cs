using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// ElectLeaders v0–2: the preferred leader (all that v0 knows) or, from v1, an unclean one. Without partitions all are meant,
// and only those are answered where something changed or could not. Errors are per partition, with words; from v1 one for all.
internal sealed class ElectLeadersHandler(IMetadataAccess metadata) : ApiHandler<ElectLeadersRequest, ElectLeadersResponse>
{
    protected override async ValueTask<ElectLeadersResponse?> HandleAsync(ElectLeadersRequest request, RequestContext context)
    {
        var partitions = Partitions(request);
        if (!Enum.IsDefined((ElectionType)request.ElectionType))
        {
            // v0 has a place for errors at partitions only.
            return Answer(ErrorCode.InvalidRequest, (partitions ?? []).Select(partition => new PartitionResult(
                partition.Topic,
                partition.Partition,
                ErrorCode.InvalidRequest,
                $"ElectionType: expected 0 (preferred) or 1 (unclean), found {request.ElectionType}")));
        }

        var command = new ElectLeadersCommand((ElectionType)request.ElectionType, partitions);
        var reply = await metadata.SubmitAsync(command, request.TimeoutMs, context).ConfigureAwait(false);
        return reply.ErrorCode == ErrorCode.None
            ? Answer(ErrorCode.None, reply.Partitions)
            : Answer(reply.ErrorCode, (partitions ?? []).Select(partition => new PartitionResult(
                partition.Topic, partition.Partition, reply.ErrorCode, reply.ErrorMessage)));
    }

    /// <summary>Null for all; each one once, as a client may name it twice.</summary>
    private static List<PartitionSelector>? Partitions(ElectLeadersRequest request) => request.TopicPartitions is null
        ? null
        : [.. request.TopicPartitions
            .SelectMany(topic => topic.Partitions.Select(partition => new PartitionSelector(topic.Topic, partition)))
            .Distinct()];

    private static ElectLeadersResponse Answer(ErrorCode error, IEnumerable<PartitionResult> partitions)
    {
        var response = new ElectLeadersResponse { ErrorCode = error };
        foreach (var topic in partitions.GroupBy(partition => partition.Topic, StringComparer.Ordinal))
        {
            response.ReplicaElectionResults.Add(new()
            {
                Topic = topic.Key,
                PartitionResult =
                [.. topic.Select(partition => new ElectLeadersResponse.PartitionResult
                {
                    PartitionId = partition.Partition,
                    ErrorCode = partition.ErrorCode,
                    ErrorMessage = partition.ErrorMessage,
                })],
            });
        }

        return response;
    }
}
