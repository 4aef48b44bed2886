namespace SchemaStream.Tests.Consuming.Processing;

/// <summary>Commits of handled records that no one is there to take.</summary>
public sealed class AbsentCoordinatorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly MemoryTransport _transport = new(new MemoryRecord(0, "k", MemoryTopic.Readable));
    private readonly CancellationTokenSource _stop = new();

    [Theory]
    [InlineData("WAIT_COORD")]
    [InlineData("TIMED_OUT")]
    [InlineData("NOT_COORDINATOR")]
    public async Task Handlers_GoOn_AndWhatTheyHandledIsCommittedLater(string code)
    {
        var (tries, isDone) = (0, new TaskCompletionSource());
        _transport.Committing = () =>
        {
            if (++tries <= 2)
            {
                throw new BrokerException(code, "no coordinator");
            }

            isDone.TrySetResult();
        };
        await using var consumer = MemoryTopic.Consume(_transport, new ConsumerOptions { CommitMode = CommitMode.AfterHandling });

        var running = consumer.ProcessAsync((_, _) => ValueTask.CompletedTask, null, _stop.Token);

        await Task.WhenAny(isDone.Task, running).WaitAsync(Limit);
        running.IsCompleted.ShouldBeFalse();
        await _stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(Limit));
        _transport.Committed.ShouldBe([(0, 1L)]);
    }

    [Theory]
    [InlineData("WAIT_COORD")]
    [InlineData("COORDINATOR_LOAD_IN_PROGRESS")]
    public async Task Loop_WaitsUntilWhatIsHandledIsCommitted(string code)
    {
        var tries = 0;
        _transport.Committing = () =>
        {
            if (++tries <= 2)
            {
                throw new BrokerException(code, "no coordinator");
            }

            _stop.Cancel();
        };
        await using var consumer = MemoryTopic.Consume(_transport, new ConsumerOptions { CommitMode = CommitMode.AfterHandling });

        var read = 0;
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in consumer.ReadAllAsync(_stop.Token))
            {
                read++;
            }
        });

        (read, tries).ShouldBe((1, 3));
        _transport.Committed.ShouldBe([(0, 1L)]);
    }

    [Fact]
    public async Task Loop_ThatIsStoppedWhileTheCoordinatorIsAway_EndsAtOnce()
    {
        _transport.Committing = () =>
        {
            _stop.CancelAfter(TimeSpan.FromMilliseconds(1));
            throw new BrokerException("WAIT_COORD", "no coordinator");
        };
        await using var consumer = MemoryTopic.Consume(_transport, new ConsumerOptions { CommitMode = CommitMode.AfterHandling });

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var batch in consumer.ReadBatchesAsync(new BatchOptions { MaxCount = 1 }, _stop.Token))
            {
                batch.Count.ShouldBe(1);
            }
        }).WaitAsync(Limit);
    }

    [Fact]
    public async Task ACommitThatIsRefused_EndsTheRun()
    {
        _transport.Committing = () => throw new BrokerException("GROUP_AUTHORIZATION_FAILED", "not yours");
        await using var consumer = MemoryTopic.Consume(_transport, new ConsumerOptions { CommitMode = CommitMode.AfterHandling });

        var failure = await Should.ThrowAsync<BrokerException>(
            () => consumer.ProcessAsync((_, _) => ValueTask.CompletedTask, null, _stop.Token).WaitAsync(Limit));

        failure.Code.ShouldBe("GROUP_AUTHORIZATION_FAILED");
    }
}
