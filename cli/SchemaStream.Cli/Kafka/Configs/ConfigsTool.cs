using System.Globalization;
using System.Text.RegularExpressions;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Cli.Kafka.Topics;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Kafka.Configs;

/// <summary><c>kafka-configs</c>, for topics, brokers, groups and client metrics.</summary>
internal sealed partial class ConfigsTool : IKafkaTool
{
    private static readonly Dictionary<string, ConfigEntity> Entities = new(StringComparer.Ordinal)
    {
        ["topics"] = new("topic", 2), ["brokers"] = new("broker", 4), ["client-metrics"] = new("client-metric", 16), ["groups"] = new("group", 32),
    };

    private static readonly string[] Sources =
    [
        "UNKNOWN", "DYNAMIC_TOPIC_CONFIG", "DYNAMIC_BROKER_CONFIG", "DYNAMIC_DEFAULT_BROKER_CONFIG", "STATIC_BROKER_CONFIG", "DEFAULT_CONFIG",
        "DYNAMIC_BROKER_LOGGER_CONFIG", "DYNAMIC_CLIENT_METRICS_CONFIG", "DYNAMIC_GROUP_CONFIG",
    ];

    public string Name => "kafka-configs";

    public ToolSyntax Syntax { get; } =
        new ToolSyntax("kafka-configs", "This tool helps to manipulate and describe entity config for a topic, client, user, broker or group.")
        .Value("bootstrap-server", "server to connect to", "REQUIRED: The brokers to connect to, as host:port, separated by commas.")
        .Value("command-config", "file", "Properties file with settings of the client.")
        .Flag("alter", "Change settings.")
        .Flag("describe", "Show settings that were changed; with --all those that were not, too.")
        .Flag("all", "With --describe: all settings.")
        .Value("entity-type", "type", "topics, brokers, groups or client-metrics.")
        .Value("entity-name", "name", "Whose settings.")
        .Flag("entity-default", "The settings of all brokers that have none of their own.")
        .Value("topic", "name", "A topic.")
        .Value("broker", "id", "A broker.")
        .Flag("broker-defaults", "The settings of all brokers that have none of their own.")
        .Value("group", "name", "A group.")
        .Value("client-metrics", "name", "A client metrics resource.")
        .Value("add-config", "k1=v1,k2=[v1,v2]", "Settings to set.")
        .Value("add-config-file", "file", "A properties file of settings to set.")
        .Value("delete-config", "k1,k2", "Settings to take back.");

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        arguments.Require("bootstrap-server");
        Demand(arguments.Has("describe") != arguments.Has("alter"), "Command must include exactly one action: --describe, --alter");
        var (type, entity, name) = Entity(arguments);
        await using var cluster = ToolCluster.Open(arguments, ClientProperties.Load(arguments.Value("command-config")), Name);
        if (arguments.Has("alter"))
        {
            await AlterAsync(cluster, entity, name ?? throw new ToolUsageException("an entity name must be specified with --alter"), arguments, cancellationToken);
            console.Text.Write(name.Length == 0
                ? $"Completed updating default config for {type} in the cluster.\n"
                : $"Completed updating config for {entity.Word} {name}.\n");
            return ExitCodes.Done;
        }

        foreach (var each in name is not null ? [name] : await NamesAsync(cluster, type, cancellationToken))
        {
            await DescribeAsync(cluster, type, entity, each, arguments.Has("all"), console.Text, cancellationToken);
        }

        return ExitCodes.Done;
    }

    private static (string Type, ConfigEntity Entity, string? Name) Entity(ToolArguments arguments)
    {
        var (type, name) = arguments.Has("topic") ? ("topics", arguments.Value("topic"))
            : arguments.Has("broker") ? ("brokers", arguments.Value("broker"))
            : arguments.Has("broker-defaults") ? ("brokers", "")
            : arguments.Has("group") ? ("groups", arguments.Value("group"))
            : arguments.Has("client-metrics") ? ("client-metrics", arguments.Value("client-metrics"))
            : (arguments.Value("entity-type"), arguments.Has("entity-default") ? "" : arguments.Value("entity-name"));
        Demand(type is not null, "At least one entity type must be specified");
        return Entities.TryGetValue(type!, out var entity)
            ? (type!, entity, name)
            : throw new ToolUsageException(
                $"Invalid entity type {type}, the entity type must be one of {string.Join(", ", Entities.Keys)}: quotas and credentials are not changed by this tool");
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(ToolCluster cluster, string type, CancellationToken cancellationToken) => type switch
    {
        "topics" => await new TopicAdministration(cluster).ListAsync(null, excludeInternal: false, cancellationToken),
        "brokers" => [.. (await cluster.Brokers.DescribeAsync([], cancellationToken)).Brokers
            .Select(broker => broker.NodeId.ToString(CultureInfo.InvariantCulture)), ""],
        _ => throw new ToolUsageException($"an entity name must be specified with --describe of {type}"),
    };

    private static async Task DescribeAsync(
        ToolCluster cluster, string type, ConfigEntity entity, string name, bool isAll, TextWriter output, CancellationToken cancellationToken)
    {
        var settings = await SettingsAsync(cluster, entity, name, cancellationToken);
        output.Write(name.Length == 0
            ? $"Default configs for {type} in the cluster are:\n"
            : $"{(isAll ? "All" : "Dynamic")} configs for {entity.Word} {name} are:\n");
        foreach (var setting in settings.Where(each => isAll || IsOwn(each, entity, name)).OrderBy(each => each.Name, StringComparer.Ordinal))
        {
            var synonyms = string.Join(", ", setting.Synonyms.Select(each => $"{Source(each.Source)}:{each.Name}={each.Value ?? "null"}"));
            output.Write($"  {setting.Name}={setting.Value ?? "null"} sensitive={(setting.IsSensitive ? "true" : "false")} synonyms={{{synonyms}}}\n");
        }
    }

    private static async Task AlterAsync(
        ToolCluster cluster, ConfigEntity entity, string name, ToolArguments arguments, CancellationToken cancellationToken)
    {
        var added = arguments.Has("add-config-file") ? ClientProperties.Load(arguments.Value("add-config-file")) : Pairs(arguments.Value("add-config"));
        var deleted = arguments.Values("delete-config").SelectMany(each => each.Split(',', StringSplitOptions.TrimEntries)).ToList();
        Demand(added.Count + deleted.Count > 0, "At least one of --add-config, --add-config-file, or --delete-config must be specified with --alter");
        var settings = await SettingsAsync(cluster, entity, name, cancellationToken);
        var unknown = deleted.Where(key => !settings.Exists(each => each.Name == key && IsOwn(each, entity, name))).ToList();
        if (unknown.Count > 0)
        {
            throw new ToolFailedException($"Invalid config(s): {string.Join(",", unknown)}");
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
                        .. added.Select(pair => new IncrementalAlterConfigsRequest.AlterableConfig { Name = pair.Key, ConfigOperation = 0, Value = pair.Value }),
                        .. deleted.Select(key => new IncrementalAlterConfigsRequest.AlterableConfig { Name = key, ConfigOperation = 1, Value = null }),
                    ],
                },
            ],
        };
        var broker = await BrokerAsync(cluster, entity, name, cancellationToken);
        var result = (await cluster.AskAsync(broker, request, cancellationToken)).Responses[0];
        if (result.ErrorCode != ErrorCode.None)
        {
            throw new ToolFailedException(result.ErrorCode, result.ErrorMessage, $"The settings of {entity.Word} {name}");
        }
    }

    private static async Task<List<DescribeConfigsResponse.DescribeConfigsResourceResult>> SettingsAsync(
        ToolCluster cluster, ConfigEntity entity, string name, CancellationToken cancellationToken)
    {
        var request = new DescribeConfigsRequest
        {
            IncludeSynonyms = true,
            Resources = [new() { ResourceType = entity.ResourceType, ResourceName = name, ConfigurationKeys = null }],
        };
        var broker = await BrokerAsync(cluster, entity, name, cancellationToken);
        var result = (await cluster.AskAsync(broker, request, cancellationToken)).Results[0];
        return result.ErrorCode == ErrorCode.None
            ? result.Configs
            : throw new ToolFailedException(result.ErrorCode, result.ErrorMessage, $"The settings of {entity.Word} {name}");
    }

    /// <summary>A broker answers for its own settings; for all others any does.</summary>
    private static async Task<Protocol.Client.KafkaConnection> BrokerAsync(
        ToolCluster cluster, ConfigEntity entity, string name, CancellationToken cancellationToken)
    {
        if (entity.Word != "broker" || name.Length == 0)
        {
            return await cluster.Brokers.AnyAsync(cancellationToken);
        }

        Demand(int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id), $"The entity name for brokers must be a valid integer broker id, found: {name}");
        await cluster.Brokers.DescribeAsync([], cancellationToken);
        return await cluster.Brokers.BrokerAsync(id, ConnectionUse.Shared, cancellationToken);
    }

    private static bool IsOwn(DescribeConfigsResponse.DescribeConfigsResourceResult setting, ConfigEntity entity, string name) =>
        Source(setting.ConfigSource) == (entity.Word, name) switch
        {
            ("topic", _) => "DYNAMIC_TOPIC_CONFIG",
            ("broker", "") => "DYNAMIC_DEFAULT_BROKER_CONFIG",
            ("broker", _) => "DYNAMIC_BROKER_CONFIG",
            ("group", _) => "DYNAMIC_GROUP_CONFIG",
            _ => "DYNAMIC_CLIENT_METRICS_CONFIG",
        };

    private static string Source(sbyte source) => source > 0 && source < Sources.Length ? Sources[source] : Sources[0];

    /// <summary>Pairs between commas; a value in brackets may have commas itself.</summary>
    private static Dictionary<string, string> Pairs(string? text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text is null ? [] : BetweenCommas().Split(text))
        {
            var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            Demand(pair.Length == 2 && pair[0].Length > 0,
                "requirement failed: Invalid entity config: all configs to be added must be in the format \"key=val\" or \"key=[val1,val2]\" to group values which contain commas.");
            pairs[pair[0]] = pair[1].StartsWith('[') && pair[1].EndsWith(']') ? pair[1][1..^1] : pair[1];
        }

        return pairs;
    }

    private static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new ToolUsageException(otherwise);
        }
    }

    [GeneratedRegex(",(?=[^\\]]*(?:\\[|$))")]
    private static partial Regex BetweenCommas();

    private sealed record ConfigEntity(string Word, sbyte ResourceType);
}
