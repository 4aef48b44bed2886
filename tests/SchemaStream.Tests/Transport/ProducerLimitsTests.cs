namespace SchemaStream.Tests.Transport;

/// <summary>What a producer refuses at once, rather than wait for what cannot come, whoever moves the bytes.</summary>
public abstract class ProducerLimitsTests(ClientTransport transport)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Send_WhenTheValueIsLargerThanTheWholeQueue_ThrowsInsteadOfWaiting()
    {
        using var cluster = new MockCluster("notes");
        await using var producer = Produce(
            cluster, new ProducerOptions { QueueCapacityBytes = 1024, Linger = TimeSpan.Zero });

        var failure = await Should.ThrowAsync<DeliveryException>(
            () => producer.SendAsync("k", new string('x', 1025)).AsTask().WaitAsync(Limit));
        await Should.ThrowAsync<DeliveryException>(
            () => producer.EnqueueAsync("k", new string('x', 1025)).AsTask().WaitAsync(Limit));

        failure.Failure!.Code.ShouldBe("MSG_SIZE_TOO_LARGE");
        failure.Message.ShouldContain("QueueCapacityBytes");
        producer.PendingCount.ShouldBe(0);
        (await producer.SendAsync("k", new string('x', 1024)).AsTask().WaitAsync(Limit)).Offset.ShouldBe(0);
    }

    [Fact]
    public async Task Send_WhenNoBrokerServes_NamesTheAddressAndWhatToCheck()
    {
        var nowhere = new RawTopic<string, string>("127.0.0.1:1", Topic.Primitive<string, string>("notes"), transport);
        await using var producer = nowhere.Produce(new ProducerOptions { DeliveryTimeout = TimeSpan.FromSeconds(1) });

        var failure = await Should.ThrowAsync<DeliveryException>(() => producer.SendAsync("k", "v").AsTask().WaitAsync(Limit));

        failure.Failure!.Code.ShouldBe("MSG_TIMED_OUT");
        failure.Message.ShouldContain("topic 'notes'");
        failure.Message.ShouldContain("127.0.0.1:1");
        failure.Message.ShouldContain("BootstrapServers");
    }

    [Fact]
    public async Task Send_WhenCancelledBefore_SendsNothing()
    {
        using var cluster = new MockCluster("notes");
        await using var producer = Produce(cluster);
        var cancelled = new CancellationToken(canceled: true);

        await Should.ThrowAsync<OperationCanceledException>(() => producer.SendAsync("k", "1", default, cancelled).AsTask());
        await Should.ThrowAsync<OperationCanceledException>(() => producer.EnqueueAsync("k", "2", default, cancelled).AsTask());

        (await producer.SendAsync("k", "3")).Offset.ShouldBe(0);
    }

    [Fact]
    public void Timestamp_Before1970_IsRefusedRatherThanReplaced()
    {
        Should.Throw<ArgumentOutOfRangeException>(
            () => new RecordOptions { Timestamp = DateTimeOffset.UnixEpoch.AddMilliseconds(-1) });
        new RecordOptions { Timestamp = DateTimeOffset.UnixEpoch }.Timestamp.ShouldBe(DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public void Options_ThatWouldMeanWithoutLimit_AreRefusedByName()
    {
        using var cluster = new MockCluster("notes");

        Should.Throw<ArgumentOutOfRangeException>(
            () => Produce(cluster, new ProducerOptions { DeliveryTimeout = TimeSpan.Zero })).ParamName.ShouldBe("DeliveryTimeout");
        Should.Throw<ArgumentOutOfRangeException>(
            () => Produce(cluster, new ProducerOptions { QueueCapacity = 0 })).ParamName.ShouldBe("QueueCapacity");
        Should.Throw<ArgumentOutOfRangeException>(
            () => TextTopic.Consume(cluster, "g", new ConsumerOptions { AutoCommitInterval = TimeSpan.Zero })).ParamName.ShouldBe("AutoCommitInterval");
    }

    private ITopicProducer<string, string> Produce(MockCluster cluster, ProducerOptions? options = null) =>
        TextTopic.Produce(cluster, options, transport);
}

/// <summary>By the SDK's own sending.</summary>
public sealed class ManagedProducerLimitsTests() : ProducerLimitsTests(ClientTransport.Managed);

/// <summary>By librdkafka's.</summary>
public sealed class LibrdkafkaProducerLimitsTests() : ProducerLimitsTests(ClientTransport.Librdkafka);
