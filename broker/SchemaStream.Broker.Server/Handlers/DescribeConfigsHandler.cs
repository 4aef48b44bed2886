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

// DescribeConfigs v1–4, of topics and of this broker: each value with where it comes from, with its synonyms and (v3) its
// documentation if asked. Errors are per resource, with words; other kinds of resources are INVALID_REQUEST.
internal sealed class DescribeConfigsHandler(IMetadataAccess metadata, BrokerSettings settings)
    : ApiHandler<DescribeConfigsRequest, DescribeConfigsResponse>
{
    protected override ValueTask<DescribeConfigsResponse?> HandleAsync(DescribeConfigsRequest request, RequestContext context)
    {
        var response = new DescribeConfigsResponse();
        foreach (var resource in request.Resources)
        {
            response.Results.Add((ConfigResourceType)resource.ResourceType switch
            {
                ConfigResourceType.Topic => DescribeTopic(resource, request),
                ConfigResourceType.Broker => DescribeBroker(resource, request),
                _ => Failed(
                    resource,
                    ErrorCode.InvalidRequest,
                    $"ResourceType: expected 2 (topic) or 4 (broker), found {resource.ResourceType}"),
            });
        }

        return ValueTask.FromResult<DescribeConfigsResponse?>(response);
    }

    private DescribeConfigsResponse.DescribeConfigsResult DescribeTopic(
        DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsRequest request)
    {
        if (metadata.Image.TryGetTopic(resource.ResourceName, out var topic))
        {
            return Answer(resource, request, settings.TopicDefaults.Describe(topic.ConfigOverrides), isReadOnly: _ => false);
        }

        return TopicNames.Validate(resource.ResourceName) is { } reason
            ? Failed(resource, ErrorCode.InvalidTopicException, reason)
            : Failed(resource, ErrorCode.UnknownTopicOrPartition, $"Topic '{resource.ResourceName}' is not known");
    }

    private DescribeConfigsResponse.DescribeConfigsResult DescribeBroker(
        DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsRequest request)
    {
        var configs = metadata.Image.BrokerConfigs;
        var common = configs.GetValueOrDefault("", ImmutableSortedDictionary<string, string>.Empty);

        // Without a name: the defaults for all brokers that were set while they ran.
        if (resource.ResourceName.Length == 0)
        {
            return Answer(resource, request, BrokerSettings.DescribeCommon(common), isReadOnly: _ => false);
        }

        var own = configs.GetValueOrDefault(resource.ResourceName, ImmutableSortedDictionary<string, string>.Empty);
        return resource.ResourceName == metadata.NodeId.ToString(CultureInfo.InvariantCulture)
            ? Answer(resource, request, settings.Describe(own, common), name => !BrokerConfigDefinitions.All.ContainsKey(name))
            : Failed(
                resource,
                ErrorCode.InvalidRequest,
                $"ResourceName: expected the id of the broker that is asked ({metadata.NodeId}) or nothing, found '{resource.ResourceName}'");
    }

    private static DescribeConfigsResponse.DescribeConfigsResult Answer(
        DescribeConfigsRequest.DescribeConfigsResource resource,
        DescribeConfigsRequest request,
        IReadOnlyList<TopicConfigEntry> entries,
        Func<string, bool> isReadOnly)
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
                answer.Configs.Add(Answer(entry, request, isReadOnly(entry.Name)));
            }
        }

        return answer;
    }

    private static DescribeConfigsResponse.DescribeConfigsResourceResult Answer(
        TopicConfigEntry entry, DescribeConfigsRequest request, bool isReadOnly)
    {
        var answer = new DescribeConfigsResponse.DescribeConfigsResourceResult
        {
            Name = entry.Name,
            Value = entry.Value,
            ReadOnly = isReadOnly,
            ConfigSource = (sbyte)entry.Source,
            ConfigType = (sbyte)entry.Type,
            Documentation = request.IncludeDocumentation ? entry.Documentation : null,
        };
        if (request.IncludeSynonyms)
        {
            foreach (var synonym in entry.Synonyms)
            {
                answer.Synonyms.Add(new() { Name = synonym.Name, Value = synonym.Value, Source = (sbyte)synonym.Source });
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
