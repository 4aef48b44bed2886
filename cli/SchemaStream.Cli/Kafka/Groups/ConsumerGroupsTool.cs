using System.Text.RegularExpressions;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;

namespace SchemaStream.Cli.Kafka.Groups;

/// <summary><c>kafka-consumer-groups</c>.</summary>
internal sealed class ConsumerGroupsTool : IKafkaTool
{
    private static readonly string[] Actions = ["list", "describe", "delete", "reset-offsets", "delete-offsets", "validate-regex"];
    private static readonly string[] OfGroups = ["describe", "delete", "reset-offsets"];
    private static readonly string[] OfDescribe = ["members", "offsets", "verbose"];
    private static readonly string[] Views = ["members", "offsets", "state"];

    public string Name => "kafka-consumer-groups";

    public ToolSyntax Syntax { get; } = new ToolSyntax(
            "kafka-consumer-groups",
            "This tool helps to list all consumer groups, describe a consumer group, delete consumer group info, or reset consumer group offsets.")
        .Value("bootstrap-server", "server to connect to", "REQUIRED: The brokers to connect to, as host:port, separated by commas.")
        .Value("command-config", "file", "Properties file with settings of the client, such as security.protocol.")
        .Flag("list", "List all consumer groups.")
        .Flag("describe", "Show a group: its partitions with offsets and lag, or with --members its members, or with --state its state.")
        .Flag("delete", "Delete groups that have no members.")
        .Flag("reset-offsets", "Set a group's offsets; the group may have no members. Without --execute it is only shown what would be.")
        .Flag("delete-offsets", "Delete a group's offsets of topics that it does not read.")
        .Value("validate-regex", "regex", "Say whether an expression is one.")
        .Value("group", "consumer group", "The group; may be repeated.")
        .Flag("all-groups", "All groups there are.")
        .Value("topic", "topic", "The topic, or some of its partitions as topic:0,1,2; may be repeated.")
        .Flag("all-topics", "With --reset-offsets: all topics that the group has offsets of.")
        .Flag("dry-run", "With --reset-offsets: only show what would be.")
        .Flag("execute", "With --reset-offsets: do it.")
        .Flag("export", "With --reset-offsets: print the offsets as CSV, for --from-file.")
        .Value("to-offset", "offset", "Reset to this offset.")
        .Value("shift-by", "number-of-offsets", "Reset to so many offsets after the current one; before it, when negative.")
        .Value("to-datetime", "datetime", "Reset to the first record from then on: YYYY-MM-DDTHH:mm:SS.sss.")
        .Value("by-duration", "duration", "Reset to the first record since so long ago: PnDTnHnMnS.")
        .Flag("to-earliest", "Reset to the beginning.")
        .Flag("to-latest", "Reset to the end.")
        .Flag("to-current", "Reset to the current offset; where there is none, to the end.")
        .Value("from-file", "path to CSV file", "Reset to the offsets of a file.")
        .Flag("members", "With --describe: the members.")
        .Flag("offsets", "With --describe: partitions with offsets and lag; this is what is shown anyway.")
        .OptionalValue("state", "states", "With --describe: the state. With --list: states too, or only groups in one of these states.")
        .OptionalValue("type", "types", "With --list: types too, or only groups of one of these types.")
        .Flag("verbose", "With --describe: more columns.")
        .Value("timeout", "milliseconds", "How long a broker may take to answer (default: 30000).");

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        Check(arguments, console.Error);
        if (arguments.Value("validate-regex") is { } regex)
        {
            console.Text.Write(Validate(regex));
            return ExitCodes.Done;
        }

        var timeout = TimeSpan.FromMilliseconds(arguments.LongNumber("timeout") ?? 30_000);
        await using var cluster = ToolCluster.Open(arguments, ClientProperties.Load(arguments.Value("command-config")), Name, timeout);
        var run = new GroupActions(cluster, arguments, console);
        return arguments.Has("list") ? await run.ListAsync(cancellationToken)
            : arguments.Has("describe") ? await run.DescribeAsync(cancellationToken)
            : arguments.Has("delete") ? await run.DeleteAsync(cancellationToken)
            : arguments.Has("delete-offsets") ? await run.DeleteOffsetsAsync(cancellationToken)
            : await run.ResetAsync(cancellationToken);
    }

    private static string Validate(string regex)
    {
        try
        {
            _ = new Regex(regex, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return $"The regular expression `{regex}` is valid.\n";
        }
        catch (ArgumentException wrong)
        {
            return $"The regular expression `{regex}` is invalid: {wrong.Message}.\n";
        }
    }

    private static void Check(ToolArguments arguments, TextWriter warnings)
    {
        Demand(Actions.Count(arguments.Has) == 1,
            $"Command must include exactly one action: {string.Join(", ", Actions.Select(action => "--" + action))}");
        if (arguments.Has("validate-regex"))
        {
            return;
        }

        arguments.Require("bootstrap-server");
        var hasGroups = arguments.Has("group") || arguments.Has("all-groups");
        foreach (var action in OfGroups)
        {
            Demand(!arguments.Has(action) || hasGroups, $"Option [{action}] takes one of these options: [group], [all-groups]");
        }

        foreach (var option in OfDescribe)
        {
            Demand(!arguments.Has(option) || arguments.Has("describe"), $"Option(s) [{option}] are unavailable given other options on the command line");
        }

        Demand(!arguments.Has("describe") || Views.Count(arguments.Has) < 2,
            "Option [describe] takes at most one of these options: [members], [offsets], [state]");
        Demand(!arguments.Has("describe") || arguments.Value("state") is null, "Option [describe] does not take a value for [state]");
        Demand(!arguments.Has("delete") || !arguments.Has("topic"), "The consumer does not support topic-specific offset deletion from a consumer group.");
        Demand(!arguments.Has("delete-offsets") || (arguments.Has("group") && arguments.Has("topic")),
            "Option [delete-offsets] takes the following options: [group], [topic]");
        arguments.Refuse("group", "all-groups", "list");
        arguments.Refuse("topic", "list", "describe");
        if (!arguments.Has("reset-offsets"))
        {
            return;
        }

        Demand(!arguments.Has("dry-run") || !arguments.Has("execute"), "Option [reset-offsets] only accepts one of [execute] and [dry-run]");
        foreach (var scenario in OffsetScopes.Scenarios)
        {
            arguments.Refuse(scenario, [.. OffsetScopes.Scenarios.Where(other => other != scenario)]);
        }

        if (!arguments.Has("dry-run") && !arguments.Has("execute"))
        {
            warnings.WriteLine(
                "WARN: No action will be performed as the --execute option is missing. In a future major release, the default behavior of this " +
                "command will be to prompt the user before executing the reset rather than doing a dry run. You should add the --dry-run option " +
                "explicitly if you are scripting this command and want to keep the current default behavior without prompting.");
        }
    }

    private static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new ToolUsageException(otherwise) { ShowsUsage = true };
        }
    }
}
