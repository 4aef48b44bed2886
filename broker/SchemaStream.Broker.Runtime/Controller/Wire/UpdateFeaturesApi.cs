using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class UpdateFeaturesApi
    : ControllerApi<UpdateFeaturesCommand, UpdateFeaturesReply, ControllerUpdateFeaturesRequest, ControllerUpdateFeaturesResponse>
{
    public override string ClusterIdOf(ControllerUpdateFeaturesRequest request) => request.ClusterId;

    public override ControllerUpdateFeaturesRequest RequestOf(UpdateFeaturesCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        Updates =
        [.. command.Updates.Select(update => new ControllerUpdateFeaturesRequest.FeatureUpdate
        {
            Feature = update.Feature,
            Level = update.Level,
            UpgradeType = (sbyte)update.Kind,
        })],
        ValidateOnly = command.ValidateOnly,
    };

    public override UpdateFeaturesCommand CommandOf(ControllerUpdateFeaturesRequest request) => new(
        request.Updates.ConvertAll(update => new FeatureUpdate(update.Feature, update.Level, (FeatureUpdateKind)update.UpgradeType)),
        request.ValidateOnly);

    public override ControllerUpdateFeaturesResponse ResponseOf(in ControllerAnswer<UpdateFeaturesReply> answer) => new()
    {
        ErrorCode = answer.Reply?.ErrorCode ?? answer.Error,
        ErrorMessage = answer.Reply?.ErrorMessage ?? answer.Message,
        MetadataOffset = answer.MetadataOffset,
    };

    public override ControllerAnswer<UpdateFeaturesReply> AnswerOf(ControllerUpdateFeaturesResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(new(response.ErrorCode, response.ErrorMessage), response.MetadataOffset);
}
