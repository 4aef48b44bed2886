using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class AlterPartitionReassignmentsApi
    : ControllerApi<
        AlterPartitionReassignmentsCommand,
        AlterPartitionReassignmentsReply,
        ControllerAlterPartitionReassignmentsRequest,
        ControllerAlterPartitionReassignmentsResponse>
{
    public override string ClusterIdOf(ControllerAlterPartitionReassignmentsRequest request) => request.ClusterId;

    public override ControllerAlterPartitionReassignmentsRequest RequestOf(
        AlterPartitionReassignmentsCommand command, string clusterId) => new()
        {
            ClusterId = clusterId,
            AllowReplicationFactorChange = command.AllowReplicationFactorChange,
            Partitions =
            [.. command.Partitions.Select(partition => new ControllerAlterPartitionReassignmentsRequest.Reassignment
            {
                Topic = partition.Topic,
                PartitionIndex = partition.Partition,
                Replicas = partition.Replicas is { } replicas ? [.. replicas] : null,
            })],
        };

    public override AlterPartitionReassignmentsCommand CommandOf(ControllerAlterPartitionReassignmentsRequest request) => new(
        [.. request.Partitions.Select(partition => new PartitionReassignment(
            partition.Topic, partition.PartitionIndex, partition.Replicas is { } replicas ? [.. replicas] : null))])
    {
        AllowReplicationFactorChange = request.AllowReplicationFactorChange,
    };

    public override ControllerAlterPartitionReassignmentsResponse ResponseOf(
        in ControllerAnswer<AlterPartitionReassignmentsReply> answer) => new()
        {
            ErrorCode = answer.Reply?.ErrorCode ?? answer.Error,
            ErrorMessage = answer.Reply?.ErrorMessage ?? answer.Message,
            MetadataOffset = answer.MetadataOffset,
            Partitions =
            [.. (answer.Reply?.Partitions ?? []).Select(partition => new ControllerAlterPartitionReassignmentsResponse.PartitionResult
            {
                Topic = partition.Topic,
                PartitionIndex = partition.Partition,
                ErrorCode = partition.ErrorCode,
                ErrorMessage = partition.ErrorMessage,
            })],
        };

    public override ControllerAnswer<AlterPartitionReassignmentsReply> AnswerOf(
        ControllerAlterPartitionReassignmentsResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new(
                response.ErrorCode,
                response.ErrorMessage,
                [.. response.Partitions.Select(partition => new PartitionResult(
                    partition.Topic, partition.PartitionIndex, partition.ErrorCode, partition.ErrorMessage))]),
            response.MetadataOffset);
}
