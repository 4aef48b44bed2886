using System.Globalization;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;

namespace SchemaStream.Cli.Kafka.Topics;

/// <summary><c>kafka-topics</c>.</summary>
internal sealed class TopicsTool : IKafkaTool
{
    private const string SeeConfigs = "(To alter topic configurations, kafka-configs can be used.)";
    private static readonly string[] Actions = ["alter", "create", "describe", "list", "delete"];
    private static readonly string[] Reports =
        ["under-replicated-partitions", "under-min-isr-partitions", "at-min-isr-partitions", "unavailable-partitions"];

    public string Name => "kafka-topics";

    public ToolSyntax Syntax { get; } = new ToolSyntax("kafka-topics", "This tool helps to create, delete, describe, or change a topic.")
        .Value("bootstrap-server", "server to connect to", "REQUIRED: The brokers to connect to, as host:port, separated by commas.")
        .Value("command-config", "file", "Properties file with settings of the client, such as security.protocol.")
        .Flag("list", "List all topics.")
        .Flag("create", "Create a topic.")
        .Flag("delete", "Delete topics.")
        .Flag("alter", $"Raise the number of partitions. {SeeConfigs}")
        .Flag("describe", "Show topics and their partitions.")
        .Value("topic", "topic", "The topic; a regular expression too, except with --create.")
        .Value("topic-id", "id", "The id of the topic to describe.")
        .Value("config", "name=value", $"A setting of the topic to create; may be repeated. {SeeConfigs}")
        .Value("delete-config", "name", "Not supported any more, as in Kafka 4: use kafka-configs.")
        .Value("partitions", "number", "How many partitions; without it, with --create, the cluster's default.")
        .Value("replication-factor", "number", "How many replicas of each partition; without it the cluster's default.")
        .Value("replica-assignment", "assignment", "Replicas by hand: brokers of a partition joined by ':', partitions by ','.")
        .Flag("under-replicated-partitions", "With --describe: only partitions with too few replicas in sync.")
        .Flag("unavailable-partitions", "With --describe: only partitions without a leader that is there.")
        .Flag("under-min-isr-partitions", "With --describe: only partitions with fewer in sync than min.insync.replicas.")
        .Flag("at-min-isr-partitions", "With --describe: only partitions with exactly min.insync.replicas in sync.")
        .Flag("topics-with-overrides", "With --describe: only topics that have settings of their own.")
        .Flag("if-exists", "With --alter, --delete, --describe: a topic that is not there is no error.")
        .Flag("if-not-exists", "With --create: a topic that is there is no error.")
        .Flag("exclude-internal", "With --list, --describe: leave out internal topics.")
        .Value("partition-size-limit-per-response", "number", "How many partitions one answer of a broker may have.");

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        Check(arguments, console);
        await using var cluster = ToolCluster.Open(arguments, ClientProperties.Load(arguments.Value("command-config")), Name);
        var topics = new TopicAdministration(cluster);
        var included = arguments.Value("topic");
        try
        {
            if (arguments.Has("create"))
            {
                await CreateAsync(topics, arguments, console, cancellationToken);
                return ExitCodes.Done;
            }

            if (arguments.Value("topic-id") is { } id && arguments.Has("describe"))
            {
                var byId = await topics.FindAsync(TopicText.ParseId(id), cancellationToken);
                Demand(byId is not null || arguments.Has("if-exists"), $"TopicId '{id}' does not exist as expected");
                await TopicText.DescribeAsync(topics, byId is null ? [] : [byId], arguments, console.Text, cancellationToken);
                return ExitCodes.Done;
            }

            var found = await topics.ListAsync(included, arguments.Has("exclude-internal"), cancellationToken);
            if (arguments.Has("list"))
            {
                console.Text.Write(string.Join("\n", found) + "\n");
                return ExitCodes.Done;
            }

            Demand(found.Count > 0 || included is null or "" || arguments.Has("if-exists"), $"Topic '{included}' does not exist as expected");
            if (arguments.Has("describe"))
            {
                await TopicText.DescribeAsync(topics, found, arguments, console.Text, cancellationToken);
            }
            else if (arguments.Has("delete"))
            {
                await topics.DeleteAsync(found, cancellationToken);
            }
            else
            {
                await topics.SetPartitionsAsync(found, arguments.Number("partitions")!.Value, Assignment(arguments), cancellationToken);
            }

            return ExitCodes.Done;
        }
        catch (ToolFailedException refused) when (refused.Error != Protocol.ErrorCode.None)
        {
            console.Text.WriteLine($"Error while executing topic command : {refused.Message}");
            return ExitCodes.Failed;
        }
    }

    private static async Task CreateAsync(
        TopicAdministration topics, ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        var name = arguments.Value("topic")!;
        if (name.Contains('.', StringComparison.Ordinal) || name.Contains('_', StringComparison.Ordinal))
        {
            console.Text.WriteLine(
                "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. " +
                "To avoid issues it is best to use either, but not both.");
        }

        Demand(arguments.Number("replication-factor") is null or (>= 1 and <= short.MaxValue),
            $"The replication factor must be between 1 and {short.MaxValue} inclusive");
        Demand(arguments.Number("partitions") is null or >= 1, "The partitions must be greater than 0");
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in arguments.Values("config"))
        {
            var pair = setting.Split('=', 2, StringSplitOptions.TrimEntries);
            Demand(pair is [{ Length: > 0 }, { Length: > 0 }],
                "requirement failed: Invalid topic config: all configs to be added must be in the format \"key=val\".");
            settings[pair[0]] = pair[1];
        }

        var created = await topics.CreateAsync(
            name,
            arguments.Number("partitions"),
            (short?)arguments.Number("replication-factor"),
            Assignment(arguments),
            settings,
            arguments.Has("if-not-exists"),
            cancellationToken);
        if (created)
        {
            console.Text.WriteLine($"Created topic {name}.");
        }
    }

    private static void Check(ToolArguments arguments, ToolConsole console)
    {
        if (Actions.Count(arguments.Has) != 1)
        {
            throw new ToolUsageException(
                "Command must include exactly one action: --list, --describe, --create, --alter or --delete") { ShowsUsage = true };
        }

        if (arguments.Has("delete-config"))
        {
            console.Error.WriteLine("delete-config option is no longer supported and deprecated since version 4.0.");
        }

        Demand(arguments.Has("bootstrap-server"), "--bootstrap-server must be specified");
        if (arguments.Has("describe") && arguments.Has("if-exists") && !arguments.Has("topic") && !arguments.Has("topic-id"))
        {
            throw new ToolUsageException("--topic or --topic-id is required to describe a topic") { ShowsUsage = true };
        }

        if (!arguments.Has("list") && !arguments.Has("describe"))
        {
            arguments.Require("topic");
        }

        if (arguments.Has("alter"))
        {
            arguments.Refuse("alter", "config");
            arguments.Require("partitions");
        }

        OnlyWith(arguments, "config", "alter", "create");
        OnlyWith(arguments, "partitions", "alter", "create");
        OnlyWith(arguments, "replication-factor", "create");
        OnlyWith(arguments, "replica-assignment", "alter", "create");
        if (arguments.Has("create"))
        {
            arguments.Refuse("replica-assignment", "partitions", "replication-factor");
        }

        foreach (var report in Reports)
        {
            OnlyWith(arguments, report, "describe");
            arguments.Refuse(report, "topics-with-overrides");
        }

        OnlyWith(arguments, "topics-with-overrides", "describe");
        OnlyWith(arguments, "if-exists", "alter", "delete", "describe");
        OnlyWith(arguments, "if-not-exists", "create");
        OnlyWith(arguments, "exclude-internal", "list", "describe");
    }

    private static void OnlyWith(ToolArguments arguments, string option, params string[] actions) =>
        arguments.Refuse(option, [.. Actions.Except(actions)]);

    private static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new ToolUsageException(otherwise);
        }
    }

    /// <summary>Replicas by hand: brokers of each partition from 0 on; empty when none are given.</summary>
    private static List<List<int>> Assignment(ToolArguments arguments)
    {
        if (arguments.Value("replica-assignment") is not { Length: > 0 } text)
        {
            return [];
        }

        var assignment = new List<List<int>>();
        foreach (var partition in text.Split(','))
        {
            var brokers = new List<int>();
            foreach (var broker in partition.Split(':'))
            {
                Demand(int.TryParse(broker.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id),
                    $"'{broker}' in --replica-assignment is no broker id");
                Demand(!brokers.Contains(id), $"Partition replica lists may not contain duplicate entries: {id}");
                brokers.Add(id);
            }

            assignment.Add(brokers);
            Demand(brokers.Count == assignment[0].Count,
                $"Partition {assignment.Count - 1} has different replication factor: [{string.Join(", ", brokers)}]");
        }

        return assignment;
    }
}
