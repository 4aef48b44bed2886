using SchemaStream.Tests.Consuming;
using SchemaStream.Tests.Contracts;
using SchemaStream.Tests.Stack;

namespace SchemaStream.Tests.Transactions;

/// <summary>What is sent in one transaction is seen whole, or not at all.</summary>
public sealed class TransactionTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private readonly SchemaStreamClient _client = fixture.Client;

    [Fact]
    public async Task Commit_ShowsTheRecordsOfAllTopics()
    {
        var (orders, notes) = (await NewOrdersAsync(), await NotesTopic.CreateAsync(fixture));
        await using var producer = await _client.CreateTransactionalProducerAsync(fixture.NewName());

        await using (var tx = await producer.BeginAsync())
        {
            await tx.EnqueueAsync(orders, "k", Orders.Order(1));
            await tx.EnqueueAsync(notes.Topic, "k", "one");
            await tx.CommitAsync();
        }

        (await ReadAsync(orders, 1))[0].Value.ShouldBe(Orders.Order(1));
        (await ReadAsync(notes.Topic, 1))[0].Value.ShouldBe("one");
    }

    [Fact]
    public async Task Dispose_WithoutACommit_ShowsNothing_AndTheNextTransactionIsAsGoodAsEver()
    {
        var orders = await NewOrdersAsync();
        await using var producer = await _client.CreateTransactionalProducerAsync(fixture.NewName());

        await using (var dropped = await producer.BeginAsync())
        {
            await dropped.EnqueueAsync(orders, "k", Orders.Order(1));
        }

        await using var tx = await producer.BeginAsync();
        await tx.EnqueueAsync(orders, "k", Orders.Order(2));
        await tx.CommitAsync();

        (await ReadAsync(orders, 1))[0].Value.ShouldBe(Orders.Order(2));
    }

    [Fact]
    public async Task Begin_WhileATransactionIsOpen_IsRefused_AndSoIsAnEndAfterTheEnd()
    {
        await using var producer = await _client.CreateTransactionalProducerAsync(fixture.NewName());
        await using var tx = await producer.BeginAsync();

        await Should.ThrowAsync<InvalidOperationException>(() => producer.BeginAsync());
        await tx.AbortAsync();

        await Should.ThrowAsync<InvalidOperationException>(() => tx.CommitAsync());
        await Should.ThrowAsync<InvalidOperationException>(() => tx.EnqueueAsync(Orders.Topic, "k", Orders.Order(1)).AsTask());
    }

    [Fact]
    public async Task Producer_WhoseIdWasTakenOver_IsFenced()
    {
        var orders = await NewOrdersAsync();
        var id = fixture.NewName();
        await using var first = await _client.CreateTransactionalProducerAsync(id);
        await using var tx = await first.BeginAsync();
        await tx.EnqueueAsync(orders, "k", Orders.Order(1));

        await using var second = await _client.CreateTransactionalProducerAsync(id);

        await Should.ThrowAsync<ProducerFencedException>(() => tx.CommitAsync());
        await using var other = await second.BeginAsync();
        await other.EnqueueAsync(orders, "k", Orders.Order(2));
        await other.CommitAsync();
        (await ReadAsync(orders, 1))[0].Value.ShouldBe(Orders.Order(2));
    }

    /// <summary>Whoever sends many records may hear of it amid them, by the same exception as at the end.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Producer_WhoseIdWasTakenOver_IsFencedWhileItSends(bool alone)
    {
        var orders = await NewOrdersAsync();
        var id = fixture.NewName();
        await using var first = await _client.CreateTransactionalProducerAsync(id);
        await using var tx = await first.BeginAsync();
        await using var second = await _client.CreateTransactionalProducerAsync(id);
        var options = alone
            ? new RecordOptions { Headers = new RecordHeaders().Add("alone", "not in a batch, which is refused later") }
            : default;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var pauses = new PeriodicTimer(TimeSpan.FromMilliseconds(1));

        await Should.ThrowAsync<ProducerFencedException>(async () =>
        {
            while (await pauses.WaitForNextTickAsync(limit.Token))
            {
                await tx.EnqueueAsync(orders, "k", Orders.Order(1), options, limit.Token);
            }
        });

        await Should.ThrowAsync<InvalidOperationException>(() => tx.CommitAsync()); // it has ended
    }

    [Fact]
    public async Task Commit_OfARecordThatIsNotDelivered_IsAborted_WithTheReason()
    {
        var orders = await NewOrdersAsync();
        await using var producer = await _client.CreateTransactionalProducerAsync(
            fixture.NewName(), new TransactionOptions { ConfigureTransport = settings => settings["message.max.bytes"] = "1000" });
        await using (var tx = await producer.BeginAsync())
        {
            await tx.EnqueueAsync(orders, "k", Orders.Order(1));
            await tx.EnqueueAsync(orders, "k", Orders.Order(1) with { Customer = new string('x', 2000) });

            var failure = await Should.ThrowAsync<TransactionAbortedException>(() => tx.CommitAsync());

            failure.Code.ShouldBe("MSG_SIZE_TOO_LARGE");
        }

        await using var next = await producer.BeginAsync();
        await next.EnqueueAsync(orders, "k", Orders.Order(2));
        await next.CommitAsync();
        (await ReadAsync(orders, 1))[0].Value.ShouldBe(Orders.Order(2));
    }

    [Fact]
    public async Task Positions_AreCommittedWithTheRecords_OrNotAtAll()
    {
        var (notes, orders, group) = (await NotesTopic.CreateAsync(fixture), await NewOrdersAsync(), fixture.NewName());
        await notes.FillAsync(2);
        await using var producer = await _client.CreateTransactionalProducerAsync(fixture.NewName());
        foreach (var commits in new[] { false, true, true })
        {
            await using var consumer = await notes.ConsumeAsync(group, new ConsumerOptions { CommitMode = CommitMode.Manual });
            var record = (await consumer.TakeAsync(1))[0];
            await using var tx = await producer.BeginAsync();
            await tx.EnqueueAsync(orders, record.Value, Orders.Order(1));
            await tx.AddPositionsAsync(consumer, [record.Position with { Offset = record.Offset + 1 }]);
            await (commits ? tx.CommitAsync() : tx.AbortAsync());
        }

        (await ReadAsync(orders, 2)).Select(record => record.Key).ShouldBe(["0", "1"]);
    }

    [Fact]
    public async Task Positions_OfAnotherTopic_AreRefused_ByBothNames()
    {
        var (notes, group) = (await NotesTopic.CreateAsync(fixture), fixture.NewName());
        await notes.FillAsync(2);
        await using var producer = await _client.CreateTransactionalProducerAsync(fixture.NewName());
        await using var consumer = await notes.ConsumeAsync(group, new ConsumerOptions { CommitMode = CommitMode.Manual });
        (await consumer.TakeAsync(1)).Count.ShouldBe(1);
        await using var tx = await producer.BeginAsync();

        var failure = await Should.ThrowAsync<ArgumentException>(
            () => tx.AddPositionsAsync(consumer, [new RecordPosition("bills", 0, 1)]));

        failure.Message.ShouldContain("bills");
        failure.Message.ShouldContain(notes.Name);
        await tx.AddPositionsAsync(consumer, [new RecordPosition(notes.Name, 0, 1)]); // it has not ended
        await tx.CommitAsync();
    }

    /// <summary>As <c>consumer.Positions</c> has them: a partition of which nothing was read keeps its place.</summary>
    [Fact]
    public async Task Positions_ThatAreUnknown_CommitNothing()
    {
        var (notes, group) = (await NotesTopic.CreateAsync(fixture, partitions: 2), fixture.NewName());
        await notes.FillAsync(4, partitions: 2);
        await using (var first = await notes.ConsumeAsync(group, new ConsumerOptions { CommitMode = CommitMode.Manual }))
        {
            await first.TakeAsync(4);
            await first.CommitAsync();
        }

        await using (var producer = await _client.CreateTransactionalProducerAsync(fixture.NewName()))
        await using (var consumer = await notes.ConsumeAsync(group, new ConsumerOptions { CommitMode = CommitMode.Manual }))
        {
            await consumer.WaitForAssignmentAsync();
            consumer.Positions.ShouldAllBe(position => position.Offset == PartitionOffset.Unknown);
            await using var tx = await producer.BeginAsync();
            await tx.AddPositionsAsync(consumer, consumer.Positions);
            await tx.CommitAsync();
        }

        await notes.FillAsync(1, from: 4);
        await using var next = await notes.ConsumeAsync(group);
        (await next.TakeAsync(1))[0].Value.ShouldBe("4");
    }

    [Fact]
    public async Task SendMany_SaysWhereEachRecordLies_InTheirOrder()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await using var producer = await _client.CreateProducerAsync(notes.Topic);

        var positions = await producer.SendManyAsync(
            Enumerable.Range(0, 1000).Select(n => new OutgoingRecord<string, string>("k", $"{n}")));

        positions.Select(position => position.Offset).ShouldBe(Enumerable.Range(0, 1000).Select(n => (long)n));
        (await ReadAsync(notes.Topic, 1000)).Select(record => record.Value).ShouldBe(Enumerable.Range(0, 1000).Select(n => $"{n}"));
    }

    private async Task<List<ConsumedRecord<TKey, TValue>>> ReadAsync<TKey, TValue>(Topic<TKey, TValue> topic, int count)
    {
        await using var consumer = await _client.CreateConsumerAsync(topic, fixture.NewName());
        return [.. await consumer.TakeAsync(count)];
    }

    private async Task<Topic<string, OrderPlaced>> NewOrdersAsync()
    {
        var topic = Topic.Avro<string, OrderPlaced>(fixture.NewName());
        await _client.CreateTopicAsync(topic, new TopicSpecification { PartitionCount = 1 });
        return topic;
    }
}
