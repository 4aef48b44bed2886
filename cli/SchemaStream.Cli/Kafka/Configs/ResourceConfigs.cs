using System.Globalization;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Groups;
using SchemaStream.Cli.Kafka.Topics;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Configs;

/// <summary>Settings of topics, brokers, their loggers, groups and client metrics.</summary>
internal sealed class ResourceConfigs(ToolCluster cluster)
{
    private static readonly Dictionary<string, ConfigEntity> Entities = new(StringComparer.Ordinal)
    {
        [ConfigTargets.Topics] = new("topic", 2), [ConfigTargets.Brokers] = new("broker", 4), [ConfigTargets.BrokerLoggers] = new("broker-logger", 8),
        [ConfigTargets.ClientMetrics] = new("client-metric", 16), [ConfigTargets.Groups] = new("group", 32),
    };

    private static readonly string[] Sources =
    [
        "UNKNOWN", "DYNAMIC_TOPIC_CONFIG", "DYNAMIC_BROKER_CONFIG", "DYNAMIC_DEFAULT_BROKER_CONFIG", "STATIC_BROKER_CONFIG", "DEFAULT_CONFIG",
        "DYNAMIC_BROKER_LOGGER_CONFIG", "DYNAMIC_CLIENT_METRICS_CONFIG", "DYNAMIC_GROUP_CONFIG",
    ];

    public async Task DescribeAsync(ConfigTargets targets, bool isAll, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var name in targets.Name is { } one ? [one] : await NamesAsync(targets.Type, cancellationToken))
        {
            var entity = Entities[targets.Type];
            var settings = await SettingsAsync(entity, name, cancellationToken);
            output.Write(name.Length == 0
                ? $"Default configs for {targets.Type} in the cluster are:\n"
                : $"{(isAll ? "All" : "Dynamic")} configs for {entity.Word} {name} are:\n");
            foreach (var setting in settings.Where(each => isAll || IsOwn(each, entity, name)).OrderBy(each => each.Name, StringComparer.Ordinal))
            {
                var synonyms = string.Join(", ", setting.Synonyms.Select(each => $"{Source(each.Source)}:{each.Name}={each.Value ?? "null"}"));
                output.Write($"  {setting.Name}={setting.Value ?? "null"} sensitive={(setting.IsSensitive ? "true" : "false")} synonyms={{{synonyms}}}\n");
            }
        }
    }

    public async Task AlterAsync(ConfigTargets targets, ConfigChanges changes, CancellationToken cancellationToken)
    {
        var (entity, name) = (Entities[targets.Type], targets.Name!);
        var settings = await SettingsAsync(entity, name, cancellationToken);
        if (targets.Type == ConfigTargets.BrokerLoggers)
        {
            var unknown = changes.Keys.Where(key => !settings.Exists(each => each.Name == key)).ToList();
            if (unknown.Count > 0)
            {
                throw new ToolFailedException($"Invalid broker logger(s): {string.Join(",", unknown)}");
            }
        }
        else
        {
            changes.RequireToDelete(key => settings.Exists(each => each.Name == key && IsOwn(each, entity, name)));
        }

        var request = new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = entity.ResourceType,
                    ResourceName = name,
                    Configs =
                    [
                        .. changes.Added.Select(pair => new IncrementalAlterConfigsRequest.AlterableConfig { Name = pair.Key, ConfigOperation = 0, Value = pair.Value }),
                        .. changes.Deleted.Select(key => new IncrementalAlterConfigsRequest.AlterableConfig { Name = key, ConfigOperation = 1, Value = null }),
                    ],
                },
            ],
        };
        var broker = await BrokerAsync(entity, name, cancellationToken);
        var result = (await cluster.AskAsync(broker, request, cancellationToken)).Responses[0];
        if (result.ErrorCode != ErrorCode.None)
        {
            throw new ToolFailedException(result.ErrorCode, result.ErrorMessage, $"The settings of {entity.Word} {name}");
        }
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string type, CancellationToken cancellationToken) => type switch
    {
        ConfigTargets.Topics => await new TopicAdministration(cluster).ListAsync(null, excludeInternal: false, cancellationToken),
        ConfigTargets.Brokers => [.. (await cluster.Brokers.DescribeAsync([], cancellationToken)).Brokers
            .Select(broker => broker.NodeId.ToString(CultureInfo.InvariantCulture)), ""],
        ConfigTargets.Groups => [.. (await new GroupAdministration(cluster).ListAsync(cancellationToken)).Select(group => group.GroupId)],
        _ => await ClientMetricsAsync(cancellationToken),
    };

    private async Task<IReadOnlyList<string>> ClientMetricsAsync(CancellationToken cancellationToken)
    {
        var resource = Entities[ConfigTargets.ClientMetrics].ResourceType;
        var answer = await cluster.AskAnyAsync(new ListConfigResourcesRequest { ResourceTypes = [resource] }, cancellationToken);
        Protocol.Client.KafkaErrorException.Require(answer.ErrorCode, "The client metrics");
        return [.. answer.ConfigResources.Where(each => each.ResourceType == resource).Select(each => each.ResourceName).Order(StringComparer.Ordinal)];
    }

    private async Task<List<DescribeConfigsResponse.DescribeConfigsResourceResult>> SettingsAsync(
        ConfigEntity entity, string name, CancellationToken cancellationToken)
    {
        var request = new DescribeConfigsRequest
        {
            IncludeSynonyms = true,
            Resources = [new() { ResourceType = entity.ResourceType, ResourceName = name, ConfigurationKeys = null }],
        };
        var broker = await BrokerAsync(entity, name, cancellationToken);
        var result = (await cluster.AskAsync(broker, request, cancellationToken)).Results[0];
        return result.ErrorCode == ErrorCode.None
            ? result.Configs
            : throw new ToolFailedException(result.ErrorCode, result.ErrorMessage, $"The settings of {entity.Word} {name}");
    }

    /// <summary>A broker answers for its own settings; for all others any does.</summary>
    private async Task<Protocol.Client.KafkaConnection> BrokerAsync(
        ConfigEntity entity, string name, CancellationToken cancellationToken)
    {
        if (entity.Word is not ("broker" or "broker-logger") || name.Length == 0)
        {
            return await cluster.Brokers.AnyAsync(cancellationToken);
        }

        await cluster.Brokers.DescribeAsync([], cancellationToken);
        return await cluster.Brokers.BrokerAsync(int.Parse(name, CultureInfo.InvariantCulture), ConnectionUse.Shared, cancellationToken);
    }

    private static bool IsOwn(DescribeConfigsResponse.DescribeConfigsResourceResult setting, ConfigEntity entity, string name) =>
        entity.Word == "broker-logger" || Source(setting.ConfigSource) == (entity.Word, name) switch
        {
            ("topic", _) => "DYNAMIC_TOPIC_CONFIG",
            ("broker", "") => "DYNAMIC_DEFAULT_BROKER_CONFIG",
            ("broker", _) => "DYNAMIC_BROKER_CONFIG",
            ("group", _) => "DYNAMIC_GROUP_CONFIG",
            _ => "DYNAMIC_CLIENT_METRICS_CONFIG",
        };

    private static string Source(sbyte source) => source > 0 && source < Sources.Length ? Sources[source] : Sources[0];

    private sealed record ConfigEntity(string Word, sbyte ResourceType);
}
