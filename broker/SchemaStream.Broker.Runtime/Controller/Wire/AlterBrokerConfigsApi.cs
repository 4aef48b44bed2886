using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class AlterBrokerConfigsApi
    : ControllerApi<AlterBrokerConfigsCommand, AlterBrokerConfigsReply, ControllerAlterBrokerConfigsRequest, ControllerAlterBrokerConfigsResponse>
{
    public override string ClusterIdOf(ControllerAlterBrokerConfigsRequest request) => request.ClusterId;

    public override ControllerAlterBrokerConfigsRequest RequestOf(AlterBrokerConfigsCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        Brokers =
        [.. command.Brokers.Select(broker => new ControllerAlterBrokerConfigsRequest.AlteredBroker
        {
            Name = broker.Broker,
            Changes =
            [.. broker.Changes.Select(change => new ControllerAlterBrokerConfigsRequest.ConfigChange
            {
                Name = change.Key,
                Operation = (sbyte)change.Operation,
                Value = change.Value,
            })],
            ReplaceAll = broker.ReplaceAll,
        })],
        ValidateOnly = command.ValidateOnly,
    };

    public override AlterBrokerConfigsCommand CommandOf(ControllerAlterBrokerConfigsRequest request) => new(
        [.. request.Brokers.Select(broker => new BrokerConfigAlteration(
            broker.Name,
            [.. broker.Changes.Select(change => new ConfigChange(change.Name, (ConfigOperation)change.Operation, change.Value))],
            broker.ReplaceAll))],
        request.ValidateOnly);

    public override ControllerAlterBrokerConfigsResponse ResponseOf(in ControllerAnswer<AlterBrokerConfigsReply> answer) => new()
    {
        ErrorCode = answer.Error,
        ErrorMessage = answer.Message,
        MetadataOffset = answer.MetadataOffset,
        Brokers =
        [.. (answer.Reply?.Brokers ?? []).Select(broker => new ControllerAlterBrokerConfigsResponse.BrokerResult
        {
            Name = broker.Broker,
            ErrorCode = broker.ErrorCode,
            ErrorMessage = broker.ErrorMessage,
        })],
    };

    public override ControllerAnswer<AlterBrokerConfigsReply> AnswerOf(ControllerAlterBrokerConfigsResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new([.. response.Brokers.Select(broker => new BrokerConfigResult(broker.Name, broker.ErrorCode, broker.ErrorMessage))]),
            response.MetadataOffset);
}
