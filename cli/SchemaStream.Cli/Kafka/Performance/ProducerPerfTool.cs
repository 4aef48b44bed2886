using System.Globalization;
using System.Text;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Cli.Kafka.Producing;

namespace SchemaStream.Cli.Kafka.Performance;

/// <summary><c>kafka-producer-perf-test</c>.</summary>
internal sealed class ProducerPerfTool : IKafkaTool
{
    private const int MaxPayloadFileBytes = 256 * 1024 * 1024;

    private static readonly string[] PayloadOptions = ["record-size", "payload-file", "payload-monotonic"];

    public string Name => "kafka-producer-perf-test";

    public ToolSyntax Syntax { get; } = new ToolSyntax("kafka-producer-perf-test", "This tool is used to verify the producer performance.")
        .Value("topic", "TOPIC", "REQUIRED: Produce to this topic.")
        .Value("num-records", "NUM-RECORDS", "REQUIRED: How many records.")
        .Value("record-size", "RECORD-SIZE", "Bytes of a value, which is made of random capitals.")
        .Value("payload-file", "PAYLOAD-FILE", "A file of values, of which each record takes one at random.")
        .Flag("payload-monotonic", "Values are the numbers from 0 on.")
        .Value("payload-delimiter", "PAYLOAD-DELIMITER", "What separates the values of the file (default: \\n).")
        .Value("throughput", "THROUGHPUT", "REQUIRED: About how many records a second; -1: as many as can be.")
        .Value("bootstrap-server", "server", "The brokers to connect to, as host:port, separated by commas; or bootstrap.servers among the properties.")
        .Values("producer-props", "PROP-NAME=PROP-VALUE", "Settings of the producer, one or several.")
        .Values("command-property", "PROP-NAME=PROP-VALUE", "As --producer-props.")
        .Value("producer.config", "CONFIG-FILE", "Properties file with settings of the producer.")
        .Value("command-config", "CONFIG-FILE", "As --producer.config.")
        .Value("warmup-records", "WARMUP-RECORDS", "So many first records are left out of a second summary (default: 0).");

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        arguments.Require("topic", "num-records", "throughput");
        if (PayloadOptions.Count(arguments.Has) != 1)
        {
            throw new ToolUsageException("one of the arguments --record-size --payload-file --payload-monotonic is required") { ShowsUsage = true };
        }

        var properties = ClientProperties.Load(arguments.Value("producer.config") ?? arguments.Value("command-config"));
        foreach (var (key, value) in arguments.Pairs("producer-props", "command-property"))
        {
            properties[key] = value;
        }

        properties.TryAdd("client.id", "perf-producer-client");
        var settings = new ProducerSettings().With(properties);
        if (settings.TransactionalId is not null)
        {
            throw new ToolFailedException("transactional.id: transactions are not measured by this tool");
        }

        var payloads = Payloads(arguments, console.Text);
        await using var cluster = ToolCluster.Open(arguments, properties, Name);
        await using var producer = new ToolProducer(cluster, settings, console.Error);
        return await ProduceAsync(arguments, payloads, producer, console, cancellationToken);
    }

    private static async Task<int> ProduceAsync(
        ToolArguments arguments, Func<long, byte[]> payloads, ToolProducer producer, ToolConsole console, CancellationToken cancellationToken)
    {
        var count = arguments.LongNumber("num-records")!.Value;
        var warmup = arguments.LongNumber("warmup-records") ?? 0;
        var pace = Pace(arguments.Value("throughput")!);
        var topic = arguments.Value("topic")!;
        if (warmup > 0)
        {
            console.Text.Write($"Warmup first {warmup} records. Steady state results will print after the complete test summary.\n");
        }

        var failures = 0L;
        var start = TimeProvider.System.GetTimestamp();
        var all = new ProducerStatistics(count, false, console.Text);
        ProducerStatistics? steady = null;
        for (var i = 0L; i < count; i++)
        {
            if (warmup > 0 && i == warmup)
            {
                all.IsPrinting = false;
                steady = new ProducerStatistics(count - warmup, true, console.Text);
            }

            var value = payloads(i);
            var sentAt = TimeProvider.System.GetTimestamp();
            var isSteady = steady;
            await producer.SendAsync(
                new OutgoingRecord(topic, null, value, null, failure =>
                {
                    if (failure is not null)
                    {
                        Interlocked.Increment(ref failures);
                        console.Error.WriteLine(failure.Message);
                        return;
                    }

                    var latency = (int)TimeProvider.System.GetElapsedTime(sentAt).TotalMilliseconds;
                    all.Record(latency, value.Length);
                    isSteady?.Record(latency, value.Length);
                }),
                cancellationToken);
            if (pace > 0 && TimeSpan.FromSeconds((i + 1) / pace) - TimeProvider.System.GetElapsedTime(start) is var ahead && ahead > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(ahead, cancellationToken);
            }
        }

        await producer.FlushAsync(cancellationToken);
        all.WriteTotal();
        steady?.WriteTotal();
        return Interlocked.Read(ref failures) == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static double Pace(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var pace)
        ? pace
        : throw new ToolUsageException($"argument --throughput: could not convert '{text}' to Double") { ShowsUsage = true };

    private static Func<long, byte[]> Payloads(ToolArguments arguments, TextWriter output)
    {
        var random = new Random(0); // the same values at every run
        if (arguments.Number("record-size") is { } size)
        {
            return size < 1
                ? throw new ToolUsageException("--record-size should be greater than zero.")
                : _ =>
                {
                    var value = new byte[size];
                    random.NextBytes(value);
                    for (var i = 0; i < size; i++)
                    {
                        value[i] = (byte)('A' + (value[i] % 26));
                    }

                    return value;
                };
        }

        if (arguments.Value("payload-file") is not { } path)
        {
            return number => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
        }

        output.Write($"Reading payloads from: {Path.GetFullPath(path)}\n");
        var file = new FileInfo(path);
        if (!file.Exists || file.Length is 0 or > MaxPayloadFileBytes)
        {
            throw new ToolFailedException("File does not exist or empty file provided.");
        }

        var delimiter = (arguments.Value("payload-delimiter") ?? "\\n").Replace("\\n", "\n", StringComparison.Ordinal);
        var values = File.ReadAllText(path).Split(delimiter, StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes).ToList();
        output.Write($"Number of messages read: {values.Count}\n");
        return values.Count > 0 ? _ => values[random.Next(values.Count)] : throw new ToolFailedException("File does not exist or empty file provided.");
    }
}
