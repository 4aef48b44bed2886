using System.Text;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Cli.Kafka.Producing;
using SchemaStream.Cli.Kafka.Schemas;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Cli.Kafka.ConsoleProducing;

/// <summary><c>kafka-console-producer</c>, and Confluent's sisters of it.</summary>
/// <param name="name">The tool's name.</param>
/// <param name="format">What lines are read as when no reader is named; null: as they are.</param>
internal sealed class ConsoleProducerTool(string name, SchemaFormat? format) : IKafkaTool
{
    private const string DefaultReader = "LineMessageReader";

    public string Name => name;

    public ToolSyntax Syntax { get; } =
        new ToolSyntax(name, "This tool helps to read data from standard input and publish it to Kafka.")
        .Value("topic", "topic", "REQUIRED: The topic to produce to.")
        .Value("bootstrap-server", "server to connect to", "REQUIRED unless --broker-list is given: The brokers to connect to, as host:port, separated by commas.")
        .Value("broker-list", "broker-list", "The old name of --bootstrap-server.")
        .Flag("sync", "Send records one at a time, each when the one before is acknowledged.")
        .OptionalValue("compression-codec", "compression-codec", "none, gzip, snappy, lz4 or zstd; without a value gzip.")
        .Value("batch-size", "size", "Bytes of a batch (default: 16384).")
        .Value("message-send-max-retries", "number", "How often a record is tried again before it is given up (default: 3).")
        .Value("retry-backoff-ms", "milliseconds", "How long before it is tried again (default: 100).")
        .Value("timeout", "timeout_ms", "How long a record waits for others to go with (default: 1000).")
        .Value("request-required-acks", "acks", "0, 1, or -1 for all in-sync replicas (default: -1).")
        .Value("request-timeout-ms", "milliseconds", "How long a broker may take to answer (default: 1500).")
        .Value("metadata-expiry-ms", "milliseconds", "Taken for old scripts' sake: metadata is asked for again when it proves old.")
        .Value("max-block-ms", "milliseconds", "How long a topic that is not there is waited for (default: 60000).")
        .Value("max-memory-bytes", "bytes", "Bytes of records that wait to be sent (default: 33554432).")
        .Value("max-partition-memory-bytes", "bytes", "Bytes of a batch; the same as --batch-size (default: 16384).")
        .Value("line-reader", "reader_class", "org.apache.kafka.tools.LineMessageReader; io.confluent.kafka.formatter.AvroMessageReader, json.JsonSchemaMessageReader or protobuf.ProtobufMessageReader.")
        .Value("socket-buffer-size", "size", "Taken for old scripts' sake: the system chooses.")
        .Value("property", "prop",
            "key=value for reading lines: parse.key, key.separator (default: tab), parse.headers, headers.delimiter (tab), headers.separator (,), headers.key.separator (:), ignore.error, null.marker; with schemas schema.registry.url, value.schema, value.schema.file, value.schema.id, value.refs, the same of key, key.serializer, auto.register.schemas, use.latest.version, basic.auth.credentials.source, basic.auth.user.info. May be repeated.")
        .Value("reader-property", "prop", "As --property.")
        .Value("reader-config", "file", "Properties file with what --property sets.")
        .Value("producer-property", "producer_prop", "key=value for the producer, such as acks, linger.ms, partitioner.class. May be repeated.")
        .Value("command-property", "producer_prop", "As --producer-property.")
        .Value("producer.config", "file", "Properties file with settings of the producer.")
        .Value("command-config", "file", "As --producer.config.");

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        if (!arguments.Has("broker-list"))
        {
            arguments.Require("bootstrap-server");
        }

        arguments.Require("topic");
        Refuse(arguments, "producer-property", "command-property");
        Refuse(arguments, "producer.config", "command-config");
        Refuse(arguments, "property", "reader-property");
        var reader = arguments.Value("line-reader") ?? (format is { } known ? SchemaFormats.ReaderOf(known) : DefaultReader);
        var schemas = SchemaFormats.Find(reader);
        if (schemas is null && !reader.EndsWith(DefaultReader, StringComparison.Ordinal))
        {
            throw new ToolFailedException($"Class {reader} could not be found: lines are read by org.apache.kafka.tools.{DefaultReader}, or as Avro, JSON or Protobuf by Confluent's readers");
        }

        var properties = ClientProperties.Load(arguments.Value("producer.config") ?? arguments.Value("command-config"));
        foreach (var (key, value) in arguments.Pairs("producer-property", "command-property"))
        {
            properties[key] = value;
        }

        var settings = FromOptions(arguments).With(properties);
        if (settings.TransactionalId is not null)
        {
            throw new ToolFailedException("transactional.id: kafka-console-producer begins no transactions");
        }

        var lines = await LinesAsync(arguments.Value("topic")!, Merged(arguments), schemas, cancellationToken);
        await using var cluster = ToolCluster.Open(arguments, properties, "console-producer");
        await using var producer = new ToolProducer(cluster, settings, console.Error);
        try
        {
            await SendLinesAsync(lines, producer, arguments.Has("sync"), console, cancellationToken);
        }
        finally
        {
            // Told to stop, what was typed is sent all the same.
            await producer.FlushAsync(CancellationToken.None);
        }

        return ExitCodes.Done;
    }

    /// <summary>Schemas are registered before the first line is read: what is wrong with them is told at once.</summary>
    private async Task<LineReader> LinesAsync(
        string topic, Dictionary<string, string> properties, SchemaFormat? schemas, CancellationToken cancellationToken)
    {
        if (schemas is not { } written)
        {
            return new LineReader(topic, properties);
        }

        if (format is not null)
        {
            properties.TryAdd(RegistryProperties.Url, RegistryProperties.StandardUrl);
        }

        using var registry = RegistryProperties.Open(properties);
        return new LineReader(topic, properties)
        {
            WriteValue = await SchemaFieldWriter.OfAsync(registry, properties, written, topic, "value", cancellationToken),
            WriteKey = LineReader.ParsesKey(properties)
                ? await SchemaFieldWriter.OfAsync(registry, properties, written, topic, "key", cancellationToken)
                : Encoding.UTF8.GetBytes,
        };
    }

    private static async Task SendLinesAsync(
        LineReader lines, ToolProducer producer, bool isOneByOne, ToolConsole console, CancellationToken cancellationToken)
    {
        using var input = new StreamReader(console.Input, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        while (true)
        {
            if (console.IsTerminal)
            {
                console.Text.Write('>');
                await console.Text.FlushAsync(cancellationToken);
            }

            // Reading a terminal is not cancelled, so it is left behind.
            if (await input.ReadLineAsync(cancellationToken).AsTask().WaitAsync(cancellationToken) is not { } line)
            {
                return;
            }

            var sent = isOneByOne ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            OutgoingRecord? record = null;
            record = lines.Read(line, failure =>
            {
                if (sent is null)
                {
                    Report(failure, record!, console.Error);
                }
                else if (failure is null)
                {
                    sent.SetResult();
                }
                else
                {
                    sent.SetException(failure);
                }
            });
            await producer.SendAsync(record, cancellationToken);
            if (sent is not null)
            {
                await sent.Task.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>As Kafka logs a record that could not be sent; the records behind it are sent all the same.</summary>
    private static void Report(Exception? failure, OutgoingRecord record, TextWriter errors)
    {
        if (failure is null)
        {
            return;
        }

        static string Length(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? FormattableString.Invariant($"{some.Length} bytes") : "null";
        var text = $"ERROR Error when sending message to topic {record.Topic} with key: {Length(record.Key)}, value: {Length(record.Value)} with error:";
        lock (errors)
        {
            errors.WriteLine($"{text} (org.apache.kafka.clients.producer.internals.ErrorLoggingCallback)");
            errors.WriteLine(failure is KafkaErrorException error ? $"{KafkaErrors.ClassName(error.Error)}: {error.Message}" : failure.Message);
        }
    }

    private static void Refuse(ToolArguments arguments, string option, string other)
    {
        if (arguments.Has(option) && arguments.Has(other))
        {
            throw new ToolUsageException($"Options --{option} and --{other} cannot be specified together.") { ShowsUsage = true };
        }
    }

    private static ProducerSettings FromOptions(ToolArguments arguments) => new()
    {
        Acks = ProducerSettings.ReadAcks(arguments.Value("request-required-acks") ?? "-1"),
        Compression = ProducerSettings.ReadCompression(
            arguments.Value("compression-codec") ?? (arguments.Has("compression-codec") ? "gzip" : "none")),
        BatchBytes = arguments.Number("max-partition-memory-bytes") ?? arguments.Number("batch-size") ?? 16 * 1024,
        Linger = TimeSpan.FromMilliseconds(arguments.Has("sync") ? 0 : arguments.LongNumber("timeout") ?? 1000), // alone, there is no one to wait for
        BufferBytes = arguments.LongNumber("max-memory-bytes") ?? 32 * 1024 * 1024,
        RequestTimeoutMs = arguments.Number("request-timeout-ms") ?? 1500,
        Retries = arguments.Number("message-send-max-retries") ?? 3,
        RetryBackoff = TimeSpan.FromMilliseconds(arguments.LongNumber("retry-backoff-ms") ?? 100),
        MaxBlock = TimeSpan.FromMilliseconds(arguments.LongNumber("max-block-ms") ?? 60_000),
    };

    private static Dictionary<string, string> Merged(ToolArguments arguments)
    {
        var properties = ClientProperties.Load(arguments.Value("reader-config"));
        foreach (var (key, value) in arguments.Pairs("property", "reader-property"))
        {
            properties[key] = value;
        }

        return properties;
    }
}
