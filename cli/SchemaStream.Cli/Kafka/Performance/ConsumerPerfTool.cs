using System.Globalization;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Kafka.Performance;

/// <summary><c>kafka-consumer-perf-test</c>.</summary>
internal sealed class ConsumerPerfTool : IKafkaTool
{
    private const string DefaultFormat = "yyyy-MM-dd HH:mm:ss:SSS";
    private static readonly TimeSpan GroupMargin = TimeSpan.FromSeconds(5);

    public string Name => "kafka-consumer-perf-test";

    public ToolSyntax Syntax { get; } = new ToolSyntax("kafka-consumer-perf-test", "This tool is used to verify the consumer performance.")
        .Value("bootstrap-server", "server to connect to", "REQUIRED: The brokers to connect to, as host:port, separated by commas.")
        .Value("broker-list", "broker-list", "The old name of --bootstrap-server.")
        .Value("topic", "topic", "REQUIRED: The topic to consume from.")
        .Value("messages", "count", "REQUIRED: How many records to consume.")
        .Value("num-records", "count", "As --messages.")
        .Value("group", "gid", "The consumer group; without it one of its own.")
        .Value("fetch-size", "size", "Bytes of a partition in an answer (default: 1048576).")
        .Flag("from-latest", "Where the group has committed no offset: begin with the next record to come.")
        .Value("timeout", "milliseconds", "How long there may be no record before it ends (default: 10000).")
        .Value("reporting-interval", "interval_ms", "How often --show-detailed-stats prints (default: 5000).")
        .Flag("show-detailed-stats", "Print a line now and then, in the place of one at the end.")
        .Value("date-format", "date format", $"How times are printed (default: {DefaultFormat}).")
        .Flag("hide-header", "Leave out the header.")
        .Value("socket-buffer-size", "size", "Taken for old scripts' sake: the system chooses.")
        .Value("consumer.config", "file", "Properties file with settings of the consumer.")
        .Value("command-config", "file", "As --consumer.config.")
        .Value("command-property", "prop", "key=value for the consumer. May be repeated.");

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        arguments.Require("topic");
        if (!arguments.Has("num-records"))
        {
            arguments.Require("messages");
        }

        var properties = ClientProperties.Load(arguments.Value("consumer.config") ?? arguments.Value("command-config"));
        foreach (var (key, value) in arguments.Pairs("command-property"))
        {
            properties[key] = value;
        }

        properties.TryAdd("client.id", "perf-consumer-client");
        var settings = new ConsumerSettings
        {
            Reset = arguments.Has("from-latest") ? OffsetReset.Latest : OffsetReset.Earliest,
            PartitionMaxBytes = arguments.Number("fetch-size") ?? 1024 * 1024,
            FetchMaxWaitMs = 100,
        }.With(properties);
        await using var cluster = ToolCluster.Open(arguments, properties, Name);
        await using var groupCluster = ToolCluster.Open(arguments, properties, Name, settings.MaxPollInterval + GroupMargin);
        var topics = new ClusterTopics(cluster);
        var group = arguments.Value("group") ?? string.Create(CultureInfo.InvariantCulture, $"perf-consumer-{Random.Shared.Next(100_000)}");
        await using var member = new GroupMember(groupCluster, new ClusterTopics(groupCluster), settings, group);
        await using var consumer = new ToolConsumer(cluster, topics, settings, console.Error);
        var run = new ConsumerPerfRun(arguments, console.Text);
        var most = arguments.LongNumber("num-records") ?? arguments.LongNumber("messages")!.Value;
        var timeout = TimeSpan.FromMilliseconds(arguments.LongNumber("timeout") ?? 10_000);
        await topics.PartitionsOrCreateAsync(arguments.Value("topic")!, timeout, _ => { }, cancellationToken);
        run.Begin();
        var idleSince = TimeProvider.System.GetTimestamp();
        while (run.Records < most && TimeProvider.System.GetElapsedTime(idleSince) <= timeout)
        {
            if (member.NeedsToJoin)
            {
                await JoinAsync(member, consumer, arguments.Value("topic")!, run, cancellationToken);
            }

            if (await consumer.PollAsync((in RecordOrigin _, in RecordView record) => run.Take(record) < most, cancellationToken) > 0)
            {
                idleSince = TimeProvider.System.GetTimestamp();
                run.Report();
            }
        }

        if (run.Records < most)
        {
            console.Text.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"WARNING: Exiting before consuming the expected number of messages: timeout ({timeout.TotalMilliseconds} ms) exceeded. You can use the --timeout option to increase the timeout.\n"));
        }

        run.End();
        await member.CommitAsync(consumer.Positions, cancellationToken);
        await member.LeaveAsync(cancellationToken);
        return ExitCodes.Done;
    }

    private static async Task JoinAsync(
        GroupMember member, ToolConsumer consumer, string topic, ConsumerPerfRun run, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        await member.CommitAsync(consumer.Positions, cancellationToken);
        var assigned = await member.JoinAsync([topic], cancellationToken);
        var committed = assigned.Count == 0 ? [] : await member.CommittedAsync(assigned, cancellationToken);
        consumer.Assign(assigned.ToDictionary(
            partition => partition, partition => committed.TryGetValue(partition, out var offset) ? offset.Offset : (long?)null));
        run.Joined(TimeProvider.System.GetElapsedTime(start));
    }
}
