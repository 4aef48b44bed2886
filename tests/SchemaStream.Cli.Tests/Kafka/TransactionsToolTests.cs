using Confluent.Kafka;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Kafka;

public sealed class TransactionsToolTests : IAsyncLifetime
{
    private const string Tool = "kafka-transactions --bootstrap-server <server_name>";
    private TestBroker _broker = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(("transaction.partition.verification.enable", "false"));
        await RunAsync("kafka-topics --create --topic orders --partitions 2 --bootstrap-server <server_name>");
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task AnOpenTransaction_IsListedAndDescribed_AndDoesNotHang()
    {
        using var producer = Open("payments", 0);

        var listed = await RunAsync(Tool + " list");
        listed.ExitCode.ShouldBe(0, listed.Errors);
        var rows = Rows(listed);
        rows[0].ShouldBe(["TransactionalId", "Coordinator", "ProducerId", "TransactionState"]);
        rows[1].ShouldBe(["payments", "1", rows[1][2], "Ongoing"]);
        listed.Output.ShouldStartWith("TransactionalId\tCoordinator\tProducerId\tTransactionState\t\npayments       \t1          \t", Case.Sensitive);

        var described = Rows(await RunAsync(Tool + " describe --transactional-id payments"));
        described[0].ShouldBe([
            "CoordinatorId", "TransactionalId", "ProducerId", "ProducerEpoch", "TransactionState", "TransactionTimeoutMs",
            "CurrentTransactionStartTimeMs", "TransactionDurationMs", "TopicPartitions"]);
        described[1][..6].ShouldBe(["1", "payments", rows[1][2], "0", "Ongoing", "60000"]);
        described[1][8].ShouldBe("orders-0");
        long.Parse(described[1][6], null).ShouldBeGreaterThan(0);

        var producers = Rows(await RunAsync(Tool + " describe-producers --topic orders --partition 0"));
        producers[0].ShouldBe(["ProducerId", "ProducerEpoch", "LatestCoordinatorEpoch", "LastSequence", "LastTimestamp", "CurrentTransactionStartOffset"]);
        producers[1][..2].ShouldBe([rows[1][2], "0"]);
        producers[1][5].ShouldBe("0");

        (await RunAsync(Tool + " find-hanging --topic orders --max-transaction-timeout 0")).Output.ShouldBe(
            "Topic\tPartition\tProducerId\tProducerEpoch\tCoordinatorEpoch\tStartOffset\tLastTimestamp\tDuration(min)\t\n");
        Rows(await RunAsync(Tool + " list --duration-filter 3600000")).Count.ShouldBe(1, "none is open for so long");
    }

    [Fact]
    public async Task ForceTerminate_AbortsWhatIsOpen_AndFencesTheProducer()
    {
        using var producer = Open("payments", 0);

        var run = await RunAsync(Tool + " forceTerminateTransaction --transactional-id payments");

        (run.ExitCode, run.Output, run.Errors).ShouldBe((0, "", ""));
        Should.Throw<KafkaException>(() => producer.CommitTransaction(TestTime.Limit)).Error.IsFatal.ShouldBeTrue();
        await Eventually.GetAsync(
            async () => Rows(await RunAsync(Tool + " list"))[1][3], state => state is "CompleteAbort" or "Empty", "the abort is complete");
        Rows(await RunAsync(Tool + " describe --transactional-id payments"))[1][6..8].ShouldBe(["None", "None"]);
    }

    [Fact]
    public async Task AHangingTransaction_IsFound_AndAbortedByItsStartOffset()
    {
        var producerId = await LeaveBehindAsync();

        var found = Rows(await RunAsync(Tool + " find-hanging --broker-id 1"));
        found.Count.ShouldBe(2);
        found[1][..3].ShouldBe(["orders", "1", $"{producerId}"]);
        found[1][5].ShouldBe("0");

        var none = await RunAsync(Tool + " abort --topic orders --partition 1 --start-offset 5");
        (none.ExitCode, none.Output, none.Errors).ShouldBe((1, "", "Could not find any open transactions starting at offset 5 on partition orders-1\n"));
        var aborted = await RunAsync(Tool + " abort --topic orders --partition 1 --start-offset 0");
        (aborted.ExitCode, aborted.Output, aborted.Errors).ShouldBe((0, "", ""));

        Rows(await RunAsync(Tool + " find-hanging --broker-id 1")).Count.ShouldBe(1, "it has ended");
        Rows(await RunAsync(Tool + " describe-producers --topic orders --partition 1"))[1][5].ShouldBe("None");
    }

    [Fact]
    public async Task AHangingTransaction_IsAbortedByItsProducer_AsOlderBrokersWantIt()
    {
        var producerId = await LeaveBehindAsync();

        var aborted = await RunAsync(
            Tool + $" abort --topic orders --partition 1 --producer-id {producerId} --producer-epoch 0 --coordinator-epoch -1");

        (aborted.ExitCode, aborted.Output, aborted.Errors).ShouldBe((0, "", ""));
        Rows(await RunAsync(Tool + " find-hanging --topic orders --partition 1")).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(Tool, "too few arguments")]
    [InlineData(Tool + " lists", "argument COMMAND: invalid choice: 'lists' (choose from 'list', 'describe', ")]
    [InlineData("kafka-transactions list", "argument --bootstrap-server is required")]
    [InlineData(Tool + " describe", "argument --transactional-id is required")]
    [InlineData(Tool + " list --topic orders", "topic is not a recognized option")]
    [InlineData(Tool + " abort --topic orders --partition 1", "The transaction to abort must be identified either with --start-offset")]
    [InlineData(Tool + " abort --topic orders --partition 1 --producer-id 1", "Missing required argument --producer-epoch")]
    [InlineData(Tool + " find-hanging", "The `find-hanging` command requires either --topic or --broker-id to limit the scope of the search")]
    [InlineData(Tool + " find-hanging --broker-id 1 --partition 1", "The --partition argument requires --topic to be provided")]
    [InlineData(Tool + " describe --transactional-id nobody", "Failed to describe transaction state of transactional-id `nobody`: ")]
    [InlineData(Tool + " describe-producers --topic nowhere --partition 0", "Failed to describe producers for partition nowhere-0 on leader: ")]
    public async Task WhatIsWrong_IsSaid(string line, string said)
    {
        var run = await RunAsync(line);

        (run.ExitCode, run.Output).ShouldBe((1, ""));
        run.Errors.ShouldContain(said);
    }

    private IProducer<Null, string> Open(string transactionalId, int partition)
    {
        var producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = _broker.BootstrapServers, TransactionalId = transactionalId, TransactionTimeoutMs = 60_000,
        }).Build();
        producer.InitTransactions(TestTime.Limit);
        producer.BeginTransaction();
        producer.Produce(new Confluent.Kafka.TopicPartition("orders", partition), new Message<Null, string> { Value = "one" });
        producer.Flush(TestTime.Limit).ShouldBe(0);
        return producer;
    }

    /// <summary>What a broken client leaves: a transaction on a partition that its coordinator was never told of.</summary>
    private async Task<long> LeaveBehindAsync()
    {
        await using var connection = await _broker.ConnectAsync();
        await Eventually.GetAsync(
            () => connection.SendAsync(new FindCoordinatorRequest { Key = "broken", KeyType = 1 }, 2, CancellationToken.None),
            answer => answer.ErrorCode == Protocol.ErrorCode.None,
            "a coordinator");
        var producer = await Eventually.GetAsync(
            () => connection.SendAsync(
                new InitProducerIdRequest { TransactionalId = "broken", TransactionTimeoutMs = 60_000 }, 4, CancellationToken.None),
            answer => answer.ErrorCode == Protocol.ErrorCode.None,
            "a producer id");
        var batch = new RecordBatchBuilder { ProducerId = producer.ProducerId, ProducerEpoch = producer.ProducerEpoch, BaseSequence = 0, IsTransactional = true };
        batch.Add(TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds(), null, "left"u8.ToArray());
        var answer = await connection.SendAsync(
            new ProduceRequest
            {
                TransactionalId = "broken",
                Acks = -1,
                TimeoutMs = (int)TestTime.Limit.TotalMilliseconds,
                TopicData = [new() { Name = "orders", PartitionData = [new() { Index = 1, Records = batch.Build() }] }],
            },
            9,
            CancellationToken.None);
        KafkaErrorException.Require(answer.Responses[0].PartitionResponses[0].ErrorCode, "The batch");
        return producer.ProducerId;
    }

    private static List<string[]> Rows(ToolRun run)
    {
        run.ExitCode.ShouldBe(0, run.Errors);
        return [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.TrimEnd('\t').Split('\t').Select(field => field.TrimEnd()).ToArray())];
    }

    private Task<ToolRun> RunAsync(string line) => ToolRun.OfAsync(_broker, line);
}
