using System.Collections.Concurrent;
using SchemaStream.Tests.Consuming;
using SchemaStream.Tests.Contracts;

namespace SchemaStream.Tests.Stack;

/// <summary>The whole way: SDK, registry, broker, and back, over sockets and disk.</summary>
public sealed class RoundTripTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private readonly SchemaStreamClient _client = fixture.Client;

    [Fact]
    public async Task Records_ComeBackAsTheyWereSent()
    {
        var topic = await NewTopic(partitions: 3);
        await using var producer = await _client.CreateProducerAsync(topic);
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        var options = new RecordOptions { Partition = 2, Timestamp = time, Headers = new RecordHeaders().Add("trace", "7") };

        var sent = await producer.SendAsync("k", Orders.Order(1), options);
        var gone = await producer.SendTombstoneAsync("k", new RecordOptions { Partition = 2 });

        sent.ShouldBe(new RecordPosition(topic.Name, 2, 0));
        gone.Offset.ShouldBe(1);
        await using var consumer = await _client.CreateConsumerAsync(topic, fixture.NewName());
        var records = await consumer.TakeAsync(2);
        records[0].Position.ShouldBe(sent);
        records[0].Key.ShouldBe("k");
        records[0].Value.ShouldBe(Orders.Order(1));
        records[0].Timestamp.ShouldBe(time);
        records[0].Headers["trace"]!.Value.AsText().ShouldBe("7");
        records[1].IsTombstone.ShouldBeTrue();
    }

    [Fact]
    public async Task CommitByHand_OfTheRecordInHand_IsNotUndoneByTheAutomaticOne()
    {
        var topic = await NewTopic(partitions: 1);
        await using var producer = await _client.CreateProducerAsync(topic);
        for (var n = 0; n < 10; n++)
        {
            await producer.SendAsync("k", Orders.Order(n));
        }

        var group = fixture.NewName();
        for (var n = 0; n < 5; n++)
        {
            await using var consumer = await _client.CreateConsumerAsync(topic, group);
            (await consumer.TakeAsync(2))[0].Offset.ShouldBe(n * 2);
            await consumer.CommitAsync();
        }
    }

    [Theory]
    [InlineData(Acks.All, CompressionType.None)]
    [InlineData(Acks.Leader, CompressionType.Gzip)]
    [InlineData(Acks.All, CompressionType.Snappy)]
    [InlineData(Acks.All, CompressionType.Lz4)]
    [InlineData(Acks.All, CompressionType.Zstd)]
    public async Task Stream_ArrivesWholeAndInOrder(Acks acks, CompressionType compression)
    {
        const int count = 5_000;
        var topic = await NewTopic(partitions: 2);
        await using var producer = await _client.CreateProducerAsync(
            topic, new ProducerOptions { Acks = acks, Compression = compression, QueueCapacity = 500 });
        for (var n = 0; n < count; n++)
        {
            await producer.EnqueueAsync($"customer-{n % 20}", Orders.Order(n));
        }

        await producer.FlushAsync();

        await using var consumer = await _client.CreateConsumerAsync(topic, fixture.NewName());
        var records = await consumer.TakeAsync(count);
        foreach (var partition in records.GroupBy(record => record.Partition))
        {
            partition.Select(record => record.Offset).ShouldBe(Enumerable.Range(0, partition.Count()).Select(n => (long)n));
        }

        foreach (var customer in records.GroupBy(record => record.Key))
        {
            customer.Select(record => record.Value.Cents).ShouldBeInOrder();
        }

        records.Select(record => record.Value.OrderId).Distinct().Count().ShouldBe(count);
    }

    [Fact]
    public async Task Send_FromManyCallers_GivesEachItsOwnPosition()
    {
        var topic = await NewTopic(partitions: 1);
        await using var producer = await _client.CreateProducerAsync(topic, new ProducerOptions { Linger = TimeSpan.Zero });
        var positions = new ConcurrentDictionary<long, string>();

        await Parallel.ForEachAsync(Enumerable.Range(0, 2_000), async (n, cancellationToken) =>
        {
            var order = Orders.Order(n);
            var position = await producer.SendAsync("k", order, cancellationToken: cancellationToken);
            positions.TryAdd(position.Offset, order.OrderId).ShouldBeTrue();
        });

        await using var consumer = await _client.CreateConsumerAsync(topic, fixture.NewName());
        foreach (var record in await consumer.TakeAsync(2_000))
        {
            record.Value.OrderId.ShouldBe(positions[record.Offset]);
        }
    }

    [Fact]
    public async Task NoAcks_GivesNoOffset()
    {
        var topic = await NewTopic(partitions: 1);
        await using var producer = await _client.CreateProducerAsync(topic, new ProducerOptions { Acks = Acks.None });

        (await producer.SendAsync("k", Orders.Order(1))).Offset.ShouldBe(-1);
    }

    [Theory]
    [InlineData(AssignmentStrategy.Range)]
    [InlineData(AssignmentStrategy.RoundRobin)]
    [InlineData(AssignmentStrategy.CooperativeSticky)]
    public async Task TwoMembers_ShareTheRecords_EvenWhenOneHoldsStillMeanwhile(AssignmentStrategy strategy)
    {
        const int count = 3_000;
        const int partitions = 4;
        var topic = await NewTopic(partitions);
        await using (var producer = await _client.CreateProducerAsync(topic))
        {
            for (var n = 0; n < count; n++)
            {
                await producer.EnqueueAsync("k", Orders.Order(n), new RecordOptions { Partition = n % partitions });
            }

            await producer.FlushAsync();
        }

        var group = fixture.NewName();
        var options = new ConsumerOptions
        {
            AssignmentStrategy = strategy,
            ConfigureTransport = settings => settings["heartbeat.interval.ms"] = "100", // hears of rebalances sooner
        };
        await using var first = await _client.CreateConsumerAsync(topic, group, options);
        (await first.WaitForAssignmentAsync()).Count.ShouldBe(partitions);
        var seen = (await first.TakeAsync(1)).ToList();

        // The first member's application does something else now. Its place is kept, and the second still gets its share.
        await using var second = await _client.CreateConsumerAsync(topic, group, options);
        seen.AddRange(await second.TakeAsync(count / partitions));
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Task.WhenAll(ReadUntilAll(first, seen, count, end), ReadUntilAll(second, seen, count, end));

        first.Assignment.Count.ShouldBe(partitions / 2);
        second.Assignment.Count.ShouldBe(partitions / 2);
        seen.Select(record => record.Value.OrderId).Distinct().Count().ShouldBe(count);
    }

    [Fact]
    public async Task Member_ThatLeaves_LeavesWhereTheNextGoesOn()
    {
        var topic = await NewTopic(partitions: 1);
        var group = fixture.NewName();
        await using var producer = await _client.CreateProducerAsync(topic);
        for (var n = 0; n < 100; n++)
        {
            await producer.EnqueueAsync("k", Orders.Order(n));
        }

        await producer.FlushAsync();
        await using (var first = await _client.CreateConsumerAsync(topic, group))
        {
            await first.TakeAsync(41); // forty handled, one in hand
        }

        await using var second = await _client.CreateConsumerAsync(topic, group);
        (await second.TakeAsync(60)).Select(record => record.Offset).ShouldBe(Enumerable.Range(40, 60).Select(n => (long)n));
    }

    [Fact]
    public async Task Topic_ThatIsThere_IsRefusedByCreateAndTakenByEnsure()
    {
        var topic = await NewTopic(partitions: 1);

        var refusal = await Should.ThrowAsync<BrokerException>(() => _client.CreateTopicAsync(topic));
        refusal.Code.ShouldBe("TOPIC_ALREADY_EXISTS");
        (await _client.EnsureTopicAsync(topic)).ShouldBeFalse();
        await Should.ThrowAsync<TopicContractException>(
            () => _client.EnsureTopicAsync(Topic.Avro<string, PaymentReceived>(topic.Name)));
    }

    private static async Task ReadUntilAll(
        ITopicConsumer<string, OrderPlaced> consumer,
        List<ConsumedRecord<string, OrderPlaced>> seen,
        int expected,
        CancellationTokenSource end)
    {
        try
        {
            await foreach (var record in consumer.ReadAllAsync(end.Token))
            {
                lock (seen)
                {
                    seen.Add(record);
                    if (seen.Select(other => other.Value.OrderId).Distinct().Count() == expected)
                    {
                        end.Cancel();
                    }
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return; // all were seen, or the limit is over: the caller counts
        }
    }

    private async Task<Topic<string, OrderPlaced>> NewTopic(int partitions)
    {
        var topic = Topic.Avro<string, OrderPlaced>(fixture.NewName());
        await _client.CreateTopicAsync(topic, new TopicSpecification { PartitionCount = partitions });
        return topic;
    }
}
