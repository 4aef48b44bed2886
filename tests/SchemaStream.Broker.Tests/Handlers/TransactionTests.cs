using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class TransactionTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Coordinator_OfATransaction_IsThisBroker()
    {
        await using var client = await fixture.ConnectAsync();

        var old = await client.SendAsync(new FindCoordinatorRequest { Key = "tx", KeyType = 1 }, 3);
        (old.ErrorCode, old.NodeId, old.Port).ShouldBe((ErrorCode.None, 1, fixture.Broker.Port));
        var several = await client.SendAsync(new FindCoordinatorRequest { CoordinatorKeys = ["tx", "ty"], KeyType = 1 }, 6);
        several.Coordinators.Select(one => (one.Key, one.ErrorCode, one.Port)).ShouldBe(
            [("tx", ErrorCode.None, fixture.Broker.Port), ("ty", ErrorCode.None, fixture.Broker.Port)]);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 2)]
    [InlineData(4, 3, 3)]
    [InlineData(5, 3, 4)]
    public async Task Transaction_OfEveryVersion_IsCommitted_AndItsZombieFenced(short init, short add, short end)
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName("topic");
        await client.CreateTopicAsync(topic, partitions: 2);
        var id = await NewIdAsync(client);
        var zombie = await InitAsync(client, id, init);
        zombie.ErrorCode.ShouldBe(ErrorCode.None);
        var producer = await InitAsync(client, id, init);
        (producer.ProducerId, producer.ProducerEpoch).ShouldBe((zombie.ProducerId, (short)1));

        (await AddAsync(client, id, zombie, topic, add)).ShouldBe(add < 2 ? ErrorCode.InvalidProducerEpoch : ErrorCode.ProducerFenced);
        (await AddAsync(client, id, producer, topic, add)).ShouldBe(ErrorCode.None);
        (await DescribeAsync(client, id)).TransactionState.ShouldBe("Ongoing");
        (await EndAsync(client, id, zombie, end)).ErrorCode.ShouldBe(end < 2 ? ErrorCode.InvalidProducerEpoch : ErrorCode.ProducerFenced);
        (await EndAsync(client, id, producer, end)).ErrorCode.ShouldBe(ErrorCode.None);

        await UntilAsync(client, id, "CompleteCommit");
    }

    [Fact]
    public async Task V2_EveryTransactionHasAnEpochOfItsOwn()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName("topic");
        await client.CreateTopicAsync(topic);
        var id = await NewIdAsync(client);
        var producer = await InitAsync(client, id, 5);
        (await AddForProducerAsync(client, id, producer, topic, verifyOnly: true)).ShouldBe(ErrorCode.TransactionAbortable);
        (await AddForProducerAsync(client, id, producer, topic, verifyOnly: false)).ShouldBe(ErrorCode.None);
        (await AddForProducerAsync(client, id, producer, topic, verifyOnly: true)).ShouldBe(ErrorCode.None);

        var ended = await EndAsync(client, id, producer, 5);

        (ended.ErrorCode, ended.ProducerId, ended.ProducerEpoch).ShouldBe((ErrorCode.None, producer.ProducerId, (short)1));
        await UntilAsync(client, id, "CompleteCommit");
        var next = new InitProducerIdResponse { ProducerId = ended.ProducerId, ProducerEpoch = ended.ProducerEpoch };
        (await AddForProducerAsync(client, id, next, topic, verifyOnly: false)).ShouldBe(ErrorCode.None);

        // The first transaction's EndTxn once more, late: it must not end the second one.
        (await EndAsync(client, id, producer, 5)).ErrorCode.ShouldBe(ErrorCode.ProducerFenced);
        (await DescribeAsync(client, id)).TransactionState.ShouldBe("Ongoing");
    }

    [Fact]
    public async Task Partition_ThatIsNotThere_KeepsTheOthersFromBeingAdded()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName("topic");
        await client.CreateTopicAsync(topic);
        var id = await NewIdAsync(client);
        var producer = await InitAsync(client, id, 5);

        var response = await client.SendAsync(
            new AddPartitionsToTxnRequest
            {
                V3AndBelowTransactionalId = id,
                V3AndBelowProducerId = producer.ProducerId,
                V3AndBelowProducerEpoch = producer.ProducerEpoch,
                V3AndBelowTopics = [new() { Name = topic, Partitions = [0, 7] }, new() { Name = "__consumer_offsets", Partitions = [0] }],
            },
            3);

        response.ResultsByTopicV3AndBelow
            .SelectMany(result => result.ResultsByPartition.Select(partition => (result.Name, partition.PartitionIndex, partition.PartitionErrorCode)))
            .ShouldBe(
            [
                (topic, 0, ErrorCode.OperationNotAttempted),
                (topic, 7, ErrorCode.UnknownTopicOrPartition),
                ("__consumer_offsets", 0, ErrorCode.TopicAuthorizationFailed),
            ]);
        (await DescribeAsync(client, id)).TransactionState.ShouldBe("Empty");
    }

    [Fact]
    public async Task Offsets_OfAGroup_ArePartOfTheTransaction()
    {
        await using var client = await fixture.ConnectAsync();
        var id = await NewIdAsync(client);
        var producer = await InitAsync(client, id, 5);

        var added = await client.SendAsync(
            new AddOffsetsToTxnRequest
            {
                TransactionalId = id, ProducerId = producer.ProducerId, ProducerEpoch = producer.ProducerEpoch, GroupId = "readers",
            },
            4);

        added.ErrorCode.ShouldBe(ErrorCode.None);
        (await DescribeAsync(client, id)).Topics.ShouldHaveSingleItem().Topic.ShouldBe("__consumer_offsets");
    }

    [Fact]
    public async Task EmptyId_IsRefused()
    {
        await using var client = await fixture.ConnectAsync();
        var nobody = new InitProducerIdResponse { ProducerId = 1 };

        (await InitAsync(client, "", 5)).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        (await EndAsync(client, "", nobody, 4)).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        (await AddAsync(client, "", nobody, "topic", 3)).ShouldBe(ErrorCode.InvalidRequest);
        (await DescribeAsync(client, "")).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        (await DescribeAsync(client, fixture.NewName("unknown"))).ErrorCode.ShouldBe(ErrorCode.TransactionalIdNotFound);
    }

    [Fact]
    public async Task List_HasWhatTheFiltersLetPass()
    {
        await using var client = await fixture.ConnectAsync();
        var id = await NewIdAsync(client);
        var producer = await InitAsync(client, id, 5);

        var response = await ListAsync(new() { ProducerIdFilters = [producer.ProducerId], StateFilters = ["Empty", "Resting"] });
        response.UnknownStateFilters.ShouldBe(["Resting"]);
        var listed = response.TransactionStates.ShouldHaveSingleItem();
        (listed.TransactionalId, listed.ProducerId, listed.TransactionState).ShouldBe((id, producer.ProducerId, "Empty"));

        (await ListAsync(new() { StateFilters = ["Resting"] })).TransactionStates.ShouldBeEmpty();
        (await ListAsync(new() { StateFilters = ["3"] })).UnknownStateFilters.ShouldBe(["3"]);
        (await ListAsync(new() { TransactionalIdPattern = id[..^1] + "." })).TransactionStates.Select(one => one.TransactionalId).ShouldContain(id);
        (await ListAsync(new() { TransactionalIdPattern = id[..^1] })).TransactionStates.Select(one => one.TransactionalId).ShouldNotContain(id);
        (await ListAsync(new() { TransactionalIdPattern = "a)(b" })).ErrorCode.ShouldBe(ErrorCode.InvalidRegularExpression);
        (await ListAsync(new() { TransactionalIdPattern = "(?=a)" })).ErrorCode.ShouldBe(ErrorCode.InvalidRegularExpression);

        async Task<ListTransactionsResponse> ListAsync(ListTransactionsRequest request) =>
            await client.SendAsync(request, 2).WaitAsync(TestTime.Limit);
    }

    private async Task<string> NewIdAsync(KafkaConnection client)
    {
        var id = fixture.NewName("id");
        (await client.SendAsync(new FindCoordinatorRequest { Key = id, KeyType = 1 }, 3)).ErrorCode.ShouldBe(ErrorCode.None);
        return id;
    }

    private static Task<InitProducerIdResponse> InitAsync(KafkaConnection client, string id, short version) => client.SendAsync(
        new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = 60_000 }, version).WaitAsync(TestTime.Limit);

    private static async Task<ErrorCode> AddAsync(
        KafkaConnection client, string id, InitProducerIdResponse producer, string topic, short version)
    {
        var response = await client.SendAsync(
            new AddPartitionsToTxnRequest
            {
                V3AndBelowTransactionalId = id,
                V3AndBelowProducerId = producer.ProducerId,
                V3AndBelowProducerEpoch = producer.ProducerEpoch,
                V3AndBelowTopics = [new() { Name = topic, Partitions = [0, 1] }],
            },
            version).WaitAsync(TestTime.Limit);
        return response.ResultsByTopicV3AndBelow[0].ResultsByPartition[0].PartitionErrorCode;
    }

    private static async Task<ErrorCode> AddForProducerAsync(
        KafkaConnection client, string id, InitProducerIdResponse producer, string topic, bool verifyOnly)
    {
        var transaction = new AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction
        {
            TransactionalId = id,
            ProducerId = producer.ProducerId,
            ProducerEpoch = producer.ProducerEpoch,
            VerifyOnly = verifyOnly,
            Topics = [new() { Name = topic, Partitions = [0] }],
        };
        var response = await client.SendAsync(new AddPartitionsToTxnRequest { Transactions = [transaction] }, 5).WaitAsync(TestTime.Limit);
        return response.ResultsByTransaction[0].TopicResults[0].ResultsByPartition[0].PartitionErrorCode;
    }

    private static Task<EndTxnResponse> EndAsync(KafkaConnection client, string id, InitProducerIdResponse producer, short version) =>
        client.SendAsync(
            new EndTxnRequest
            {
                TransactionalId = id, ProducerId = producer.ProducerId, ProducerEpoch = producer.ProducerEpoch, Committed = true,
            },
            version).WaitAsync(TestTime.Limit);

    private static async Task<DescribeTransactionsResponse.DescribedTransaction> DescribeAsync(KafkaConnection client, string id)
    {
        var response = await client.SendAsync(new DescribeTransactionsRequest { TransactionalIds = [id] }, 0).WaitAsync(TestTime.Limit);
        return response.TransactionStates[0];
    }

    private static async Task UntilAsync(KafkaConnection client, string id, string state)
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        while ((await DescribeAsync(client, id)).TransactionState != state)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
