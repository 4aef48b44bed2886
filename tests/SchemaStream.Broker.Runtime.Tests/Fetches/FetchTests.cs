using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Fetches;

public sealed class FetchTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Fetch_AtTheEnd_WaitsUntilARecordComes()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");

        var waiting = runtime.FetchAsync(topic, 0, Long).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        await runtime.ProduceAsync(topic, TestBatch.Of("a"));

        using var fetched = await waiting;
        RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Fetch_OfManyPartitions_IsWokenByAnyOfThem()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync(options => options with { LaneCount = 3 });
        var topic = await runtime.CreateTopicAsync("orders", partitions: 12);
        for (var last = 0; last < 12; last++)
        {
            var partition = topic with { Partition = last };
            var query = RuntimeUnderTest.Query(
                [.. Enumerable.Range(0, 12).Select(number => new FetchPartition(topic with { Partition = number }, number < last ? 1 : 0, 1000))],
                Long);
            var waiting = runtime.Partitions.FetchAsync(query, CancellationToken.None).AsTask();
            waiting.IsCompleted.ShouldBeFalse();

            await runtime.ProduceAsync(partition, TestBatch.Of($"to {last}"));

            using var fetched = await waiting;
            fetched.Partitions.Select(result => result.Partition.Partition).ShouldBe(Enumerable.Range(0, 12));
            RuntimeUnderTest.ValuesOf(fetched.Partitions[last]).ShouldBe([$"to {last}"]);
            fetched.Partitions.Count(result => !result.Records.IsEmpty).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Fetch_ThatWantsManyBytes_IsAnsweredOnceTheyAreThereTogether()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders", partitions: 2);
        var other = topic with { Partition = 1 };
        var batch = TestBatch.Of("a");
        await runtime.ProduceAsync(topic, TestBatch.Of("a"));

        var query = RuntimeUnderTest.Query(
            [new FetchPartition(topic, 0, 10_000), new FetchPartition(other, 0, 10_000)], Long, minBytes: 3 * batch.Length);
        var waiting = runtime.Partitions.FetchAsync(query, CancellationToken.None).AsTask();
        await runtime.ProduceAsync(other, TestBatch.Of("b"));
        waiting.IsCompleted.ShouldBeFalse();
        await runtime.ProduceAsync(topic, TestBatch.Of("c"));

        using var fetched = await waiting;
        RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["a", "c"]);
        RuntimeUnderTest.ValuesOf(fetched.Partitions[1]).ShouldBe(["b"]);
    }

    [Fact]
    public async Task Fetch_WhenItsTimeIsUp_ReturnsWhatThereIs()
    {
        var clock = new ManualTimeProvider();
        await using var runtime = await RuntimeUnderTest.StartAsync(timeProvider: clock);
        var topic = await runtime.CreateTopicAsync("orders");
        await runtime.ProduceAsync(topic, TestBatch.At(clock.GetUtcNow().ToUnixTimeMilliseconds(), "a"));

        var waiting = runtime.FetchAsync(topic, 0, TimeSpan.FromMilliseconds(500), minBytes: 10_000).AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(499));
        waiting.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(1));

        using var fetched = await waiting;
        RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Fetch_WhenTheClientGoesAway_EndsAtOnce()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        using var gone = new CancellationTokenSource();

        var waiting = runtime.FetchAsync(topic, 0, Long, ct: gone.Token).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        await gone.CancelAsync();

        using var fetched = await waiting;
        fetched.Partitions[0].Records.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Fetch_WhenTheTopicIsDeleted_EndsWithItsError()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");

        var waiting = runtime.FetchAsync(topic, 0, Long).AsTask();
        await runtime.DeleteTopicAsync("orders");

        using var fetched = await waiting;
        fetched.Partitions[0].Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Fetch_OutOfRange_SaysWhereTheLogIs()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        await runtime.ProduceAsync(topic, TestBatch.Of("a", "b"));
        (await runtime.Partitions.DeleteRecordsAsync(topic, 1)).ShouldBe(new DeleteRecordsResult(ErrorCode.None, 1));

        foreach (var offset in new long[] { 0, 3 })
        {
            using var fetched = await runtime.FetchAsync(topic, offset, Long);
            fetched.Partitions[0].Error.ShouldBe(ErrorCode.OffsetOutOfRange);
            (fetched.Partitions[0].LogStartOffset, fetched.Partitions[0].HighWatermark).ShouldBe((1, 2));
        }
    }

    [Fact]
    public async Task Fetch_WithAnotherLeaderEpoch_IsFenced()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        runtime.Image.TryGetTopic(topic.TopicId, out var image).ShouldBeTrue();
        var epoch = image!.Partitions[0].LeaderEpoch;

        using var newer = await runtime.Partitions.FetchAsync(
            RuntimeUnderTest.Query([new FetchPartition(topic, 0, 100, CurrentLeaderEpoch: epoch + 1)], Long), default);
        newer.Partitions[0].Error.ShouldBe(ErrorCode.UnknownLeaderEpoch);

        // A start of the broker elects anew.
        await runtime.RestartAsync();
        runtime.Image.TryGetTopic(topic.TopicId, out image).ShouldBeTrue();
        var now = image!.Partitions[0].LeaderEpoch;
        using var current = await runtime.Partitions.FetchAsync(
            RuntimeUnderTest.Query([new FetchPartition(topic, 0, 100, CurrentLeaderEpoch: now)]), default);
        current.Partitions[0].Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Fetch_WithALimit_FillsPartitionsInTheirOrderAndGivesTheFirstBatchWhole()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync(options => options with { LaneCount = 3 });
        var topic = await runtime.CreateTopicAsync("orders", partitions: 3);
        var size = TestBatch.Of("a").Length;
        for (var partition = 0; partition < 3; partition++)
        {
            await runtime.ProduceAsync(topic with { Partition = partition }, TestBatch.Of("a"));
            await runtime.ProduceAsync(topic with { Partition = partition }, TestBatch.Of("b"));
        }

        (await SizesAsync(maxBytes: 1)).ShouldBe([size, 0, 0]);
        (await SizesAsync(maxBytes: 3 * size)).ShouldBe([2 * size, size, 0]);
        (await SizesAsync(maxBytes: 100 * size)).ShouldBe([2 * size, 2 * size, 2 * size]);

        async Task<int[]> SizesAsync(int maxBytes)
        {
            var query = RuntimeUnderTest.Query(
                [.. Enumerable.Range(0, 3).Select(number => new FetchPartition(topic with { Partition = number }, 0, 1 << 20))],
                maxBytes: maxBytes);
            using var fetched = await runtime.Partitions.FetchAsync(query, CancellationToken.None);
            return [.. fetched.Partitions.Select(result => result.Records.Length)];
        }
    }

    [Fact]
    public async Task Fetch_OfNothing_AnswersAtOnce()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();

        using var fetched = await runtime.Partitions.FetchAsync(RuntimeUnderTest.Query([], Long), CancellationToken.None);

        fetched.Partitions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Fetches_ByTheThousand_LeaveNothingBehind()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync(options => options with { LaneCount = 3 });
        var topic = await runtime.CreateTopicAsync("orders", partitions: 6);

        // Every reader sees every record of its partitions once and in order, whatever the timing of waits and wakes.
        var writers = Enumerable.Range(0, 6).Select(number => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                await runtime.ProduceAsync(topic with { Partition = number }, TestBatch.Of($"{i}"));
            }
        }));
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var next = new long[6];
            while (next.Sum() < 6 * 200)
            {
                var query = RuntimeUnderTest.Query(
                    [.. Enumerable.Range(0, 6).Select(number => new FetchPartition(topic with { Partition = number }, next[number], 1 << 20))],
                    Long);
                using var fetched = await runtime.Partitions.FetchAsync(query, CancellationToken.None);
                foreach (var result in fetched.Partitions)
                {
                    result.Error.ShouldBe(ErrorCode.None);
                    foreach (var value in RuntimeUnderTest.ValuesOf(result))
                    {
                        value.ShouldBe($"{next[result.Partition.Partition]++}");
                    }
                }
            }
        }));

        await Task.WhenAll([.. writers, .. readers]).WaitAsync(TimeSpan.FromMinutes(1));
    }
}
