using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class AlterResourceConfigsApi
    : ControllerApi<AlterResourceConfigsCommand, AlterResourceConfigsReply, ControllerAlterResourceConfigsRequest, ControllerAlterResourceConfigsResponse>
{
    public override string ClusterIdOf(ControllerAlterResourceConfigsRequest request) => request.ClusterId;

    public override ControllerAlterResourceConfigsRequest RequestOf(AlterResourceConfigsCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        ResourceType = (sbyte)command.Resource,
        Resources =
        [.. command.Resources.Select(resource => new ControllerAlterResourceConfigsRequest.AlteredResource
        {
            Name = resource.Name,
            Changes =
            [.. resource.Changes.Select(change => new ControllerAlterResourceConfigsRequest.ConfigChange
            {
                Name = change.Key,
                Operation = (sbyte)change.Operation,
                Value = change.Value,
            })],
            ReplaceAll = resource.ReplaceAll,
        })],
        ValidateOnly = command.ValidateOnly,
    };

    public override AlterResourceConfigsCommand CommandOf(ControllerAlterResourceConfigsRequest request) => new(
        (ConfigResource)request.ResourceType,
        [.. request.Resources.Select(resource => new ResourceConfigAlteration(
            resource.Name,
            [.. resource.Changes.Select(change => new ConfigChange(change.Name, (ConfigOperation)change.Operation, change.Value))],
            resource.ReplaceAll))],
        request.ValidateOnly);

    public override ControllerAlterResourceConfigsResponse ResponseOf(in ControllerAnswer<AlterResourceConfigsReply> answer) => new()
    {
        ErrorCode = answer.Error,
        ErrorMessage = answer.Message,
        MetadataOffset = answer.MetadataOffset,
        Resources =
        [.. (answer.Reply?.Resources ?? []).Select(resource => new ControllerAlterResourceConfigsResponse.ResourceResult
        {
            Name = resource.Name,
            ErrorCode = resource.ErrorCode,
            ErrorMessage = resource.ErrorMessage,
        })],
    };

    public override ControllerAnswer<AlterResourceConfigsReply> AnswerOf(ControllerAlterResourceConfigsResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new([.. response.Resources.Select(resource => new ResourceConfigResult(resource.Name, resource.ErrorCode, resource.ErrorMessage))]),
            response.MetadataOffset);
}
