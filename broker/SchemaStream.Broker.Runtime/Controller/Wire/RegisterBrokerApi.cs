using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class RegisterBrokerApi
    : ControllerApi<RegisterBrokerCommand, RegisterBrokerReply, ControllerRegisterBrokerRequest, ControllerRegisterBrokerResponse>
{
    public override string ClusterIdOf(ControllerRegisterBrokerRequest request) => request.ClusterId;

    public override ControllerRegisterBrokerRequest RequestOf(RegisterBrokerCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        BrokerId = command.BrokerId,
        IncarnationId = command.IncarnationId,
        DirectoryId = command.DirectoryId,
        WasCleanShutdown = command.PreviousShutdownWasClean,
        Endpoints =
        [.. command.Endpoints.Select(endpoint => new ControllerRegisterBrokerRequest.BrokerEndpoint
        {
            Listener = endpoint.Listener,
            Host = endpoint.Host,
            Port = (ushort)endpoint.Port,
            SecurityProtocol = endpoint.SecurityProtocol,
        })],
        Rack = command.Rack,
    };

    public override RegisterBrokerCommand CommandOf(ControllerRegisterBrokerRequest request) => new(
        request.BrokerId,
        request.IncarnationId,
        [.. request.Endpoints.Select(endpoint => new BrokerEndpoint(
            endpoint.Listener, endpoint.Host, endpoint.Port, endpoint.SecurityProtocol))],
        request.Rack)
    {
        DirectoryId = request.DirectoryId,
        PreviousShutdownWasClean = request.WasCleanShutdown,
    };

    public override ControllerRegisterBrokerResponse ResponseOf(in ControllerAnswer<RegisterBrokerReply> answer) => new()
    {
        ErrorCode = answer.Reply?.ErrorCode ?? answer.Error,
        ErrorMessage = answer.Reply?.ErrorMessage ?? answer.Message,
        MetadataOffset = answer.MetadataOffset,
        BrokerEpoch = answer.Reply?.BrokerEpoch ?? -1,
    };

    public override ControllerAnswer<RegisterBrokerReply> AnswerOf(ControllerRegisterBrokerResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(new(response.ErrorCode, response.ErrorMessage, response.BrokerEpoch), response.MetadataOffset);
}
