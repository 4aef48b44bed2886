using SchemaStream.Registry.Client;
using SchemaStream.Testing;
using SchemaStream.Tests.Consuming;
using SchemaStream.Tests.Contracts;

namespace SchemaStream.Tests.Fakes;

/// <summary>What an application's tests may rely on: the fakes refuse and keep what the real things refuse and keep.</summary>
public sealed class InMemoryClusterTests : IAsyncLifetime
{
    private readonly InMemoryCluster _cluster = new();
    private SchemaStreamClient _client = null!;

    public Task InitializeAsync()
    {
        _client = _cluster.CreateClient();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Records_ComeBackAsTheyWereSent()
    {
        await _client.CreateTopicAsync(Orders.Topic, new() { PartitionCount = 3 });
        await using var producer = await _client.CreateProducerAsync(Orders.Topic);
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        var headers = new RecordHeaders().Add("trace", "7");

        var sent = await producer.SendAsync("k", Orders.Order(1), new RecordOptions { Partition = 2, Timestamp = time, Headers = headers });
        await producer.SendTombstoneAsync("k", new RecordOptions { Partition = 2 });
        headers.Add("later", "not sent");

        sent.ShouldBe(new RecordPosition("orders", 2, 0));
        await using var consumer = await _client.CreateConsumerAsync(Orders.Topic, "readers");
        var records = await consumer.TakeAsync(2);
        (records[0].Key, records[0].Value, records[0].Timestamp).ShouldBe(("k", Orders.Order(1), time));
        records[0].Headers["trace"]!.Value.AsText().ShouldBe("7");
        records[0].Headers["later"].ShouldBeNull();
        records[1].IsTombstone.ShouldBeTrue();
    }

    [Fact]
    public void NegativePartition_IsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RecordOptions { Partition = -1 }).ParamName.ShouldBe("Partition");

    [Fact]
    public async Task GroupWithoutAnOffset_AndWithoutAWayToBegin_FailsToRead_UntilItHasOne()
    {
        await _client.CreateTopicAsync(Orders.Topic);
        await using var producer = await _client.CreateProducerAsync(Orders.Topic);
        await producer.SendAsync("k", Orders.Order(1));
        var strict = new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.None };
        await using (var fresh = await _client.CreateConsumerAsync(Orders.Topic, "readers", strict))
        {
            (await Should.ThrowAsync<BrokerException>(() => fresh.TakeAsync(1))).Code.ShouldBe("AUTO_OFFSET_RESET");
        }

        await using (var first = await _client.CreateConsumerAsync(Orders.Topic, "readers"))
        {
            await first.TakeAsync(1);
            await first.CommitAsync();
        }

        await producer.SendAsync("k", Orders.Order(2));
        await using var again = await _client.CreateConsumerAsync(Orders.Topic, "readers", strict);
        (await again.TakeAsync(1))[0].Value.ShouldBe(Orders.Order(2));
    }

    [Fact]
    public async Task AnotherTypeOnTheTopic_IsRefused()
    {
        await _client.CreateTopicAsync(Orders.Topic);

        var refusal = await Should.ThrowAsync<TopicContractException>(() => _client.CreateProducerAsync(Orders.OtherType));

        refusal.Message.ShouldContain("PaymentReceived");
    }

    [Fact]
    public async Task AShapeThatOldDataDoesNotFit_IsRefused_AndOneThatItFitsIsNot()
    {
        await _client.CreateTopicAsync(Orders.Topic);
        await using var first = await _client.CreateProducerAsync(Orders.Topic);
        await using var other = _cluster.CreateClient();

        await using var later = await other.CreateProducerAsync(Orders.Later);
        var refusal = await Should.ThrowAsync<RegistryException>(() => other.CreateProducerAsync(Orders.Broken));

        refusal.ErrorCode.ShouldBe(RegistryErrorCodes.Incompatible);
    }

    [Fact]
    public async Task ATopicThatIsThere_IsNotCreatedTwice()
    {
        (await _client.EnsureTopicAsync(Orders.Topic)).ShouldBeTrue();
        (await _client.EnsureTopicAsync(Orders.Topic)).ShouldBeFalse();
    }

    [Fact]
    public async Task AGroup_GoesOnWhereItCommitted()
    {
        await using var producer = await _client.CreateProducerAsync(Orders.Topic);
        for (var n = 0; n < 4; n++)
        {
            await producer.SendAsync("k", Orders.Order(n));
        }

        await using (var first = await _client.CreateConsumerAsync(Orders.Topic, "readers", new() { CommitMode = CommitMode.Manual }))
        {
            await first.TakeAsync(2);
            await first.CommitAsync();
        }

        await using var second = await _client.CreateConsumerAsync(Orders.Topic, "readers");
        (await second.TakeAsync(2)).Select(record => record.Offset).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task MembersOfAGroup_ShareThePartitions_AndTakeOverWhenOneLeaves()
    {
        await _client.CreateTopicAsync(Orders.Topic, new() { PartitionCount = 4 });
        var first = await _client.CreateConsumerAsync(Orders.Topic, "readers");
        (await first.WaitForAssignmentAsync()).Count.ShouldBe(4);
        await using var second = await _client.CreateConsumerAsync(Orders.Topic, "readers");

        (await second.WaitForAssignmentAsync()).Count.ShouldBe(2);
        await first.DisposeAsync();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (second.Assignment.Count < 4)
        {
            await second.WaitForAssignmentAsync(limit.Token);
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task KeysGoToThePartitionThatKafkaGivesThem()
    {
        await _client.CreateTopicAsync(Orders.Topic, new() { PartitionCount = 7 });
        await using var producer = await _client.CreateProducerAsync(Orders.Topic);

        // Kafka's own published values of its hash: 21, foobar, a-little-bit-long-string.
        (await producer.SendAsync("21", Orders.Order(1))).Partition.ShouldBe((int)((-973932308 & 0x7fffffff) % 7));
        (await producer.SendAsync("foobar", Orders.Order(1))).Partition.ShouldBe((int)((-790332482 & 0x7fffffff) % 7));
        (await producer.SendAsync("a-little-bit-long-string", Orders.Order(1))).Partition.ShouldBe((int)((-985981536 & 0x7fffffff) % 7));
    }

    [Fact]
    public async Task AHandlerThatFails_IsDealtWithByItsPolicy()
    {
        await using var producer = await _client.CreateProducerAsync(Orders.Topic);
        await producer.SendAsync("bad", Orders.Order(1));
        await producer.SendAsync("good", Orders.Order(2));
        await using var consumer = await _client.CreateConsumerAsync(Orders.Topic, "readers");
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var handled = new List<string>();

        await Should.ThrowAsync<OperationCanceledException>(() => consumer.ProcessAsync(
            (record, _) =>
            {
                if (record.Key == "bad")
                {
                    throw new InvalidOperationException("poison");
                }

                handled.Add(record.Key);
                done.Cancel();
                return ValueTask.CompletedTask;
            },
            new() { Failure = FailurePolicy.DeadLetter },
            done.Token));

        handled.ShouldBe(["good"]);
        var letters = Topic.Primitive<string, byte[]>("orders.dlt");
        await using var reader = await _client.CreateConsumerAsync(letters, "letters");
        (await reader.TakeAsync(1))[0].Key.ShouldBe("bad");
    }

    [Fact]
    public async Task ATable_IsReadyOnceItHasAllThatThereIs()
    {
        await using var producer = await _client.CreateProducerAsync(Orders.Topic);
        await producer.SendAsync("a", Orders.Order(1));
        await producer.SendAsync("a", Orders.Order(2));
        await producer.SendAsync("b", Orders.Order(3));
        await producer.SendTombstoneAsync("b");

        await using var table = await _client.CreateTableAsync(Orders.Topic);

        table.Count.ShouldBe(1);
        table.TryGet("a", out var latest).ShouldBeTrue();
        latest.ShouldBe(Orders.Order(2));
    }
}
