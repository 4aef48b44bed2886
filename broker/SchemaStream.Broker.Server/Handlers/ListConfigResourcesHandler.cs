using System.Globalization;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// ListConfigResources v0–1: the names of what has configs. v0 knows subscriptions to clients' metrics only; from v1 on a
// request names the types, or none for all. A type that there is not is UNSUPPORTED_VERSION for all.
internal sealed class ListConfigResourcesHandler(IMetadataAccess metadata)
    : ApiHandler<ListConfigResourcesRequest, ListConfigResourcesResponse>
{
    private static readonly sbyte[] AllTypes = [.. Enum.GetValues<ConfigResourceType>().Select(type => (sbyte)type)];

    protected override ValueTask<ListConfigResourcesResponse?> HandleAsync(ListConfigResourcesRequest request, RequestContext context)
    {
        IReadOnlyCollection<sbyte> types = context.ApiVersion == 0 ? [(sbyte)ConfigResourceType.ClientMetrics]
            : request.ResourceTypes.Count == 0 ? AllTypes
            : request.ResourceTypes.ToHashSet();
        var response = new ListConfigResourcesResponse();
        if (types.Any(type => !AllTypes.Contains(type)))
        {
            response.ErrorCode = ErrorCode.UnsupportedVersion;
            return ValueTask.FromResult<ListConfigResourcesResponse?>(response);
        }

        var image = metadata.Image;
        foreach (var type in types)
        {
            foreach (var name in NamesOf(image, (ConfigResourceType)type))
            {
                response.ConfigResources.Add(new() { ResourceName = name, ResourceType = type });
            }
        }

        return ValueTask.FromResult<ListConfigResourcesResponse?>(response);
    }

    private static IEnumerable<string> NamesOf(MetadataImage image, ConfigResourceType type) => type switch
    {
        ConfigResourceType.Topic => image.TopicsByName.Keys.Order(StringComparer.Ordinal),
        ConfigResourceType.ClientMetrics => image.ClientMetrics.Keys,
        ConfigResourceType.Group => image.GroupConfigs.Keys,
        _ => image.Brokers.Values.Where(broker => !broker.Fenced).Select(broker => broker.BrokerId.ToString(CultureInfo.InvariantCulture)),
    };
}
