using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class BrokerHeartbeatApi
    : ControllerApi<BrokerHeartbeatCommand, BrokerHeartbeatReply, ControllerBrokerHeartbeatRequest, ControllerBrokerHeartbeatResponse>
{
    public override string ClusterIdOf(ControllerBrokerHeartbeatRequest request) => request.ClusterId;

    public override ControllerBrokerHeartbeatRequest RequestOf(BrokerHeartbeatCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        BrokerId = command.BrokerId,
        BrokerEpoch = command.BrokerEpoch,
        MetadataOffset = command.MetadataOffset,
        WantFence = command.WantFence,
        WantShutDown = command.WantShutDown,
    };

    public override BrokerHeartbeatCommand CommandOf(ControllerBrokerHeartbeatRequest request) =>
        new(request.BrokerId, request.BrokerEpoch, request.MetadataOffset, request.WantFence, request.WantShutDown);

    public override ControllerBrokerHeartbeatResponse ResponseOf(in ControllerAnswer<BrokerHeartbeatReply> answer) => new()
    {
        ErrorCode = answer.Reply?.ErrorCode ?? answer.Error,
        ErrorMessage = answer.Reply?.ErrorMessage ?? answer.Message,
        MetadataOffset = answer.MetadataOffset,
        IsCaughtUp = answer.Reply?.IsCaughtUp ?? false,
        IsFenced = answer.Reply?.IsFenced ?? true,
        ShouldShutDown = answer.Reply?.ShouldShutDown ?? false,
    };

    public override ControllerAnswer<BrokerHeartbeatReply> AnswerOf(ControllerBrokerHeartbeatResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new(response.ErrorCode, response.ErrorMessage)
            {
                IsCaughtUp = response.IsCaughtUp,
                IsFenced = response.IsFenced,
                ShouldShutDown = response.ShouldShutDown,
            },
            response.MetadataOffset);
}
