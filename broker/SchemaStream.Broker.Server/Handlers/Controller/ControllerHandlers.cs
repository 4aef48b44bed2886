using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Controller.Wire;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Handlers.Controller;

/// <summary>What brokers ask of the active controller: for the controller's listener alone.</summary>
public static class ControllerHandlers
{
    public static IReadOnlyList<ApiHandler> Create(IControllerAccess controller) =>
    [
        Of(controller, ControllerApis.RegisterBroker),
        Of(controller, ControllerApis.BrokerHeartbeat),
        Of(controller, ControllerApis.AlterPartition),
        Of(controller, ControllerApis.AllocateProducerIds),
        Of(controller, ControllerApis.CreateTopics),
        Of(controller, ControllerApis.DeleteTopics),
        Of(controller, ControllerApis.CreatePartitions),
        Of(controller, ControllerApis.AlterTopicConfigs),
        Of(controller, ControllerApis.AlterBrokerConfigs),
        Of(controller, ControllerApis.ElectLeaders),
        Of(controller, ControllerApis.AlterPartitionReassignments),
        Of(controller, ControllerApis.UnregisterBroker),
        Of(controller, ControllerApis.UpdateFeatures),
        Of(controller, ControllerApis.AlterClientQuotas),
        Of(controller, ControllerApis.AlterResourceConfigs),
        Of(controller, ControllerApis.AlterScramCredentials),
    ];

    private static ControllerCommandHandler<TCommand, TReply, TRequest, TResponse> Of<TCommand, TReply, TRequest, TResponse>(
        IControllerAccess controller, ControllerApi<TCommand, TReply, TRequest, TResponse> api)
        where TCommand : ControllerCommand<TReply>
        where TReply : class
        where TRequest : class, IRequestMessage<TResponse>, IApiMessage, new()
        where TResponse : class, IResponseMessage, IApiMessage, new() => new(controller, api);
}
