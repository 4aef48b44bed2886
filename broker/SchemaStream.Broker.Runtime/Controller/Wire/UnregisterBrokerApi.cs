using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class UnregisterBrokerApi
    : ControllerApi<UnregisterBrokerCommand, BrokerStateReply, ControllerUnregisterBrokerRequest, ControllerUnregisterBrokerResponse>
{
    public override string ClusterIdOf(ControllerUnregisterBrokerRequest request) => request.ClusterId;

    public override ControllerUnregisterBrokerRequest RequestOf(UnregisterBrokerCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        BrokerId = command.BrokerId,
    };

    public override UnregisterBrokerCommand CommandOf(ControllerUnregisterBrokerRequest request) => new(request.BrokerId);

    public override ControllerUnregisterBrokerResponse ResponseOf(in ControllerAnswer<BrokerStateReply> answer) => new()
    {
        ErrorCode = answer.Reply?.ErrorCode ?? answer.Error,
        ErrorMessage = answer.Reply?.ErrorMessage ?? answer.Message,
        MetadataOffset = answer.MetadataOffset,
    };

    public override ControllerAnswer<BrokerStateReply> AnswerOf(ControllerUnregisterBrokerResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(new(response.ErrorCode, response.ErrorMessage), response.MetadataOffset);
}
