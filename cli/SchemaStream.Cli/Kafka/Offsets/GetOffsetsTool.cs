using System.Globalization;
using System.Text.RegularExpressions;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Cli.Kafka.Topics;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Cli.Kafka.Offsets;

/// <summary><c>kafka-get-offsets</c>.</summary>
internal sealed partial class GetOffsetsTool : IKafkaTool
{
    private static readonly Dictionary<string, long> Times = new(StringComparer.Ordinal)
    {
        ["latest"] = -1, ["earliest"] = -2, ["max-timestamp"] = -3, ["earliest-local"] = -4, ["latest-tiered"] = -5, ["earliest-pending-upload"] = -6,
    };

    public string Name => "kafka-get-offsets";

    public ToolSyntax Syntax { get; } = new ToolSyntax("kafka-get-offsets", "An interactive shell for getting topic-partition offsets.")
        .Value("bootstrap-server", "server to connect to", "REQUIRED: The brokers to connect to, as host:port, separated by commas.")
        .Value("broker-list", "broker-list", "The old name of --bootstrap-server.")
        .Value("topic", "topic", "The topic, or a regular expression of topics; without it all.")
        .Value("partitions", "partition ids", "Partitions, separated by commas; without it all.")
        .Value("topic-partitions", "patterns", "Topics with partitions: topic1:1,topic2:0-3,topic3,topic4:5-,topic5:-3.")
        .Value("time", "timestamp", "-1 or latest, -2 or earliest, -3 or max-timestamp, or milliseconds (default: latest).")
        .Value("command-config", "file", "Properties file with settings of the client.")
        .Flag("exclude-internal-topics", "Leave out internal topics.");

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        if (!arguments.Has("broker-list"))
        {
            arguments.Require("bootstrap-server");
        }

        if (arguments.Has("topic-partitions") && (arguments.Has("topic") || arguments.Has("partitions")))
        {
            throw new ToolFailedException("Error occurred: --topic-partitions cannot be used with --topic or --partitions");
        }

        var time = Time(arguments.Value("time") ?? "latest");
        var rules = Rules(arguments);
        await using var cluster = ToolCluster.Open(arguments, ClientProperties.Load(arguments.Value("command-config")), "GetOffsetShell");
        var topics = new ClusterTopics(cluster);
        var partitions = new List<TopicPartition>();
        foreach (var topic in await new TopicAdministration(cluster).ListAsync(null, arguments.Has("exclude-internal-topics"), cancellationToken))
        {
            foreach (var partition in await topics.PartitionsAsync(topic, cancellationToken))
            {
                if (rules.Exists(rule => rule.Topic.IsMatch(topic) && rule.Takes(partition)))
                {
                    partitions.Add(new TopicPartition(topic, partition));
                }
            }
        }

        if (partitions.Count == 0)
        {
            throw new ToolFailedException("Error occurred: Could not match any topic-partitions with the specified filters");
        }

        foreach (var partition in partitions.OrderBy(partition => partition.ToString(), StringComparer.Ordinal))
        {
            try
            {
                var found = (await topics.OffsetsAsync([partition], time, isCommittedOnly: false, cancellationToken))[partition];
                if (found.Offset >= 0)
                {
                    console.Text.Write(string.Create(CultureInfo.InvariantCulture, $"{partition.Topic}:{partition.Partition}:{found.Offset}\n"));
                }
            }
            catch (KafkaErrorException refused)
            {
                console.Error.WriteLine($"Skip getting offsets for topic-partition {partition} due to error: {refused.Message}");
            }
        }

        return ExitCodes.Done;
    }

    private static long Time(string text) => Times.TryGetValue(text, out var known) ? known
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time) ? time
        : throw new ToolFailedException(
            $"Error occurred: Malformed time argument {text}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / " +
            "-4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified long format timestamp");

    private static List<Rule> Rules(ToolArguments arguments)
    {
        if (arguments.Value("topic-partitions") is not { } list)
        {
            var wanted = arguments.Value("partitions") is { Length: > 0 } numbers
                ? numbers.Split(',').Select(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                    ? partition
                    : throw new ToolFailedException(
                        $"Error occurred: --partitions expects a comma separated list of numeric partition ids, but received: {numbers}")).ToHashSet()
                : null;
            return [new Rule(Pattern(arguments.Value("topic") ?? ".*"), partition => wanted?.Contains(partition) != false)];
        }

        return [.. list.Split(',').Select(text =>
        {
            var match = RulePattern().Match(text);
            if (!match.Success)
            {
                throw new ToolFailedException($"Error occurred: Invalid rule specification: {text}");
            }

            int? Number(int group) => match.Groups[group] is { Length: > 0, Value: var digits }
                ? int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)
                : null;
            var topic = Pattern(match.Groups[1].Length > 0 ? match.Groups[1].Value : ".*");
            return Number(2) is { } only
                ? new Rule(topic, partition => partition == only)
                : new Rule(topic, partition => partition >= (Number(3) ?? 0) && partition < (Number(4) ?? int.MaxValue));
        })];
    }

    private static Regex Pattern(string topic)
    {
        try
        {
            return new Regex($"^(?:{topic})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException wrong)
        {
            throw new ToolFailedException($"Error occurred: {topic} is an invalid regex.", wrong);
        }
    }

    [GeneratedRegex("^([^:,]*)(?::(?:([0-9]{1,9})|(?:([0-9]{0,9})-([0-9]{0,9}))))?$")]
    private static partial Regex RulePattern();

    private sealed record Rule(Regex Topic, Func<int, bool> Takes);
}
