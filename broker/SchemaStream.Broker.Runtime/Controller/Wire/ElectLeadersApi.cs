using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class ElectLeadersApi
    : ControllerApi<ElectLeadersCommand, ElectLeadersReply, ControllerElectLeadersRequest, ControllerElectLeadersResponse>
{
    public override string ClusterIdOf(ControllerElectLeadersRequest request) => request.ClusterId;

    public override ControllerElectLeadersRequest RequestOf(ElectLeadersCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        ElectionType = (sbyte)command.Type,
        Partitions = command.Partitions is { } partitions
            ? [.. partitions.Select(partition => new ControllerElectLeadersRequest.TopicPartition
            {
                Topic = partition.Topic,
                PartitionIndex = partition.Partition,
            })]
            : null,
    };

    public override ElectLeadersCommand CommandOf(ControllerElectLeadersRequest request) => new(
        (ElectionType)request.ElectionType,
        request.Partitions is { } partitions
            ? [.. partitions.Select(partition => new PartitionSelector(partition.Topic, partition.PartitionIndex))]
            : null);

    public override ControllerElectLeadersResponse ResponseOf(in ControllerAnswer<ElectLeadersReply> answer) => new()
    {
        ErrorCode = answer.Reply?.ErrorCode ?? answer.Error,
        ErrorMessage = answer.Reply?.ErrorMessage ?? answer.Message,
        MetadataOffset = answer.MetadataOffset,
        Partitions =
        [.. (answer.Reply?.Partitions ?? []).Select(partition => new ControllerElectLeadersResponse.PartitionResult
        {
            Topic = partition.Topic,
            PartitionIndex = partition.Partition,
            ErrorCode = partition.ErrorCode,
            ErrorMessage = partition.ErrorMessage,
        })],
    };

    public override ControllerAnswer<ElectLeadersReply> AnswerOf(ControllerElectLeadersResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new(
                response.ErrorCode,
                response.ErrorMessage,
                [.. response.Partitions.Select(partition => new PartitionResult(
                    partition.Topic, partition.PartitionIndex, partition.ErrorCode, partition.ErrorMessage))]),
            response.MetadataOffset);
}
