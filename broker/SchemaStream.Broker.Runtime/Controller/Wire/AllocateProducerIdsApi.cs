using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class AllocateProducerIdsApi
    : ControllerApi<AllocateProducerIdsCommand, AllocateProducerIdsReply, ControllerAllocateProducerIdsRequest, ControllerAllocateProducerIdsResponse>
{
    public override string ClusterIdOf(ControllerAllocateProducerIdsRequest request) => request.ClusterId;

    public override ControllerAllocateProducerIdsRequest RequestOf(AllocateProducerIdsCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        BrokerId = command.BrokerId,
        BrokerEpoch = command.BrokerEpoch,
    };

    public override AllocateProducerIdsCommand CommandOf(ControllerAllocateProducerIdsRequest request) =>
        new(request.BrokerId, request.BrokerEpoch);

    public override ControllerAllocateProducerIdsResponse ResponseOf(in ControllerAnswer<AllocateProducerIdsReply> answer) => new()
    {
        ErrorCode = answer.Reply?.ErrorCode ?? answer.Error,
        ErrorMessage = answer.Reply?.ErrorMessage ?? answer.Message,
        MetadataOffset = answer.MetadataOffset,
        FirstProducerId = answer.Reply?.FirstProducerId ?? -1,
        Count = answer.Reply?.Count ?? 0,
    };

    public override ControllerAnswer<AllocateProducerIdsReply> AnswerOf(ControllerAllocateProducerIdsResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new(response.ErrorCode, response.ErrorMessage, response.FirstProducerId, response.Count), response.MetadataOffset);
}
