using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// IncrementalAlterConfigs v0–1, of topics, brokers, groups and subscriptions to metrics: set, delete, append to and subtract from lists. All changes of one
// resource or none. Errors are per resource, with words.
internal sealed class IncrementalAlterConfigsHandler(IMetadataAccess metadata)
    : ApiHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>
{
    protected override async ValueTask<IncrementalAlterConfigsResponse?> HandleAsync(
        IncrementalAlterConfigsRequest request, RequestContext context)
    {
        var alterations = request.Resources.ConvertAll(resource => new ConfigAlteration(
            resource.ResourceType,
            resource.ResourceName,
            resource.Configs.ConvertAll(config => new ConfigChange(config.Name, (ConfigOperation)config.ConfigOperation, config.Value))));
        await ConfigAlterations.ApplyAsync(metadata, alterations, replaceAll: false, request.ValidateOnly, context).ConfigureAwait(false);
        var response = new IncrementalAlterConfigsResponse();
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
