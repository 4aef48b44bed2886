using System.Buffers.Binary;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Tests.Transactions;

public sealed class TransactionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task End_BringsAMarkerToEveryPartition(bool commit)
    {
        await using var runtime = await StartAsync();
        var topic = await runtime.CreateTopicAsync("orders", partitions: 2);
        var transactions = runtime.Broker.Transactions;
        (await transactions.FindCoordinatorAsync("id", default)).NodeId.ShouldBe(1);
        var producer = await transactions.InitAsync("id");
        (await transactions.AddAsync("id", producer, ("orders", 0), ("orders", 1))).ShouldBe(ErrorCode.None);

        (await transactions.EndAsync("id", producer, commit)).ErrorCode.ShouldBe(ErrorCode.None);

        await transactions.UntilAsync("id", commit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort);
        foreach (var partition in new[] { topic, topic with { Partition = 1 } })
        {
            var marker = (await MarkersAsync(runtime, partition)).ShouldHaveSingleItem();
            (marker.ProducerId, marker.ProducerEpoch, marker.Commit).ShouldBe((producer.ProducerId, producer.ProducerEpoch, commit));
        }

        (await transactions.AddAsync("id", producer, ("orders", 0))).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task AddPartitions_RightAfterAnEnd_WaitsForTheMarkers()
    {
        await using var runtime = await StartAsync();
        await runtime.CreateTopicAsync("orders", partitions: 2);
        var transactions = runtime.Broker.Transactions;
        await transactions.FindCoordinatorAsync("id", default);
        var producer = await transactions.InitAsync("id");
        var add = new AddPartitionsCommand(
            "id", producer.ProducerId, producer.ProducerEpoch, [new("orders", 0), new("orders", 1)], PartitionRegistrationMode.Add);

        for (var round = 0; round < 50; round++)
        {
            (await transactions.AddPartitionsAsync(add, default)).Errors.ShouldBe([ErrorCode.None, ErrorCode.None], $"round {round}");
            (await transactions.EndAsync("id", producer, commit: true)).ErrorCode.ShouldBe(ErrorCode.None);
        }
    }

    [Fact]
    public async Task Id_KeepsItsProducerAndEpoch_AfterARestart()
    {
        await using var runtime = await StartAsync();
        await runtime.Broker.Transactions.FindCoordinatorAsync("id", default);
        var before = await runtime.Broker.Transactions.InitAsync("id");

        await runtime.RestartAsync(Small);

        var after = await runtime.Broker.Transactions.InitAsync("id");
        (after.ErrorCode, after.ProducerId, after.ProducerEpoch).ShouldBe((ErrorCode.None, before.ProducerId, (short)(before.ProducerEpoch + 1)));
        (await runtime.Broker.Transactions.AddAsync("id", before, ("orders", 0))).ShouldBe(ErrorCode.ProducerFenced);
    }

    [Fact]
    public async Task Id_BeforeTheTopicIsThere_HasNoCoordinator()
    {
        await using var runtime = await StartAsync();

        (await runtime.Broker.Transactions.InitAsync("id")).ErrorCode.ShouldBe(ErrorCode.NotCoordinator);
        (await runtime.Broker.Transactions.RegisterPartitionsAsync("id", 1, 0, [new("orders", 0)], verifyOnly: true, default))
            .ShouldBe([ErrorCode.CoordinatorNotAvailable]);
    }

    [Fact]
    public async Task ManyIds_LandOnTheirPartitionsAndAreListed()
    {
        await using var runtime = await StartAsync();
        await runtime.Broker.Transactions.FindCoordinatorAsync("any", default);
        var given = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => runtime.Broker.Transactions.InitAsync($"id-{i}")));

        given.Select(reply => reply.ProducerId).Distinct().Count().ShouldBe(20);
        await runtime.RestartAsync(Small);
        var lists = await runtime.Broker.Transactions.SubmitToAllAsync(new ListTransactionsCommand([], []), default);
        lists.Count.ShouldBe(4);
        lists.SelectMany(list => list.Transactions).Select(listed => listed.TransactionalId).Order(StringComparer.Ordinal)
            .ShouldBe(Enumerable.Range(0, 20).Select(i => $"id-{i}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TransactionThatTakesTooLong_IsAborted()
    {
        var clock = new ManualTimeProvider();
        await using var runtime = await RuntimeUnderTest.StartAsync(Small, clock);
        var topic = await runtime.CreateTopicAsync("orders");
        var transactions = runtime.Broker.Transactions;
        await transactions.FindCoordinatorAsync("id", default);
        var producer = await transactions.InitAsync("id", timeoutMs: 10_000);
        (await transactions.AddAsync("id", producer, ("orders", 0))).ShouldBe(ErrorCode.None);

        clock.Advance(TimeSpan.FromSeconds(11));

        await transactions.UntilAsync("id", TransactionState.CompleteAbort);
        var marker = (await MarkersAsync(runtime, topic)).ShouldHaveSingleItem();
        (marker.Commit, marker.ProducerEpoch).ShouldBe((false, (short)1));
        (await transactions.EndAsync("id", producer, commit: true)).ErrorCode.ShouldBe(ErrorCode.ProducerFenced);
    }

    [Fact]
    public async Task DeletedTopic_KeepsNoTransactionFromEnding()
    {
        await using var runtime = await StartAsync();
        await runtime.CreateTopicAsync("orders");
        await runtime.CreateTopicAsync("gone");
        var transactions = runtime.Broker.Transactions;
        await transactions.FindCoordinatorAsync("id", default);
        var producer = await transactions.InitAsync("id");
        (await transactions.AddAsync("id", producer, ("orders", 0), ("gone", 0))).ShouldBe(ErrorCode.None);
        await runtime.DeleteTopicAsync("gone");

        (await transactions.EndAsync("id", producer, commit: true)).ErrorCode.ShouldBe(ErrorCode.None);

        await transactions.UntilAsync("id", TransactionState.CompleteCommit);
    }

    [Fact]
    public async Task DecidedTransaction_WhoseMarkerTheDiskRefuses_IsCompletedByTheNextStart()
    {
        var disk = new MemoryDisk();
        await using var runtime = await RuntimeUnderTest.StartInMemoryAsync(disk, TimeProvider.System);
        await runtime.CreateTopicAsync("orders");
        var transactions = runtime.Broker.Transactions;
        await transactions.FindCoordinatorAsync("id", default);
        var producer = await transactions.InitAsync("id");
        (await transactions.AddAsync("id", producer, ("orders", 0))).ShouldBe(ErrorCode.None);
        disk.Fault = (operation, path) =>
            operation == DiskOperation.Write && path.Contains("orders-0", StringComparison.Ordinal) ? "no space left on device" : null;

        (await transactions.EndAsync("id", producer, commit: true)).ErrorCode.ShouldBe(ErrorCode.None);
        (await transactions.StateAsync("id")).ShouldBe(TransactionState.PrepareCommit);
        var add = new AddPartitionsCommand(
            "id", producer.ProducerId, producer.ProducerEpoch, [new("orders", 0)], PartitionRegistrationMode.Add);
        (await transactions.AddPartitionsAsync(add, default)).Errors.ShouldBe([ErrorCode.ConcurrentTransactions]);
        await runtime.Broker.StopAsync();
        disk.Fault = null;

        await using var next = await RuntimeUnderTest.StartInMemoryAsync(disk, TimeProvider.System);
        await next.Broker.Transactions.UntilAsync("id", TransactionState.CompleteCommit);
    }

    [Fact]
    public async Task AddPartitions_ByABroker_IsAnsweredAtOnce_WhileAnEndIsUnderWay()
    {
        var (disk, clock) = (new MemoryDisk(), new ManualTimeProvider());
        await using var runtime = await RuntimeUnderTest.StartInMemoryAsync(disk, clock);
        await runtime.CreateTopicAsync("orders");
        var transactions = runtime.Broker.Transactions;
        await transactions.FindCoordinatorAsync("id", default);
        var producer = await transactions.InitAsync("id");
        (await transactions.AddAsync("id", producer, ("orders", 0))).ShouldBe(ErrorCode.None);
        disk.Fault = (operation, path) =>
            operation == DiskOperation.Write && path.Contains("orders-0", StringComparison.Ordinal) ? "no space left on device" : null;
        (await transactions.EndAsync("id", producer, commit: true)).ErrorCode.ShouldBe(ErrorCode.None);
        var add = new AddPartitionsCommand(
            "id", producer.ProducerId, producer.ProducerEpoch, [new("orders", 0)], PartitionRegistrationMode.AddForProducer);

        var byProducer = transactions.AddPartitionsAsync(add with { Mode = PartitionRegistrationMode.Add }, default).AsTask();
        var byBroker = transactions.AddPartitionsAsync(add, default).AsTask();

        (await byBroker.WaitAsync(TimeSpan.FromSeconds(30))).Errors.ShouldBe([ErrorCode.ConcurrentTransactions]);
        byProducer.IsCompleted.ShouldBeFalse("no time has passed");
        disk.Fault = null;
    }

    [Fact]
    public async Task Partitions_AreRegisteredForAProducer_OrConfirmed()
    {
        await using var runtime = await StartAsync();
        await runtime.CreateTopicAsync("orders");
        var transactions = runtime.Broker.Transactions;
        await transactions.FindCoordinatorAsync("id", default);
        var producer = await transactions.InitAsync("id");
        TopicPartitionName[] partitions = [new("orders", 0)];

        (await RegisterAsync(verifyOnly: true)).ShouldBe([ErrorCode.TransactionAbortable]);
        (await RegisterAsync(verifyOnly: false)).ShouldBe([ErrorCode.None]);
        (await RegisterAsync(verifyOnly: true)).ShouldBe([ErrorCode.None]);
        (await transactions.StateAsync("id")).ShouldBe(TransactionState.Ongoing);

        async Task<IReadOnlyList<ErrorCode>> RegisterAsync(bool verifyOnly) => await transactions.RegisterPartitionsAsync(
            "id", producer.ProducerId, producer.ProducerEpoch, partitions, verifyOnly, default);
    }

    private static Task<RuntimeUnderTest> StartAsync() => RuntimeUnderTest.StartAsync(Small);

    private static RuntimeOptions Small(RuntimeOptions options) =>
        options with { Transactions = options.Transactions with { TopicPartitionCount = 4 } };

    private static async Task<List<(long ProducerId, short ProducerEpoch, bool Commit)>> MarkersAsync(
        RuntimeUnderTest runtime, TopicIdPartition partition)
    {
        using var fetched = await runtime.FetchAsync(partition, 0);
        var markers = new List<(long, short, bool)>();
        foreach (var batch in RecordBatches.Split(fetched.Partitions[0].Records))
        {
            batch.Header.IsControlBatch.ShouldBeTrue();
            foreach (var record in new RecordBatchReader(batch.Header, batch.Records.Span))
            {
                var type = BinaryPrimitives.ReadInt16BigEndian(record.Key[sizeof(short)..]);
                markers.Add((batch.Header.ProducerId, batch.Header.ProducerEpoch, type == 1));
            }
        }

        return markers;
    }
}
