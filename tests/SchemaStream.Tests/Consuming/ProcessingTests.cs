using System.Collections.Concurrent;
using SchemaStream.Tests.Stack;

namespace SchemaStream.Tests.Consuming;

/// <summary>Handlers side by side: what stays in order, what is committed, and how it ends.</summary>
public sealed class ProcessingTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(ProcessingOrder.Partition, 1)]
    [InlineData(ProcessingOrder.Partition, 4)]
    [InlineData(ProcessingOrder.Key, 4)]
    public async Task Handlers_SeeEveryRecordOnce_InTheOrderThatWasAskedFor(ProcessingOrder order, int parallelism)
    {
        const int count = 2000;
        var notes = await NotesTopic.CreateAsync(fixture, partitions: 3);
        await notes.FillAsync(count, partitions: 3, keys: 50);
        await using var consumer = await notes.ConsumeAsync("readers");
        var seen = new ConcurrentQueue<ConsumedRecord<string, string>>();
        using var end = new CancellationTokenSource(Limit);

        await Should.ThrowAsync<OperationCanceledException>(() => consumer.ProcessAsync(
            async (record, _) =>
            {
                await Task.Yield();
                seen.Enqueue(record);
                if (seen.Count == count)
                {
                    await end.CancelAsync();
                }
            },
            new() { Parallelism = parallelism, Order = order },
            end.Token));

        seen.Select(record => record.Value).Distinct().Count().ShouldBe(count);
        seen.Count.ShouldBe(count);
        var groups = order == ProcessingOrder.Key
            ? seen.GroupBy(record => (record.Partition, record.Key))
            : seen.GroupBy(record => (record.Partition, Key: ""));
        foreach (var group in groups)
        {
            group.Select(record => record.Offset).ShouldBeInOrder();
        }
    }

    [Fact]
    public async Task Keys_OfOnePartition_AreHandledSideBySide()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(40, keys: 40);
        await using var consumer = await notes.ConsumeAsync("readers");
        using var end = new CancellationTokenSource(Limit);
        var running = 0;
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await Should.ThrowAsync<OperationCanceledException>(() => consumer.ProcessAsync(
            async (_, token) =>
            {
                if (Interlocked.Increment(ref running) == 2)
                {
                    both.SetResult();
                }

                await both.Task.WaitAsync(Limit, token);
                await end.CancelAsync();
            },
            new() { Parallelism = 2, Order = ProcessingOrder.Key },
            end.Token));

        both.Task.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Theory]
    [InlineData(CommitMode.Auto)]
    [InlineData(CommitMode.AfterHandling)]
    public async Task Commits_NeverPassAnUnfinishedRecord(CommitMode mode)
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(100, keys: 100);
        var finished = new ConcurrentBag<long>();
        await using (var consumer = await notes.ConsumeAsync("readers", new ConsumerOptions { CommitMode = mode }))
        {
            using var end = new CancellationTokenSource(Limit);
            var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await Should.ThrowAsync<OperationCanceledException>(() => consumer.ProcessAsync(
                async (record, token) =>
                {
                    if (record.Offset == 7)
                    {
                        await release.Task.WaitAsync(token); // never: it is told to stop in the end
                    }

                    finished.Add(record.Offset);
                    if (finished.Count >= 60 && Enumerable.Range(0, 7).All(offset => finished.Contains(offset)))
                    {
                        await end.CancelAsync();
                    }
                },
                new() { Parallelism = 3, Order = ProcessingOrder.Key, DrainTimeout = TimeSpan.FromSeconds(1) },
                end.Token));
        }

        await using var next = await notes.ConsumeAsync("readers");
        (await next.TakeAsync(1))[0].Offset.ShouldBe(7);
    }

    [Fact]
    public async Task Handler_ThatThrows_EndsTheRun_AndTheNextRunMeetsTheRecordAgain()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(20);
        await using var consumer = await notes.ConsumeAsync("readers");
        var seen = new List<long>();

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => consumer.ProcessAsync(Handle).WaitAsync(Limit));
        failure.Message.ShouldBe("not yet");
        seen.ShouldBe([0, 1, 2, 3]);
        (await consumer.TakeAsync(17)).Select(record => record.Offset).ShouldBe(Enumerable.Range(3, 17).Select(n => (long)n));

        ValueTask Handle(ConsumedRecord<string, string> record, CancellationToken token)
        {
            seen.Add(record.Offset);
            return record.Offset == 3 ? throw new InvalidOperationException("not yet") : ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Dispose_LetsRunningHandlersFinish_AndCommitsThem()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(10);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumer = await notes.ConsumeAsync("readers", new ConsumerOptions { CommitMode = CommitMode.AfterHandling });
        var handled = 0;
        var run = consumer.ProcessAsync(async (record, _) =>
        {
            handled++;
            if (record.Offset == 4)
            {
                begun.SetResult();
                await release.Task;
            }
        });
        await begun.Task.WaitAsync(Limit);

        var closing = consumer.DisposeAsync().AsTask();
        closing.IsCompleted.ShouldBeFalse();
        release.SetResult();
        await closing.WaitAsync(Limit);
        await run.WaitAsync(Limit);

        await notes.FillAsync(1);
        await using var next = await notes.ConsumeAsync("readers");
        handled.ShouldBeGreaterThanOrEqualTo(5);
        (await next.TakeAsync(1))[0].Offset.ShouldBe(handled);
    }

    [Fact]
    public async Task Partition_ThatMoves_IsHandledByOneMemberAtATime_WithoutGaps()
    {
        const int count = 600;
        var notes = await NotesTopic.CreateAsync(fixture, partitions: 4);
        await notes.FillAsync(count, partitions: 4);
        using var end = new CancellationTokenSource(Limit);
        var seen = new ConcurrentDictionary<string, int>();
        var options = new ConsumerOptions { CommitMode = CommitMode.AfterHandling };
        await using var first = await notes.ConsumeAsync("readers", options);
        var halfway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var firstRun = first.ProcessAsync(Handle, new() { Parallelism = 4, QueueCapacity = 20 }, end.Token);
        await halfway.Task.WaitAsync(Limit);

        await using var second = await notes.ConsumeAsync("readers", options);
        var secondRun = second.ProcessAsync(Handle, new() { Parallelism = 4, QueueCapacity = 20 }, end.Token);

        await Should.ThrowAsync<OperationCanceledException>(() => firstRun);
        await Should.ThrowAsync<OperationCanceledException>(() => secondRun);
        seen.Count.ShouldBe(count);
        seen.Values.ShouldAllBe(times => times == 1);

        async ValueTask Handle(ConsumedRecord<string, string> record, CancellationToken token)
        {
            await Task.Yield();
            seen.AddOrUpdate(record.Value, 1, (_, times) => times + 1);
            if (seen.Count >= count / 4)
            {
                halfway.TrySetResult();
            }

            if (seen.Count == count)
            {
                await end.CancelAsync();
            }
        }
    }

    [Fact]
    public async Task SlowPartition_IsNotFetchedFurther_AndTheOthersGoOn()
    {
        var notes = await NotesTopic.CreateAsync(fixture, partitions: 2);
        await notes.FillAsync(4000, partitions: 2);
        await using var consumer = await notes.ConsumeAsync("readers");
        using var end = new CancellationTokenSource(Limit);
        var others = 0;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = new ConcurrentDictionary<(int, long), bool>();

        await Should.ThrowAsync<OperationCanceledException>(() => consumer.ProcessAsync(
            async (record, token) =>
            {
                if (record.Partition == 0 && record.Offset == 0)
                {
                    await release.Task.WaitAsync(Limit, token);
                }
                else if (record.Partition == 1 && Interlocked.Increment(ref others) == 2000)
                {
                    release.SetResult(); // all of the other partition, past the one that waits
                }

                all.TryAdd((record.Partition, record.Offset), true).ShouldBeTrue();
                if (all.Count == 4000)
                {
                    await end.CancelAsync();
                }
            },
            new() { Parallelism = 2, QueueCapacity = 10 },
            end.Token));

        all.Count.ShouldBe(4000);
    }
}
