using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// AlterPartitionReassignments v0–1: moves partitions to other brokers, or (no brokers named) cancels such a move. Answered when
// the move is decided; ListPartitionReassignments tells when it is done. Errors are per partition, with words. From v1 a
// client can insist that the replication factor stays.
internal sealed class AlterPartitionReassignmentsHandler(IMetadataAccess metadata)
    : ApiHandler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>
{
    protected override async ValueTask<AlterPartitionReassignmentsResponse?> HandleAsync(
        AlterPartitionReassignmentsRequest request, RequestContext context)
    {
        var moves = request.Topics
            .SelectMany(topic => topic.Partitions.Select(partition => new PartitionReassignment(
                topic.Name, partition.PartitionIndex, partition.Replicas)))
            .ToList();
        var command = new AlterPartitionReassignmentsCommand(moves)
        {
            AllowReplicationFactorChange = request.AllowReplicationFactorChange,
        };
        var reply = await metadata.SubmitAsync(command, request.TimeoutMs, context).ConfigureAwait(false);
        var response = new AlterPartitionReassignmentsResponse
        {
            AllowReplicationFactorChange = request.AllowReplicationFactorChange,
            ErrorCode = reply.ErrorCode,
            ErrorMessage = reply.ErrorMessage,
        };
        foreach (var topic in reply.Partitions.GroupBy(partition => partition.Topic, StringComparer.Ordinal))
        {
            response.Responses.Add(new()
            {
                Name = topic.Key,
                Partitions =
                [.. topic.Select(partition => new AlterPartitionReassignmentsResponse.ReassignablePartitionResponse
                {
                    PartitionIndex = partition.Partition,
                    ErrorCode = partition.ErrorCode,
                    ErrorMessage = partition.ErrorMessage,
                })],
            });
        }

        return response;
    }
}
