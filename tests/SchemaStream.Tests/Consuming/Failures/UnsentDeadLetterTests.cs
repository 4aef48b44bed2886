using SchemaStream.Consuming.Failures;
using SchemaStream.Tests.Observation;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Consuming.Failures;

/// <summary>What did not reach its dead-letter or retry topic is not counted as if it had: it is read again.</summary>
public sealed class UnsentDeadLetterTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _name = $"notes-{Guid.NewGuid():N}";
    private readonly MetricSum _failures;
    private readonly MetricSum _retries;

    public UnsentDeadLetterTests()
    {
        _failures = new MetricSum("schemastream.consumer.failures", _name);
        _retries = new MetricSum("schemastream.consumer.retries", _name);
    }

    [Fact]
    public async Task UnreadableRecord_WhoseDeadLetterIsRefused_IsNotCounted()
    {
        var transport = Transport(MemoryTopic.Unreadable);
        await using var consumer = MemoryTopic.Consume(
            transport, new ConsumerOptions { DecodeFailure = FailurePolicy.DeadLetter }, new RefusingTopics(), _name);

        await Should.ThrowAsync<BrokerException>(() => consumer.TakeAsync(1).WaitAsync(Limit));

        _failures.Value.ShouldBe(0);
    }

    [Theory]
    [InlineData(RetryPlace.InPlace)]
    [InlineData(RetryPlace.RetryTopics)]
    public async Task FailedRecord_ThatCannotBePutAside_IsNotCounted(RetryPlace place)
    {
        var transport = Transport(MemoryTopic.Readable);
        await using var consumer = MemoryTopic.Consume(transport, new ConsumerOptions(), new RefusingTopics(), _name);
        var policy = place == RetryPlace.InPlace ? FailurePolicy.DeadLetter : FailurePolicy.RetryTopics(TimeSpan.FromHours(1));

        await Should.ThrowAsync<BrokerException>(() => consumer.ProcessAsync(
            (_, _) => throw new InvalidOperationException("it does not please"), new() { Failure = policy }).WaitAsync(Limit));

        _failures.Value.ShouldBe(0);
        _retries.Value.ShouldBe(0);
    }

    public void Dispose()
    {
        _failures.Dispose();
        _retries.Dispose();
    }

    private MemoryTransport Transport(string value)
    {
        var transport = new MemoryTransport { Partition = new AssignedPartition(_name, 0) };
        transport.Add(new MemoryRecord(0, "k", value));
        return transport;
    }

    /// <summary>Its topics can be read, and not written to.</summary>
    private sealed class RefusingTopics : IFailureTopics
    {
        public Task EnsureAsync(string topic, TimeSpan wait, CancellationToken cancellationToken) => Task.CompletedTask;

        public ITopicProducer<byte[], byte[]> CreateProducer(string topic) => throw new BrokerException("TEST", "no way in");

        public IConsumerTransport CreateConsumer(string topic, string groupId, ConsumerOptions options) =>
            new MemoryTransport { Partition = new AssignedPartition(topic, 0) };
    }
}
