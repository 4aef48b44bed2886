using Microsoft.Extensions.Logging;
using SchemaStream.Tests.Transport;
using SchemaStream.Transport;
using SchemaStream.Transport.Wire;
using SchemaStream.Transport.Native;

namespace SchemaStream.Tests.Consuming;

/// <summary>How reading ends, stalls and goes on: by cancellation, by a refusal, by a reader that is stuck.</summary>
public sealed class LoopEndTests
{
    private const string Group = "readers";
    private const short JoinGroupKey = 11;
    private const short OffsetCommitKey = 8;
    private const int GroupAuthorizationFailed = 30;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(CommitMode.Auto)]
    [InlineData(CommitMode.AfterHandling)]
    public async Task Record_ThatWasHandledWhileTheProgramWasToldToStop_IsNotReadAgain(CommitMode mode)
    {
        using var cluster = new MockCluster("notes");
        await Fill(cluster, 3);
        using var stop = new CancellationTokenSource();
        await using (var first = TextTopic.Consume(cluster, Group, new ConsumerOptions { CommitMode = mode }))
        {
            await Should.ThrowAsync<OperationCanceledException>(async () =>
            {
                await foreach (var record in first.ReadAllAsync(stop.Token))
                {
                    if (record.Offset == 1)
                    {
                        await stop.CancelAsync();
                    }
                }
            });
        }

        await using var second = TextTopic.Consume(cluster, Group);
        (await second.TakeAsync(1))[0].Offset.ShouldBe(2);
    }

    [Fact]
    public async Task WaitForAssignment_WhenTheConsumerIsDisposed_EndsWithAnException()
    {
        using var cluster = new MockCluster("notes");
        cluster.GoDown();
        var consumer = TextTopic.Consume(cluster, Group);
        var wait = consumer.WaitForAssignmentAsync();

        await consumer.DisposeAsync().AsTask().WaitAsync(Limit);

        await Should.ThrowAsync<ObjectDisposedException>(() => wait.WaitAsync(Limit));
        await Should.ThrowAsync<ObjectDisposedException>(() => consumer.WaitForAssignmentAsync().WaitAsync(Limit));
    }

    [Fact]
    public async Task WaitForAssignment_WhenTheGroupIsNotAllowed_EndsWithTheReason()
    {
        using var cluster = new MockCluster("notes");
        cluster.Fail(JoinGroupKey, Enumerable.Repeat(GroupAuthorizationFailed, 20).ToArray());
        await using var consumer = TextTopic.Consume(cluster, Group);

        var failure = await Should.ThrowAsync<BrokerException>(() => consumer.WaitForAssignmentAsync().WaitAsync(Limit));

        failure.Code.ShouldBe("GROUP_AUTHORIZATION_FAILED");
    }

    [Theory]
    [InlineData(27)] // REBALANCE_IN_PROGRESS
    [InlineData(22)] // ILLEGAL_GENERATION
    public async Task AfterHandling_WhenMembersComeAndGo_ReadsOn(int error)
    {
        using var cluster = new MockCluster("notes");
        await Fill(cluster, 3);
        await using var consumer = TextTopic.Consume(cluster, Group, new ConsumerOptions { CommitMode = CommitMode.AfterHandling });
        (await consumer.TakeAsync(1)).Count.ShouldBe(1);
        cluster.Fail(OffsetCommitKey, error);

        var rest = await consumer.TakeAsync(2);

        // Whether it goes on or begins the partition again, and how soon, depends on the error.
        rest.ShouldContain(record => record.Value != "0");
    }

    [Fact]
    public async Task AfterHandling_WhenTheCommitIsRefused_EndsTheLoopWithTheReason()
    {
        using var cluster = new MockCluster("notes");
        await Fill(cluster, 3);
        await using var consumer = TextTopic.Consume(cluster, Group, new ConsumerOptions { CommitMode = CommitMode.AfterHandling });
        (await consumer.TakeAsync(1)).Count.ShouldBe(1);
        cluster.Fail(OffsetCommitKey, GroupAuthorizationFailed);

        (await Should.ThrowAsync<BrokerException>(() => consumer.TakeAsync(1))).Code.ShouldBe("GROUP_AUTHORIZATION_FAILED");
    }

    [Fact]
    public async Task Member_WhoseApplicationIsStuck_LosesItsPartitionsToOthers()
    {
        using var cluster = new MockCluster("notes", 2);
        await Fill(cluster, 2, partitions: 2);
        var stuck = new ConsumerOptions { MaxPollInterval = TimeSpan.FromMilliseconds(1500) };
        await using var first = TextTopic.Consume(cluster, Group, stuck);
        (await first.TakeAsync(1)).Count.ShouldBe(1); // and never comes back for more

        await using var second = TextTopic.Consume(cluster, Group, stuck);

        // It may read its own partition's record again when the other's comes to it.
        using var limit = new CancellationTokenSource(Limit);
        var partitions = new HashSet<int>();
        await foreach (var record in second.ReadAllAsync(limit.Token))
        {
            partitions.Add(record.Partition);
            if (partitions.Count == 2)
            {
                break;
            }
        }

        partitions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Logger_ThatThrowsInARebalance_EndsReadingAndNotTheProcess()
    {
        using var cluster = new MockCluster("notes");
        var options = MockCluster.Hasten();
        var client = new SchemaStreamOptions { BootstrapServers = cluster.BootstrapServers, RegistryUrl = new Uri("http://127.0.0.1:1") };
        await using var consumer = new WireTransport(new NativeTransport()).CreateConsumer(
            "notes", TransportSettings.ForConsumer(client, Group, options), options, new BrokenLogger());
        consumer.Open(new NoListener());

        var failure = await Should.ThrowAsync<InvalidOperationException>(
            () => consumer.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Limit));

        failure.Message.ShouldBe("the log is broken");
    }

    private static async Task Fill(MockCluster cluster, int count, int partitions = 1)
    {
        await using var producer = TextTopic.Produce(cluster);
        for (var n = 0; n < count; n++)
        {
            await producer.SendAsync("k", n.ToString(), new RecordOptions { Partition = n % partitions });
        }
    }

    /// <summary>Cannot write that partitions were assigned.</summary>
    private sealed class BrokenLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "PartitionsAssigned")
            {
                throw new InvalidOperationException("the log is broken");
            }
        }
    }
}
