using System.Collections.Immutable;
using System.Globalization;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Topics;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DescribeConfigs v1–4, of topics, of this broker, of the default of all brokers, of subscriptions to clients' metrics and
// of groups: each value with where it comes from, with its synonyms and (v3) its documentation if asked. Loggers have no
// configs here: their levels are set at the start. Errors are per resource, with words.
internal sealed class DescribeConfigsHandler(IMetadataAccess metadata, BrokerSettings settings)
    : ApiHandler<DescribeConfigsRequest, DescribeConfigsResponse>
{
    private static readonly ImmutableSortedDictionary<string, string> NoConfigs =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private readonly ResourceConfigs _resources = new(settings);

    protected override ValueTask<DescribeConfigsResponse?> HandleAsync(DescribeConfigsRequest request, RequestContext context)
    {
        var response = new DescribeConfigsResponse();
        foreach (var resource in request.Resources)
        {
            response.Results.Add((ConfigResourceType)resource.ResourceType switch
            {
                ConfigResourceType.Topic => DescribeTopic(resource, request),
                ConfigResourceType.Broker => DescribeBroker(resource, request),
                ConfigResourceType.BrokerLogger => DescribeLogger(resource, request),
                ConfigResourceType.ClientMetrics => DescribeClientMetrics(resource, request),
                ConfigResourceType.Group => DescribeGroup(resource, request),
                _ => Failed(resource, ErrorCode.InvalidRequest, $"Unsupported resource type: {resource.ResourceType}"),
            });
        }

        return ValueTask.FromResult<DescribeConfigsResponse?>(response);
    }

    private DescribeConfigsResponse.DescribeConfigsResult DescribeTopic(
        DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsRequest request)
    {
        var image = metadata.Image;
        if (image.TryGetTopic(resource.ResourceName, out var topic))
        {
            return Answer(resource, request, image.TopicDefaults.Describe(topic.ConfigOverrides));
        }

        return TopicNames.Validate(resource.ResourceName) is { } reason
            ? Failed(resource, ErrorCode.InvalidTopicException, reason)
            : Failed(resource, ErrorCode.UnknownTopicOrPartition, $"Topic '{resource.ResourceName}' is not known");
    }

    private DescribeConfigsResponse.DescribeConfigsResult DescribeBroker(
        DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsRequest request)
    {
        var configs = metadata.Image.BrokerConfigs;
        var common = configs.GetValueOrDefault("", NoConfigs);

        // Without a name: the defaults for all brokers that were set while they ran.
        if (resource.ResourceName.Length == 0)
        {
            return Answer(resource, request, BrokerSettings.DescribeCommon(common));
        }

        var own = configs.GetValueOrDefault(resource.ResourceName, NoConfigs);
        return IsThisBroker(resource)
            ? Answer(resource, request, settings.Describe(own, common), name => !BrokerConfigDefinitions.All.ContainsKey(name))
            : Failed(
                resource,
                ErrorCode.InvalidRequest,
                $"Unexpected broker id, expected {metadata.NodeId} or empty string, but received {resource.ResourceName}");
    }

    private DescribeConfigsResponse.DescribeConfigsResult DescribeLogger(
        DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsRequest request) =>
        resource.ResourceName.Length == 0 ? Failed(resource, ErrorCode.InvalidRequest, "Broker id must not be empty")
        : IsThisBroker(resource) ? Answer(resource, request, [])
        : Failed(
            resource,
            ErrorCode.InvalidRequest,
            $"Unexpected broker id, expected {metadata.NodeId} but received {resource.ResourceName}");

    private DescribeConfigsResponse.DescribeConfigsResult DescribeClientMetrics(
        DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsRequest request) =>
        resource.ResourceName.Length == 0
            ? Failed(resource, ErrorCode.InvalidRequest, "Client metrics subscription name must not be empty")
            : Answer(
                resource, request, ResourceConfigs.DescribeClientMetrics(metadata.Image.ClientMetrics.GetValueOrDefault(resource.ResourceName)));

    private DescribeConfigsResponse.DescribeConfigsResult DescribeGroup(
        DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsRequest request) =>
        resource.ResourceName.Length == 0
            ? Failed(resource, ErrorCode.InvalidRequest, "Group name must not be empty")
            : Answer(resource, request, _resources.DescribeGroup(metadata.Image.GroupConfigs.GetValueOrDefault(resource.ResourceName, NoConfigs)));

    private bool IsThisBroker(DescribeConfigsRequest.DescribeConfigsResource resource) =>
        resource.ResourceName == metadata.NodeId.ToString(CultureInfo.InvariantCulture);

    private static DescribeConfigsResponse.DescribeConfigsResult Answer(
        DescribeConfigsRequest.DescribeConfigsResource resource,
        DescribeConfigsRequest request,
        IReadOnlyList<TopicConfigEntry> entries,
        Func<string, bool>? isReadOnly = null)
    {
        var answer = new DescribeConfigsResponse.DescribeConfigsResult
        {
            ResourceType = resource.ResourceType,
            ResourceName = resource.ResourceName,
        };
        foreach (var entry in entries)
        {
            // No keys, in either form, are all keys, as in Kafka.
            if (resource.ConfigurationKeys is not { Count: > 0 } keys || keys.Contains(entry.Name))
            {
                answer.Configs.Add(Answer(entry, request, isReadOnly?.Invoke(entry.Name) ?? false));
            }
        }

        return answer;
    }

    private static DescribeConfigsResponse.DescribeConfigsResourceResult Answer(
        TopicConfigEntry entry, DescribeConfigsRequest request, bool isReadOnly)
    {
        // What nobody is to see is not there, as in Kafka.
        var isSensitive = entry.Type == ConfigType.Password;
        var answer = new DescribeConfigsResponse.DescribeConfigsResourceResult
        {
            Name = entry.Name,
            Value = isSensitive ? null : entry.Value,
            ReadOnly = isReadOnly,
            IsSensitive = isSensitive,
            ConfigSource = (sbyte)entry.Source,
            ConfigType = (sbyte)entry.Type,
            Documentation = request.IncludeDocumentation ? entry.Documentation : null,
        };
        if (request.IncludeSynonyms)
        {
            foreach (var synonym in entry.Synonyms)
            {
                answer.Synonyms.Add(new()
                {
                    Name = synonym.Name,
                    Value = isSensitive ? null : synonym.Value,
                    Source = (sbyte)synonym.Source,
                });
            }
        }

        return answer;
    }

    private static DescribeConfigsResponse.DescribeConfigsResult Failed(
        DescribeConfigsRequest.DescribeConfigsResource resource, ErrorCode error, string message) =>
        new()
        {
            ErrorCode = error,
            ErrorMessage = message,
            ResourceType = resource.ResourceType,
            ResourceName = resource.ResourceName,
        };
}
