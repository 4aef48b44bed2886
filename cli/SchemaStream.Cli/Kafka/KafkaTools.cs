using SchemaStream.Cli.Kafka.Acls;
using SchemaStream.Cli.Kafka.Configs;
using SchemaStream.Cli.Kafka.ConsoleConsuming;
using SchemaStream.Cli.Kafka.ConsoleProducing;
using SchemaStream.Cli.Kafka.Groups;
using SchemaStream.Cli.Kafka.Offsets;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Cli.Kafka.Performance;
using SchemaStream.Cli.Kafka.Topics;
using SchemaStream.Cli.Kafka.Transactions;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Cli.Kafka;

/// <summary>Kafka's own command lines, by name.</summary>
internal static class KafkaTools
{
    /// <summary>By their names; one is made when it is asked for, as each start of the program asks for one at most.</summary>
    private static readonly (string Name, Func<IKafkaTool> Make)[] Tools =
    [
        ("kafka-topics", static () => new TopicsTool()),
        ("kafka-console-producer", static () => new ConsoleProducerTool("kafka-console-producer", null)),
        ("kafka-console-consumer", static () => new ConsoleConsumerTool("kafka-console-consumer", null)),
        ("kafka-avro-console-producer", static () => new ConsoleProducerTool("kafka-avro-console-producer", SchemaFormat.Avro)),
        ("kafka-avro-console-consumer", static () => new ConsoleConsumerTool("kafka-avro-console-consumer", SchemaFormat.Avro)),
        ("kafka-json-schema-console-producer", static () => new ConsoleProducerTool("kafka-json-schema-console-producer", SchemaFormat.Json)),
        ("kafka-json-schema-console-consumer", static () => new ConsoleConsumerTool("kafka-json-schema-console-consumer", SchemaFormat.Json)),
        ("kafka-protobuf-console-producer", static () => new ConsoleProducerTool("kafka-protobuf-console-producer", SchemaFormat.Protobuf)),
        ("kafka-protobuf-console-consumer", static () => new ConsoleConsumerTool("kafka-protobuf-console-consumer", SchemaFormat.Protobuf)),
        ("kafka-consumer-groups", static () => new ConsumerGroupsTool()),
        ("kafka-get-offsets", static () => new GetOffsetsTool()),
        ("kafka-delete-records", static () => new DeleteRecordsTool()),
        ("kafka-configs", static () => new ConfigsTool()),
        ("kafka-acls", static () => new AclsTool()),
        ("kafka-transactions", static () => new TransactionsTool()),
        ("kafka-producer-perf-test", static () => new ProducerPerfTool()),
        ("kafka-consumer-perf-test", static () => new ConsumerPerfTool()),
    ];

    /// <summary>The names of all of them.</summary>
    public static IEnumerable<string> Names => Tools.Select(tool => tool.Name);

    /// <summary>The tool of a name, as it is or as Kafka's scripts have it (<c>kafka-topics.sh</c>); null when there is none.</summary>
    public static IKafkaTool? Find(string name)
    {
        var bare = name.EndsWith(".sh", StringComparison.Ordinal) ? name[..^3] : name;
        foreach (var (each, make) in Tools)
        {
            if (each == bare)
            {
                return make();
            }
        }

        return null;
    }

    /// <summary>Runs a tool; returns the exit code, which is Kafka's: 0 done, 1 not.</summary>
    public static async Task<int> RunAsync(
        IKafkaTool tool, IReadOnlyList<string> arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        try
        {
            var parsed = tool.Syntax.Parse(arguments);
            if (arguments.Count == 0 || parsed.Has("help"))
            {
                console.Error.WriteLine(tool.Syntax.Purpose);
                tool.Syntax.WriteUsage(console.Error);
                return parsed.Has("help") ? ExitCodes.Done : ExitCodes.Failed;
            }

            if (parsed.Has("version"))
            {
                console.Text.WriteLine(typeof(KafkaTools).Assembly.GetName().Version?.ToString(3));
                return ExitCodes.Done;
            }

            return await tool.RunAsync(parsed, console, cancellationToken);
        }
        catch (ToolUsageException wrong)
        {
            console.Error.WriteLine(wrong.Message);
            if (wrong.ShowsUsage)
            {
                tool.Syntax.WriteUsage(console.Error);
            }

            return ExitCodes.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Failed;
        }
        catch (Exception failure) when (failure is ToolFailedException or KafkaErrorException or KafkaConnectionClosedException
            or IOException or TimeoutException or Protocol.ProtocolException or System.Net.Sockets.SocketException
            or Protocol.Records.CorruptRecordException or Compression.CompressionException)
        {
            await console.Text.FlushAsync(CancellationToken.None);
            console.Error.WriteLine(failure.Message);
            return ExitCodes.Failed;
        }
        finally
        {
            await console.Text.FlushAsync(CancellationToken.None);
        }
    }
}
