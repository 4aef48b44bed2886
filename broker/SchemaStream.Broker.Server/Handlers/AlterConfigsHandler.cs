using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// AlterConfigs v0–2, of topics, brokers, groups and subscriptions to metrics: what is not set goes back to its default. Errors are per resource, with words.
internal sealed class AlterConfigsHandler(IMetadataAccess metadata) : ApiHandler<AlterConfigsRequest, AlterConfigsResponse>
{
    protected override async ValueTask<AlterConfigsResponse?> HandleAsync(AlterConfigsRequest request, RequestContext context)
    {
        var alterations = request.Resources.ConvertAll(resource => new ConfigAlteration(
            resource.ResourceType,
            resource.ResourceName,
            resource.Configs.ConvertAll(config => new ConfigChange(config.Name, ConfigOperation.Set, config.Value))));
        await ConfigAlterations.ApplyAsync(metadata, alterations, replaceAll: true, request.ValidateOnly, context).ConfigureAwait(false);
        var response = new AlterConfigsResponse();
        foreach (var alteration in alterations)
        {
            response.Responses.Add(new()
            {
                ErrorCode = alteration.Error,
                ErrorMessage = alteration.Message,
                ResourceType = alteration.ResourceType,
                ResourceName = alteration.ResourceName,
            });
        }

        return response;
    }
}
