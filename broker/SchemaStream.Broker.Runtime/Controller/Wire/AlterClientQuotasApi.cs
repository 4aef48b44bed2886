using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class AlterClientQuotasApi
    : ControllerApi<AlterClientQuotasCommand, AlterClientQuotasReply, ControllerAlterClientQuotasRequest, ControllerAlterClientQuotasResponse>
{
    public override string ClusterIdOf(ControllerAlterClientQuotasRequest request) => request.ClusterId;

    public override ControllerAlterClientQuotasRequest RequestOf(AlterClientQuotasCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        Entities =
        [.. command.Entities.Select(entity => new ControllerAlterClientQuotasRequest.AlteredEntity
        {
            Parts =
            [.. entity.Entity.Select(part => new ControllerAlterClientQuotasRequest.EntityPart { Type = part.Type, Name = part.Name })],
            Changes =
            [.. entity.Changes.Select(change => new ControllerAlterClientQuotasRequest.QuotaChange
            {
                Key = change.Key,
                Value = change.Value ?? 0,
                Remove = change.Value is null,
            })],
        })],
        ValidateOnly = command.ValidateOnly,
    };

    public override AlterClientQuotasCommand CommandOf(ControllerAlterClientQuotasRequest request) => new(
        request.Entities.ConvertAll(entity => new ClientQuotaAlteration(
            entity.Parts.ConvertAll(part => new QuotaEntityPart(part.Type, part.Name)),
            entity.Changes.ConvertAll(change => new QuotaChange(change.Key, change.Remove ? null : change.Value)))),
        request.ValidateOnly);

    public override ControllerAlterClientQuotasResponse ResponseOf(in ControllerAnswer<AlterClientQuotasReply> answer) => new()
    {
        ErrorCode = answer.Error,
        ErrorMessage = answer.Message,
        MetadataOffset = answer.MetadataOffset,
        Entities =
        [.. (answer.Reply?.Entities ?? []).Select(entity => new ControllerAlterClientQuotasResponse.EntityResult
        {
            ErrorCode = entity.ErrorCode,
            ErrorMessage = entity.ErrorMessage,
        })],
    };

    public override ControllerAnswer<AlterClientQuotasReply> AnswerOf(ControllerAlterClientQuotasResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new(response.Entities.ConvertAll(entity => new ClientQuotaResult(entity.ErrorCode, entity.ErrorMessage))),
            response.MetadataOffset);
}
