using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// UpdateFeatures v0–2: all features change or none, and there is one error for all. Without one, v0–1 name each feature.
internal sealed class UpdateFeaturesHandler(IMetadataAccess metadata) : ApiHandler<UpdateFeaturesRequest, UpdateFeaturesResponse>
{
    protected override async ValueTask<UpdateFeaturesResponse?> HandleAsync(UpdateFeaturesRequest request, RequestContext context)
    {
        var version = context.ApiVersion;
        var command = new UpdateFeaturesCommand(
            request.FeatureUpdates.ConvertAll(update => new FeatureUpdate(update.Feature, update.MaxVersionLevel, KindOf(update, version))),
            request.ValidateOnly);
        var reply = await metadata.SubmitAsync(command, request.TimeoutMs, context).ConfigureAwait(false);
        var response = new UpdateFeaturesResponse { ErrorCode = reply.ErrorCode, ErrorMessage = reply.ErrorMessage };
        if (reply.ErrorCode == ErrorCode.None && version <= 1)
        {
            foreach (var update in command.Updates)
            {
                response.Results.Add(new() { Feature = update.Feature });
            }
        }

        return response;
    }

    private static FeatureUpdateKind KindOf(UpdateFeaturesRequest.FeatureUpdateKey update, short version) =>
        version >= 1 ? (FeatureUpdateKind)update.UpgradeType
        : update.AllowDowngrade ? FeatureUpdateKind.SafeDowngrade
        : FeatureUpdateKind.Upgrade;
}
