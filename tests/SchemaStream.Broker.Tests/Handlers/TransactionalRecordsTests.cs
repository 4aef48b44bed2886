using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

/// <summary>What partitions do with the records of transactions, as producers and consumers see it.</summary>
public sealed class TransactionalRecordsTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private const short AddsPartitions = 12;
    private const sbyte ReadCommitted = 1;

    [Fact]
    public async Task Commit_ShowsTheRecords_WhichOnlyReadersOfUncommittedOnesSawBefore()
    {
        await using var client = await fixture.ConnectAsync();
        var (topic, producer) = await BeginAsync(client);
        (await ProduceAsync(client, topic, producer, 0, ["a", "b"])).ShouldBe((ErrorCode.None, 0));

        Records(await FetchAsync(client, topic, 0, isolation: 0)).ShouldBe(["a", "b"]);
        var open = await FetchAsync(client, topic, 0, ReadCommitted);
        (open.HighWatermark, open.LastStableOffset).ShouldBe((2, 0));
        Records(open).ShouldBeEmpty();
        (await LatestAsync(client, topic, isolation: 0)).ShouldBe(2);
        (await LatestAsync(client, topic, ReadCommitted)).ShouldBe(0);

        await EndAsync(client, producer, commit: true);

        var stable = await UntilStableAsync(client, topic, 3);
        Records(stable).ShouldBe(["a", "b"]);
        stable.AbortedTransactions.ShouldNotBeNull().ShouldBeEmpty();
        (await LatestAsync(client, topic, ReadCommitted)).ShouldBe(3);
    }

    [Fact]
    public async Task Abort_IsToldToReadersOfCommittedRecords()
    {
        await using var client = await fixture.ConnectAsync();
        var (topic, producer) = await BeginAsync(client);
        await client.ProduceAsync(topic, Wire.Batch("outside"));
        await ProduceAsync(client, topic, producer, 0, ["gone"]);
        await EndAsync(client, producer, commit: false);

        var stable = await UntilStableAsync(client, topic, 3);

        stable.AbortedTransactions.ShouldNotBeNull().Select(aborted => (aborted.ProducerId, aborted.FirstOffset))
            .ShouldBe([(producer.ProducerId, 1L)]);
        (await FetchAsync(client, topic, 0, isolation: 0)).AbortedTransactions.ShouldBeNull();
    }

    [Fact]
    public async Task Poll_OfCommittedRecords_WaitsForTheEndOfTheTransaction()
    {
        await using var client = await fixture.ConnectAsync();
        await using var reader = await fixture.ConnectAsync();
        var (topic, producer) = await BeginAsync(client);
        await ProduceAsync(client, topic, producer, 0, ["a"]);
        var request = Wire.FetchRequest(topic, 0, maxWaitMs: 30_000);
        request.IsolationLevel = ReadCommitted;
        var poll = reader.SendAsync(request, Wire.FetchVersion);

        (await ProduceAsync(client, topic, producer, 1, ["b"])).Error.ShouldBe(ErrorCode.None);
        poll.IsCompleted.ShouldBeFalse("what is not committed is nothing to wake for");
        await EndAsync(client, producer, commit: true);

        Records((await poll.WaitAsync(TestTime.Limit)).Responses[0].Partitions[0]).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData(9, ErrorCode.InvalidTxnState)]
    [InlineData(11, ErrorCode.TransactionAbortable)]
    [InlineData(12, ErrorCode.None)]
    public async Task Partition_ThatWasNotAdded_IsRefused_UnlessItsLeaderAddsIt(short version, ErrorCode expected)
    {
        await using var client = await fixture.ConnectAsync();
        var (topic, producer) = await BeginAsync(client);

        (await ProduceAsync(client, topic, producer, 0, ["x"], version)).Error.ShouldBe(expected);
    }

    [Fact]
    public async Task Partition_ThatTheProducerAdded_TakesItsRecords()
    {
        await using var client = await fixture.ConnectAsync();
        var (topic, producer) = await BeginAsync(client);
        await AddAsync(client, producer, topic);

        (await ProduceAsync(client, topic, producer, 0, ["x"], version: 9)).Error.ShouldBe(ErrorCode.None);
        (await ProduceAsync(client, topic, producer, 1, ["y"], version: 9)).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Batches_ThatComeWhileTheFirstIsVerified_KeepTheirOrder()
    {
        await using var client = await fixture.ConnectAsync();
        var (topic, producer) = await BeginAsync(client);
        var pending = Enumerable.Range(0, 50).Select(i => ProduceAsync(client, topic, producer, i, [$"v{i}"])).ToArray();

        var answers = await Task.WhenAll(pending).WaitAsync(TestTime.Limit);

        answers.ShouldBe(Enumerable.Range(0, 50).Select(i => (ErrorCode.None, (long)i)));
    }

    [Fact]
    public async Task Records_OfATransactionThatHasEnded_AreRefused()
    {
        await using var client = await fixture.ConnectAsync();
        var (topic, producer) = await BeginAsync(client);
        await AddAsync(client, producer, topic);
        await ProduceAsync(client, topic, producer, 0, ["a"], version: 11);
        await EndAsync(client, producer, commit: true, version: 4);
        await UntilStableAsync(client, topic, 2);

        (await ProduceAsync(client, topic, producer, 1, ["late"], version: 11)).Error.ShouldBe(ErrorCode.TransactionAbortable);

        (await LatestAsync(client, topic, ReadCommitted)).ShouldBe(2, "no transaction hangs");
    }

    [Fact]
    public async Task Records_OfAnOldEpoch_AreFenced()
    {
        await using var client = await fixture.ConnectAsync();
        var (topic, zombie) = await BeginAsync(client);
        await ProduceAsync(client, topic, zombie, 0, ["a"]);
        var successor = await InitAsync(client, zombie.Id);

        (await ProduceAsync(client, topic, zombie, 1, ["b"])).Error.ShouldBe(ErrorCode.InvalidProducerEpoch);
        (await ProduceAsync(client, topic, successor, 0, ["c"])).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task FirstSequence_OfAProducerThatKnowsEpochBumps_IsZero()
    {
        await using var client = await fixture.ConnectAsync();
        var (topic, producer) = await BeginAsync(client);

        (await ProduceAsync(client, topic, producer, 5, ["x"])).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        (await ProduceAsync(client, topic, producer, 0, ["x"])).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Producers_AreDescribed()
    {
        await using var client = await fixture.ConnectAsync();
        var (topic, producer) = await BeginAsync(client);
        await client.ProduceAsync(topic, Wire.Batch("outside"));
        await ProduceAsync(client, topic, producer, 0, ["a", "b"]);
        var request = new DescribeProducersRequest { Topics = [new() { Name = topic, PartitionIndexes = [0, 7] }] };

        var described = (await client.SendAsync(request, 0).WaitAsync(TestTime.Limit)).Topics[0].Partitions;

        var active = described[0].ActiveProducers.ShouldHaveSingleItem();
        (active.ProducerId, active.ProducerEpoch, active.LastSequence, active.CoordinatorEpoch, active.CurrentTxnStartOffset)
            .ShouldBe((producer.ProducerId, producer.ProducerEpoch, 1, -1, 1));
        active.LastTimestamp.ShouldBeGreaterThan(0);
        described[1].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task RefusedRecords_AreNamedOneByOne()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic, configs: [("cleanup.policy", "compact"), ("message.timestamp.before.max.ms", "1000")]);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        byte[] some = [1];

        var keys = await client.ProduceAsync(
            topic, new RecordBatchBuilder().Add(now, some, some).Add(now, null, some).Add(now, null, some).Build());
        keys.ErrorCode.ShouldBe(ErrorCode.InvalidRecord);
        keys.RecordErrors.Select(error => error.BatchIndex).ShouldBe([1, 2]);
        keys.RecordErrors[0].BatchIndexErrorMessage.ShouldNotBeNull().ShouldContain("key");

        var times = await client.ProduceAsync(
            topic, new RecordBatchBuilder().Add(now, some, some).Add(now - 60_000, some, some).Build());
        times.ErrorCode.ShouldBe(ErrorCode.InvalidTimestamp);
        times.RecordErrors.ShouldHaveSingleItem().BatchIndex.ShouldBe(1);
        (await client.ProduceAsync(topic, new RecordBatchBuilder().Add(now, some, some).Build())).ErrorCode.ShouldBe(ErrorCode.None);
    }

    private async Task<(string Topic, Producer Producer)> BeginAsync(KafkaConnection client)
    {
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        var id = fixture.NewName("id");
        (await client.SendAsync(new FindCoordinatorRequest { Key = id, KeyType = 1 }, 3)).ErrorCode.ShouldBe(ErrorCode.None);
        return (topic, await InitAsync(client, id));
    }

    /// <summary>As clients do, over and over while the transaction before is brought to its end.</summary>
    private static async Task<Producer> InitAsync(KafkaConnection client, string id)
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        while (true)
        {
            var answer = await client.SendAsync(
                new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = 60_000 }, 5).WaitAsync(limit.Token);
            if (answer.ErrorCode != ErrorCode.ConcurrentTransactions)
            {
                answer.ErrorCode.ShouldBe(ErrorCode.None);
                return new Producer(id, answer.ProducerId, answer.ProducerEpoch);
            }
        }
    }

    private static async Task AddAsync(KafkaConnection client, Producer producer, string topic)
    {
        var request = new AddPartitionsToTxnRequest
        {
            V3AndBelowTransactionalId = producer.Id,
            V3AndBelowProducerId = producer.ProducerId,
            V3AndBelowProducerEpoch = producer.ProducerEpoch,
            V3AndBelowTopics = [new() { Name = topic, Partitions = [0] }],
        };
        var response = await client.SendAsync(request, 3).WaitAsync(TestTime.Limit);
        response.ResultsByTopicV3AndBelow[0].ResultsByPartition[0].PartitionErrorCode.ShouldBe(ErrorCode.None);
    }

    private static async Task<(ErrorCode Error, long BaseOffset)> ProduceAsync(
        KafkaConnection client, string topic, Producer producer, int sequence, string[] values, short version = AddsPartitions)
    {
        var builder = new RecordBatchBuilder
        {
            ProducerId = producer.ProducerId,
            ProducerEpoch = producer.ProducerEpoch,
            BaseSequence = sequence,
            IsTransactional = true,
        };
        var request = Wire.ProduceRequest(topic, Wire.Batch(builder, values));
        request.TransactionalId = producer.Id;
        var response = await client.SendAsync(request, version).WaitAsync(TestTime.Limit);
        var answer = response.Responses[0].PartitionResponses[0];
        return (answer.ErrorCode, answer.BaseOffset);
    }

    private static async Task EndAsync(KafkaConnection client, Producer producer, bool commit, short version = 5)
    {
        var request = new EndTxnRequest
        {
            TransactionalId = producer.Id,
            ProducerId = producer.ProducerId,
            ProducerEpoch = producer.ProducerEpoch,
            Committed = commit,
        };
        (await client.SendAsync(request, version).WaitAsync(TestTime.Limit)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    private static async Task<FetchResponse.PartitionData> FetchAsync(KafkaConnection client, string topic, long offset, sbyte isolation)
    {
        var request = Wire.FetchRequest(topic, offset);
        request.IsolationLevel = isolation;
        var response = await client.SendAsync(request, Wire.FetchVersion).WaitAsync(TestTime.Limit);
        return response.Responses[0].Partitions[0];
    }

    /// <summary>EndTxn is answered when the decision stands; the markers come a moment later.</summary>
    private static async Task<FetchResponse.PartitionData> UntilStableAsync(KafkaConnection client, string topic, long offset)
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        while (true)
        {
            var read = await FetchAsync(client, topic, 0, ReadCommitted);
            if (read.LastStableOffset >= offset)
            {
                return read;
            }

            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task<long> LatestAsync(KafkaConnection client, string topic, sbyte isolation)
    {
        var request = new ListOffsetsRequest
        {
            ReplicaId = -1,
            IsolationLevel = isolation,
            Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = 0, Timestamp = -1 }] }],
        };
        return (await client.SendAsync(request, 7).WaitAsync(TestTime.Limit)).Topics[0].Partitions[0].Offset;
    }

    /// <summary>Values without the markers, which consumers do not see.</summary>
    private static List<string> Records(FetchResponse.PartitionData read)
    {
        var values = new List<string>();
        foreach (var batch in RecordBatches.Split(read.Records.GetValueOrDefault()))
        {
            if (!batch.Header.IsControlBatch)
            {
                values.AddRange(Wire.Values(batch.Memory));
            }
        }

        return values;
    }

    private sealed record Producer(string Id, long ProducerId, short ProducerEpoch);
}
