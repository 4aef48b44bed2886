using System.Globalization;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Cli.Kafka.Transactions;

/// <summary><c>kafka-transactions</c>: what producers of transactions do, and how to end what they left behind.</summary>
internal sealed class TransactionsTool : IKafkaTool
{
    private const string None = "None";

    private static readonly string[] ListHeads = ["TransactionalId", "Coordinator", "ProducerId", "TransactionState"];

    private static readonly string[] DescribeHeads =
    [
        "CoordinatorId", "TransactionalId", "ProducerId", "ProducerEpoch", "TransactionState", "TransactionTimeoutMs",
        "CurrentTransactionStartTimeMs", "TransactionDurationMs", "TopicPartitions",
    ];

    private static readonly string[] ProducerHeads =
    [
        "ProducerId", "ProducerEpoch", "LatestCoordinatorEpoch", "LastSequence", "LastTimestamp", "CurrentTransactionStartOffset",
    ];

    private static readonly string[] HangingHeads =
    [
        "Topic", "Partition", "ProducerId", "ProducerEpoch", "CoordinatorEpoch", "StartOffset", "LastTimestamp", "Duration(min)",
    ];

    public string Name => "kafka-transactions";

    public ToolSyntax Syntax { get; } = new ToolSyntax(
        "kafka-transactions",
        "This tool is used to analyze the transactional state of producers in the cluster. "
        + "It can be used to detect and recover from hanging transactions.")
        .Value("bootstrap-server", "host:port", "REQUIRED: The brokers to connect to, as host:port, separated by commas.")
        .Value("command-config", "FILE", "Properties file with settings of the client.")
        .Command("list", "list transactions", options => options
            .Value("duration-filter", "milliseconds", "Only transactions that have been open for longer; negative: all.")
            .Value("transactional-id-pattern", "regex", "Only transactions whose transactional id the expression matches."))
        .Command("describe", "describe the state of an active transactional-id", options => options
            .Value("transactional-id", "id", "REQUIRED: The transactional id."))
        .Command("describe-producers", "describe the states of active producers for a topic partition", options => options
            .Value("broker-id", "id", "The replica to ask; without it the leader.")
            .Value("topic", "topic", "REQUIRED: The topic.")
            .Value("partition", "number", "REQUIRED: The partition."))
        .Command("abort", "abort a hanging transaction (requires administrative privileges)", options => options
            .Value("topic", "topic", "REQUIRED: The topic.")
            .Value("partition", "number", "REQUIRED: The partition.")
            .Value("start-offset", "offset", "Where the transaction begins; brokers from 3.0 on need no more.")
            .Value("producer-id", "id", "The producer, for older brokers.")
            .Value("producer-epoch", "epoch", "The producer's epoch, for older brokers.")
            .Value("coordinator-epoch", "epoch", "The coordinator's epoch, for older brokers."))
        .Command("find-hanging", "find hanging transactions", options => options
            .Value("broker-id", "id", "The broker whose partitions are searched.")
            .Value("max-transaction-timeout", "minutes", "Transactions that are younger cannot hang (default: 15).")
            .Value("topic", "topic", "The topic to search; required with --partition.")
            .Value("partition", "number", "The partition to search."))
        .Command("forceTerminateTransaction", "force abort an ongoing transaction on this transactional-id", options => options
            .Value("transactional-id", "id", "REQUIRED: The transactional id."));

    public async Task<int> RunAsync(ToolArguments arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        Need(arguments, "bootstrap-server");
        Func<TransactionAdministration, Task> run = arguments.Command switch
        {
            "list" => transactions => ListAsync(transactions, arguments, console.Text, cancellationToken),
            "describe" => Needing(transactions => DescribeAsync(transactions, arguments, console.Text, cancellationToken), arguments, "transactional-id"),
            "describe-producers" => Needing(
                transactions => DescribeProducersAsync(transactions, arguments, console.Text, cancellationToken), arguments, "topic", "partition"),
            "abort" => Needing(transactions => AbortAsync(transactions, arguments, cancellationToken), arguments, "topic", "partition"),
            "find-hanging" => transactions => FindHangingAsync(transactions, arguments, console.Text, cancellationToken),
            "forceTerminateTransaction" => Needing(
                transactions => ForceTerminateAsync(transactions, arguments, cancellationToken), arguments, "transactional-id"),
            _ => throw new ToolUsageException("too few arguments") { ShowsUsage = true },
        };
        await using var cluster = ToolCluster.Open(arguments, ClientProperties.Load(arguments.Value("command-config")), Name);
        await run(new TransactionAdministration(cluster));
        return ExitCodes.Done;
    }

    private static async Task ListAsync(
        TransactionAdministration transactions, ToolArguments arguments, TextWriter output, CancellationToken cancellationToken)
    {
        var listed = await ToldAsync(
            "Failed to list transactions",
            () => transactions.ListAsync(
                [], arguments.LongNumber("duration-filter") ?? -1, arguments.Value("transactional-id-pattern"), cancellationToken));
        ToolTable.Write(output, ListHeads, [.. listed.Select(each => new[]
        {
            each.TransactionalId, Text(each.CoordinatorId), Text(each.ProducerId), each.State,
        })]);
    }

    private static async Task DescribeAsync(
        TransactionAdministration transactions, ToolArguments arguments, TextWriter output, CancellationToken cancellationToken)
    {
        var id = arguments.Value("transactional-id")!;
        var (coordinator, described) = await ToldAsync(
            $"Failed to describe transaction state of transactional-id `{id}`", () => transactions.DescribeAsync(id, cancellationToken));
        var hasBegun = described.TransactionStartTimeMs >= 0;
        var duration = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - described.TransactionStartTimeMs;
        ToolTable.Write(output, DescribeHeads,
        [
            [
                Text(coordinator), id, Text(described.ProducerId), Text(described.ProducerEpoch), described.TransactionState,
                Text(described.TransactionTimeoutMs), hasBegun ? Text(described.TransactionStartTimeMs) : None, hasBegun ? Text(duration) : None,
                string.Join(',', TransactionAdministration.PartitionsOf(described).Order()),
            ],
        ]);
    }

    private static async Task DescribeProducersAsync(
        TransactionAdministration transactions, ToolArguments arguments, TextWriter output, CancellationToken cancellationToken)
    {
        var partition = Partition(arguments);
        var broker = arguments.Number("broker-id");
        var producers = await ToldAsync(
            $"Failed to describe producers for partition {partition} on {(broker is { } id ? $"broker {Text(id)}" : "leader")}",
            () => transactions.ProducersAsync(partition, broker, cancellationToken));
        ToolTable.Write(output, ProducerHeads, [.. producers.Select(each => new[]
        {
            Text(each.ProducerId), Text(each.ProducerEpoch), Text(each.CoordinatorEpoch), Text(each.LastSequence), Text(each.LastTimestamp),
            each.CurrentTxnStartOffset >= 0 ? Text(each.CurrentTxnStartOffset) : None,
        })]);
    }

    private static async Task AbortAsync(TransactionAdministration transactions, ToolArguments arguments, CancellationToken cancellationToken)
    {
        var partition = Partition(arguments);
        var abort = arguments.LongNumber("start-offset") is { } startOffset
            ? await AbortFromAsync(transactions, partition, startOffset, cancellationToken)
            : AbortOf(partition, arguments);
        await ToldAsync($"Failed to abort transaction {abort}", async () =>
        {
            await transactions.AbortAsync(abort, cancellationToken);
            return true;
        });
    }

    private static async Task<AbortedTransaction> AbortFromAsync(
        TransactionAdministration transactions, TopicPartition partition, long startOffset, CancellationToken cancellationToken)
    {
        var producers = await ToldAsync(
            $"Failed to validate producer state for partition {partition}", () => transactions.ProducersAsync(partition, null, cancellationToken));
        var producer = producers.FirstOrDefault(each => each.CurrentTxnStartOffset >= 0 && each.CurrentTxnStartOffset == startOffset)
            ?? throw new ToolFailedException($"Could not find any open transactions starting at offset {Text(startOffset)} on partition {partition}");
        return new AbortedTransaction(partition, producer.ProducerId, (short)producer.ProducerEpoch, Math.Max(0, producer.CoordinatorEpoch));
    }

    private static AbortedTransaction AbortOf(TopicPartition partition, ToolArguments arguments)
    {
        var producerId = arguments.LongNumber("producer-id") ?? throw new ToolFailedException(
            "The transaction to abort must be identified either with --start-offset (for brokers on 3.0 or above) or with "
            + "--producer-id, --producer-epoch, and --coordinator-epoch (for older brokers)");
        var producerEpoch = arguments.Number("producer-epoch") ?? throw new ToolFailedException("Missing required argument --producer-epoch");
        var coordinatorEpoch = arguments.Number("coordinator-epoch")
            ?? throw new ToolFailedException("Missing required argument --coordinator-epoch");
        return producerEpoch is >= 0 and <= short.MaxValue
            ? new AbortedTransaction(partition, producerId, (short)producerEpoch, Math.Max(0, coordinatorEpoch)) // -1: it has ended none yet
            : throw new ToolUsageException($"argument --producer-epoch: could not convert '{producerEpoch}' to Short") { ShowsUsage = true };
    }

    private static async Task FindHangingAsync(
        TransactionAdministration transactions, ToolArguments arguments, TextWriter output, CancellationToken cancellationToken)
    {
        if (!arguments.Has("topic") && !arguments.Has("broker-id"))
        {
            throw new ToolFailedException("The `find-hanging` command requires either --topic or --broker-id to limit the scope of the search");
        }

        if (arguments.Has("partition") && !arguments.Has("topic"))
        {
            throw new ToolFailedException("The --partition argument requires --topic to be provided");
        }

        var search = new HangingSearch(transactions, TimeProvider.System)
        {
            Topic = arguments.Value("topic"),
            Partition = arguments.Number("partition"),
            BrokerId = arguments.Number("broker-id"),
            OlderThan = TimeSpan.FromMinutes(arguments.Number("max-transaction-timeout") ?? 15),
        };
        var hanging = await ToldAsync("Failed to find hanging transactions", () => search.RunAsync(cancellationToken));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        ToolTable.Write(output, HangingHeads, [.. hanging.Select(each => new[]
        {
            each.Partition.Topic, Text(each.Partition.Partition), Text(each.Producer.ProducerId), Text(each.Producer.ProducerEpoch),
            Text(each.Producer.CoordinatorEpoch), Text(each.Producer.CurrentTxnStartOffset), Text(each.Producer.LastTimestamp),
            Text((now - each.Producer.LastTimestamp) / 60_000),
        })]);
    }

    private static async Task ForceTerminateAsync(
        TransactionAdministration transactions, ToolArguments arguments, CancellationToken cancellationToken)
    {
        var id = arguments.Value("transactional-id")!;
        await ToldAsync($"Failed to force terminate transactional-id `{id}`", async () =>
        {
            await transactions.FenceAsync(id, cancellationToken);
            return true;
        });
    }

    /// <summary>What failed, with what the brokers said of it.</summary>
    private static async Task<T> ToldAsync<T>(string failed, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception refused) when (refused is KafkaErrorException or TimeoutException)
        {
            throw new ToolFailedException($"{failed}: {refused.Message}", refused);
        }
    }

    private static Func<TransactionAdministration, Task> Needing(
        Func<TransactionAdministration, Task> run, ToolArguments arguments, params ReadOnlySpan<string> options)
    {
        Need(arguments, options);
        return run;
    }

    private static void Need(ToolArguments arguments, params ReadOnlySpan<string> options)
    {
        foreach (var option in options)
        {
            if (!arguments.Has(option))
            {
                throw new ToolUsageException($"argument --{option} is required") { ShowsUsage = true };
            }
        }
    }

    private static TopicPartition Partition(ToolArguments arguments) => new(arguments.Value("topic")!, arguments.Number("partition")!.Value);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
