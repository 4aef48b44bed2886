using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;

namespace SchemaStream.Cli.Kafka.Configs;

/// <summary><c>kafka-configs</c>.</summary>
internal sealed class ConfigsTool : IKafkaTool
{
    public string Name => "kafka-configs";

    public ToolSyntax Syntax { get; } = new ToolSyntax(
        "kafka-configs", "This tool helps to manipulate and describe entity config for a topic, client, user, broker, ip, client-metrics or group")
        .Value("bootstrap-server", "server to connect to", "REQUIRED: The brokers to connect to, as host:port, separated by commas.")
        .Value("command-config", "file", "Properties file with settings of the client.")
        .Flag("alter", "Change settings.")
        .Flag("describe", "Show settings that were changed; with --all those that were not, too.")
        .Flag("all", "With --describe: all settings.")
        .Flag("force", "Taken for old scripts' sake: nothing is asked.")
        .Value("entity-type", "type", "topics, clients, users, brokers, broker-loggers, ips, client-metrics or groups; users and clients may stand together.")
        .Value("entity-name", "name", "Whose settings: one for each type, in their order.")
        .Flag("entity-default", "In the place of a name: those that have no settings of their own.")
        .Value("topic", "name", "A topic.")
        .Value("client", "id", "Clients of an id.")
        .Flag("client-defaults", "All clients without quotas of their own.")
        .Value("user", "name", "A user.")
        .Flag("user-defaults", "All users without quotas of their own.")
        .Value("broker", "id", "A broker.")
        .Flag("broker-defaults", "All brokers without settings of their own.")
        .Value("broker-logger", "id", "A broker's loggers.")
        .Value("ip", "address", "An address.")
        .Flag("ip-defaults", "All addresses without quotas of their own.")
        .Value("group", "name", "A group.")
        .Value("client-metrics", "name", "A client metrics resource.")
        .Value("add-config", "k1=v1,k2=[v1,v2]",
            "Settings to set. Users and clients: producer_byte_rate, consumer_byte_rate, request_percentage, controller_mutation_rate; ips: "
            + "connection_creation_rate; users: SCRAM-SHA-256=[iterations=8192,password=secret], SCRAM-SHA-512.")
        .Value("add-config-file", "file", "A properties file of settings to set.")
        .Value("delete-config", "k1,k2", "Settings to take back.");

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        if (arguments.Has("describe") == arguments.Has("alter"))
        {
            throw new ToolUsageException("Command must include exactly one action: --describe, --alter") { ShowsUsage = true };
        }

        arguments.Refuse("describe", "add-config", "delete-config");
        var targets = ConfigTargets.Read(arguments);
        var changes = arguments.Has("alter") ? ConfigChanges.Read(arguments) : null;
        if (changes is not null)
        {
            Check(targets, changes);
        }

        arguments.Require("bootstrap-server");
        await using var cluster = ToolCluster.Open(arguments, ClientProperties.Load(arguments.Value("command-config")), Name);
        await (changes is null
            ? DescribeAsync(cluster, targets, arguments.Has("all"), console.Text, cancellationToken)
            : AlterAsync(cluster, targets, changes, console.Text, cancellationToken));
        return ExitCodes.Done;
    }

    private static async Task DescribeAsync(ToolCluster cluster, ConfigTargets targets, bool isAll, TextWriter output, CancellationToken cancellationToken)
    {
        if (targets.Type is not (ConfigTargets.Users or ConfigTargets.Clients or ConfigTargets.Ips))
        {
            await new ResourceConfigs(cluster).DescribeAsync(targets, isAll, output, cancellationToken);
            return;
        }

        await new ClientQuotas(cluster).DescribeAsync(targets, output, cancellationToken);
        if (targets.Types is [ConfigTargets.Users] && !targets.Names.Contains(""))
        {
            await new ScramCredentials(cluster).DescribeAsync(targets.Names, output, cancellationToken);
        }
    }

    private static async Task AlterAsync(
        ToolCluster cluster, ConfigTargets targets, ConfigChanges changes, TextWriter output, CancellationToken cancellationToken)
    {
        await (targets.Type is not (ConfigTargets.Users or ConfigTargets.Clients or ConfigTargets.Ips)
            ? new ResourceConfigs(cluster).AlterAsync(targets, changes, cancellationToken)
            : changes.Keys.Any(ScramCredentials.IsMechanism)
                ? new ScramCredentials(cluster).AlterAsync(targets.Name!, changes, cancellationToken)
                : new ClientQuotas(cluster).AlterAsync(targets, changes, cancellationToken));
        output.Write(targets.Name!.Length == 0
            ? $"Completed updating default config for {targets.Type} in the cluster.\n"
            : $"Completed updating config for {targets.Type[..^1]} {targets.Name}.\n");
    }

    /// <summary>Users have quotas and credentials, clients and addresses quotas only.</summary>
    private static void Check(ConfigTargets targets, ConfigChanges changes)
    {
        if (targets.Type == ConfigTargets.Ips)
        {
            Refuse(changes.Keys.Where(key => !ClientQuotas.IsOfIps(key)),
                unknown => $"Only connection quota configs can be added for '{targets.Type}' using --bootstrap-server. Unexpected config names: {string.Join(",", unknown)}");
            return;
        }

        if (targets.Type is not (ConfigTargets.Users or ConfigTargets.Clients))
        {
            return;
        }

        var isUser = targets.Types is [ConfigTargets.Users];
        foreach (var (keys, word) in new[] { (changes.Added.Keys, "added"), (changes.Deleted, "deleted") })
        {
            Refuse(keys.Where(key => !ClientQuotas.IsOfClients(key) && !(isUser && ScramCredentials.IsMechanism(key))), unknown =>
                $"Only quota{(isUser ? " and SCRAM credential" : "")} configs can be {word} for '{(isUser ? ConfigTargets.Users : ConfigTargets.Clients)}' "
                + $"using --bootstrap-server. Unexpected config names: Set({string.Join(", ", unknown)})");
        }

        if (changes.Keys.Any(ScramCredentials.IsMechanism))
        {
            Refuse(targets.Names.Where(name => name.Length == 0),
                _ => "The use of --entity-default or --user-defaults is not allowed with User SCRAM Credentials using --bootstrap-server.");
            Refuse(changes.Keys.Where(ClientQuotas.IsOfClients),
                _ => $"Cannot alter both quota and SCRAM credential configs simultaneously for '{ConfigTargets.Users}' using --bootstrap-server.");
        }
    }

    private static void Refuse(IEnumerable<string> found, Func<IReadOnlyList<string>, string> because)
    {
        var wrong = found.ToList();
        if (wrong.Count > 0)
        {
            throw new ToolUsageException(because(wrong));
        }
    }
}
