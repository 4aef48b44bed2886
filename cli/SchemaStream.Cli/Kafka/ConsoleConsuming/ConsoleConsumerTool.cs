using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;

namespace SchemaStream.Cli.Kafka.ConsoleConsuming;

/// <summary><c>kafka-console-consumer</c>, and Confluent's sisters of it.</summary>
/// <param name="name">The tool's name.</param>
/// <param name="format">What records are printed as when no formatter is named; null: as they are.</param>
internal sealed class ConsoleConsumerTool(string name, SchemaFormat? format) : IKafkaTool
{
    /// <summary>A group may take so much longer than a member's poll interval to tell who joined.</summary>
    private static readonly TimeSpan GroupMargin = TimeSpan.FromSeconds(5);

    public string Name => name;

    public ToolSyntax Syntax { get; } =
        new ToolSyntax(name, "This tool helps to read data from Kafka topics and outputs it to standard output.")
        .Value("topic", "topic", "The topic to consume from.")
        .Value("include", "regex", "A regular expression of topics to consume from.")
        .Value("bootstrap-server", "server to connect to", "REQUIRED: The brokers to connect to, as host:port, separated by commas.")
        .Value("partition", "partition", "The partition to consume from; from its end, unless --offset is given.")
        .Value("offset", "consume offset", "With --partition: where to begin, a number, 'earliest' or 'latest' (default: latest).")
        .Flag("from-beginning", "Where the group has committed no offset: begin with the first record there is, not with the next to come.")
        .Value("group", "consumer group id", "The consumer group to join; without it one of its own, that commits nothing.")
        .Value("max-messages", "num_messages", "How many records to consume; without it there is no end.")
        .Value("timeout-ms", "timeout_ms", "Ends when no record has come for so long.")
        .Value("isolation-level", "level", "read_committed leaves out what belongs to open and aborted transactions (default: read_uncommitted).")
        .Value("formatter", "class", "org.apache.kafka.tools.consumer.DefaultMessageFormatter, LoggingMessageFormatter or NoOpMessageFormatter; io.confluent.kafka.formatter.AvroMessageFormatter, json.JsonSchemaMessageFormatter or protobuf.ProtobufMessageFormatter.")
        .Value("property", "prop",
            "key=value for printing: print.timestamp, print.partition, print.offset, print.epoch, print.headers, print.key, print.value, key.separator, line.separator, headers.separator, null.literal, key.deserializer, value.deserializer, headers.deserializer; for schemas schema.registry.url, print.schema.ids, schema.id.separator, basic.auth.credentials.source, basic.auth.user.info. May be repeated.")
        .Value("formatter-property", "prop", "As --property.")
        .Value("formatter-config", "file", "Properties file with what --property sets.")
        .Value("key-deserializer", "class", "How keys are read: one of Kafka's own classes.")
        .Value("value-deserializer", "class", "How values are read: one of Kafka's own classes.")
        .Value("consumer-property", "consumer_prop", "key=value for the consumer. May be repeated.")
        .Value("command-property", "consumer_prop", "As --consumer-property.")
        .Value("consumer.config", "file", "Properties file with settings of the consumer.")
        .Value("command-config", "file", "As --consumer.config.")
        .Flag("skip-message-on-error", "A record that cannot be printed is left out, and is not the end.")
        .Flag("enable-systest-events", "Taken for old scripts' sake.");

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        var options = ConsoleConsumerOptions.Read(arguments, format, console.Error, cancellationToken);
        using var schemas = options.Text as IDisposable;
        await using var cluster = ToolCluster.Open(arguments, options.Properties, "console-consumer");
        await using var groupCluster = ToolCluster.Open(
            arguments, options.Properties, "console-consumer", options.Settings.MaxPollInterval + GroupMargin);
        await using var run = new ConsumerRun(cluster, groupCluster, options, console);
        return await run.RunAsync(cancellationToken);
    }
}
