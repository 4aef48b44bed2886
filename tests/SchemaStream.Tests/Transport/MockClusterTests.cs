using SchemaStream.Tests.Consuming;

namespace SchemaStream.Tests.Transport;

/// <summary>What a producer and a consumer do when the broker is slow, fails or goes away, whoever moves the bytes.</summary>
public abstract class MockClusterTests(ClientTransport transport)
{
    private const int TopicAuthorizationFailed = 29;

    [Fact]
    public async Task Send_ThenRead_GivesTheSameRecord()
    {
        using var cluster = new MockCluster("notes");
        await using var producer = Produce(cluster);
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        var headers = new RecordHeaders().Add("trace", "a-1").Add("empty", Array.Empty<byte>()).Add("null", (ReadOnlyMemory<byte>?)null);

        var first = await producer.SendAsync("k1", "v1");
        var second = await producer.SendAsync("", "", new RecordOptions { Headers = headers, Timestamp = time, Partition = 0 });
        var third = await producer.SendTombstoneAsync("k3");
        first.ShouldBe(new RecordPosition("notes", 0, 0));
        second.Offset.ShouldBe(1);
        third.Offset.ShouldBe(2);

        await using var consumer = TextTopic.Consume(cluster, "readers");
        var records = await consumer.TakeAsync(3);
        records[0].Key.ShouldBe("k1");
        records[0].Value.ShouldBe("v1");
        records[0].Headers.Count.ShouldBe(0);
        records[1].Key.ShouldBe("");
        records[1].HasKey.ShouldBeTrue();
        records[1].Value.ShouldBe("");
        records[1].IsTombstone.ShouldBeFalse();
        records[1].Timestamp.ShouldBe(time);
        records[1].Headers.Count.ShouldBe(3);
        records[1].Headers["trace"]!.Value.AsText().ShouldBe("a-1");
        records[1].Headers["empty"]!.Value.Value!.Value.Length.ShouldBe(0);
        records[1].Headers["null"]!.Value.Value.ShouldBeNull();
        records[2].IsTombstone.ShouldBeTrue();
        records[2].Value.ShouldBeNull();
    }

    [Fact]
    public async Task Send_WhenTheBrokerRefuses_ThrowsItsReason()
    {
        using var cluster = new MockCluster("notes");
        await using var producer = Produce(cluster);
        await producer.SendAsync("k", "v");
        cluster.FailProduce(TopicAuthorizationFailed);

        var failure = await Should.ThrowAsync<DeliveryException>(async () => await producer.SendAsync("k", "v"));

        failure.Failure!.Code.ShouldBe("TOPIC_AUTHORIZATION_FAILED");
        failure.Message.ShouldContain("notes");
    }

    [Fact]
    public async Task Enqueue_WhenTheBrokerRefuses_TellsTheHandlerAndTheFlush()
    {
        using var cluster = new MockCluster("notes");
        var told = new List<DeliveryFailure>();
        await using var producer = Produce(
            cluster, new ProducerOptions { Linger = TimeSpan.FromMilliseconds(50), DeliveryFailed = told.Add });
        await producer.SendAsync("k", "v");
        cluster.FailProduce(TopicAuthorizationFailed);

        await producer.EnqueueAsync("k", "1");
        await producer.EnqueueAsync("k", "2");
        var failure = await Should.ThrowAsync<DeliveryException>(async () => await producer.FlushAsync());

        failure.Count.ShouldBe(2);
        failure.Failure!.Code.ShouldBe("TOPIC_AUTHORIZATION_FAILED");
        told.Count.ShouldBe(2);
        await producer.FlushAsync(); // told once, and then forgotten
    }

    [Fact]
    public async Task Enqueue_WhenTheQueueIsFull_WaitsForRoomAndKeepsTheOrder()
    {
        using var cluster = new MockCluster("notes");
        await using var producer = Produce(
            cluster, new ProducerOptions { QueueCapacity = 10, Linger = TimeSpan.Zero });
        await producer.SendAsync("k", "first");
        cluster.Delay(100);

        var waiting = Enumerable.Range(0, 50).Select(n => producer.EnqueueAsync("k", n.ToString()).AsTask()).ToList();
        waiting.Count(task => !task.IsCompleted).ShouldBeGreaterThan(0);
        producer.PendingCount.ShouldBeLessThanOrEqualTo(10);
        cluster.Delay(0);
        await Task.WhenAll(waiting);
        await producer.FlushAsync();

        producer.PendingCount.ShouldBe(0);
        await using var consumer = TextTopic.Consume(cluster, "readers");
        var values = (await consumer.TakeAsync(51)).Select(record => record.Value).ToList();
        values.ShouldBe(["first", .. Enumerable.Range(0, 50).Select(n => n.ToString())]);
    }

    [Fact]
    public async Task Enqueue_WhenCancelledWhileWaitingForRoom_IsNotSent()
    {
        using var cluster = new MockCluster("notes");
        await using var producer = Produce(
            cluster, new ProducerOptions { QueueCapacity = 1, Linger = TimeSpan.Zero });
        await producer.SendAsync("k", "first");
        cluster.Delay(200);
        var second = producer.EnqueueAsync("k", "second").AsTask();
        using var cancel = new CancellationTokenSource();
        var third = producer.EnqueueAsync("k", "third", cancellationToken: cancel.Token).AsTask();

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => third);
        cluster.Delay(0);
        await second;
        await producer.EnqueueAsync("k", "fourth");
        await producer.FlushAsync();

        await using var consumer = TextTopic.Consume(cluster, "readers");
        (await consumer.TakeAsync(3)).Select(record => record.Value).ShouldBe(["first", "second", "fourth"]);
    }

    [Fact]
    public async Task Send_WhenCancelled_StopsWaitingButTheRecordArrives()
    {
        using var cluster = new MockCluster("notes");
        await using var producer = Produce(cluster);
        await producer.SendAsync("k", "first");
        cluster.Delay(3000);
        using var cancel = new CancellationTokenSource();

        var send = producer.SendAsync("k", "second", cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();
        (await Should.ThrowAsync<OperationCanceledException>(() => send)).CancellationToken.ShouldBe(cancel.Token);
        cluster.Delay(0);
        await producer.FlushAsync();

        await using var consumer = TextTopic.Consume(cluster, "readers");
        (await consumer.TakeAsync(2)).Select(record => record.Value).ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Send_WhenTheRecordIsTooLarge_ThrowsAndNothingIsPending()
    {
        using var cluster = new MockCluster("notes");
        await using var producer = Produce(cluster);

        var failure = await Should.ThrowAsync<DeliveryException>(
            async () => await producer.SendAsync("k", new string('x', 2_000_000)));

        failure.Failure!.Code.ShouldBe("MSG_SIZE_TOO_LARGE");
        producer.PendingCount.ShouldBe(0);
        await producer.SendAsync("k", "small");
    }

    [Fact]
    public async Task Send_WhenDisposed_Throws()
    {
        using var cluster = new MockCluster("notes");
        var producer = Produce(cluster);
        await producer.SendAsync("k", "v");
        await producer.DisposeAsync();
        await producer.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(async () => await producer.SendAsync("k", "v"));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await producer.EnqueueAsync("k", "v"));
    }

    [Fact]
    public async Task Dispose_DeliversWhatIsPending()
    {
        using var cluster = new MockCluster("notes");
        var producer = Produce(cluster, new ProducerOptions { Linger = TimeSpan.FromMilliseconds(100) });
        for (var n = 0; n < 100; n++)
        {
            await producer.EnqueueAsync("k", n.ToString());
        }

        await producer.DisposeAsync();

        await using var consumer = TextTopic.Consume(cluster, "readers");
        (await consumer.TakeAsync(100)).Count.ShouldBe(100);
    }

    [Fact]
    public void Settings_ThatLibrdkafkaDoesNotKnow_AreRefusedByName()
    {
        using var cluster = new MockCluster("notes");

        var refusal = Should.Throw<ArgumentException>(() => Produce(
            cluster, new ProducerOptions { ConfigureTransport = settings => settings["no.such.setting"] = "1" }));

        refusal.Message.ShouldContain("no.such.setting");
        refusal.Message.ShouldContain("librdkafka 2.");
    }

    private ITopicProducer<string, string> Produce(MockCluster cluster, ProducerOptions? options = null) =>
        TextTopic.Produce(cluster, options, transport);
}

/// <summary>By the SDK's own sending.</summary>
public sealed class ManagedMockClusterTests() : MockClusterTests(ClientTransport.Managed);

/// <summary>By librdkafka's.</summary>
public sealed class LibrdkafkaMockClusterTests() : MockClusterTests(ClientTransport.Librdkafka);
