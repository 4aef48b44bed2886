using SchemaStream.Testing;
using SchemaStream.Tests.Consuming;

namespace SchemaStream.Tests.Fakes;

/// <summary>Handlers and groups on topics in memory, where a run takes no time and so can be begun and ended again and again.</summary>
public sealed class InMemoryProcessingTests : IAsyncLifetime
{
    private static readonly Topic<string, string> Notes = Topic.Primitive<string, string>("notes");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly InMemoryCluster _cluster = new();
    private SchemaStreamClient _client = null!;

    public Task InitializeAsync()
    {
        _client = _cluster.CreateClient();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task RunsThatAreStopped_LeaveNoRecordOut_HoweverFullTheQueueIs()
    {
        const int count = 40;
        await FillAsync(count);
        await using var consumer = await _client.CreateConsumerAsync(Notes, "readers");
        var seen = new List<long>();

        while (seen.Count < count)
        {
            using var end = new CancellationTokenSource(Limit);
            await Should.ThrowAsync<OperationCanceledException>(() => consumer.ProcessAsync(
                async (record, _) =>
                {
                    seen.Add(record.Offset);
                    for (var turn = 0; turn < 100; turn++)
                    {
                        await Task.Yield(); // meanwhile the next one is fetched, and finds no room
                    }

                    await end.CancelAsync();
                },
                new() { QueueCapacity = 1 },
                end.Token));
        }

        seen.ShouldBe(Enumerable.Range(0, count).Select(n => (long)n));
    }

    [Fact]
    public async Task AGroup_WhoseMembersReadDifferentTopics_HasAllOfThem()
    {
        var others = Topic.Primitive<string, string>("other-notes");
        await FillAsync(1);
        await using var producer = await _client.CreateProducerAsync(others);
        await producer.SendAsync("k", "other");
        await using var first = await _client.CreateConsumerAsync(Notes, "readers");
        await first.WaitForAssignmentAsync().WaitAsync(Limit);

        await using var second = await _client.CreateConsumerAsync(others, "readers");

        (await second.TakeAsync(1))[0].Value.ShouldBe("other");
        (await first.TakeAsync(1))[0].Value.ShouldBe("0");
    }

    [Theory]
    [InlineData(CommitMode.Auto)]
    [InlineData(CommitMode.AfterHandling)]
    [InlineData(CommitMode.Manual)]
    public async Task Retries_AreCommittedInTheirOwnTopic_AndTakeNothingBackInTheOther(CommitMode mode)
    {
        await FillAsync(2);
        var retries = Topic.Primitive<string, string>("notes.readers.retry.1");
        await using (var consumer = await _client.CreateConsumerAsync(Notes, "readers", new() { CommitMode = mode }))
        {
            using var end = new CancellationTokenSource(Limit);
            var seen = new List<string>();
            await Should.ThrowAsync<OperationCanceledException>(() => consumer.ProcessAsync(
                async (record, token) =>
                {
                    seen.Add(record.Value);
                    if (seen is ["0"])
                    {
                        throw new InvalidOperationException("not yet");
                    }

                    await consumer.CommitAsync(record, token);
                    if (seen.Count == 3)
                    {
                        await end.CancelAsync();
                    }
                },
                new() { Failure = FailurePolicy.RetryTopics(TimeSpan.Zero) },
                end.Token));
            seen.Order().ShouldBe(["0", "0", "1"]);
        }

        await FillAsync(1);
        await using var again = await _client.CreateConsumerAsync(Notes, "readers");
        (await again.TakeAsync(1))[0].Offset.ShouldBe(2);
        await using var producer = await _client.CreateProducerAsync(retries);
        await producer.SendAsync("k", "next");
        await using var tier = await _client.CreateConsumerAsync(retries, retries.Name);
        (await tier.TakeAsync(1))[0].Value.ShouldBe("next");
    }

    [Fact]
    public async Task ARecordThatIsOld_WaitsForItsRetryWithTheTimeOfNow_AndIsHandledWithItsOwn()
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_000);
        await using (var producer = await _client.CreateProducerAsync(Notes))
        {
            await producer.SendAsync("k", "old", new RecordOptions { Timestamp = time });
        }

        await using var consumer = await _client.CreateConsumerAsync(Notes, "readers");
        using var end = new CancellationTokenSource(Limit);
        var seen = new List<DateTimeOffset>();
        await Should.ThrowAsync<OperationCanceledException>(() => consumer.ProcessAsync(
            async (record, _) =>
            {
                seen.Add(record.Timestamp);
                if (seen.Count < 3)
                {
                    throw new InvalidOperationException("not yet");
                }

                await end.CancelAsync();
            },
            new() { Failure = FailurePolicy.RetryTopics(TimeSpan.Zero, TimeSpan.Zero) },
            end.Token));

        seen.ShouldBe([time, time, time]);
        await using var second = await _client.CreateConsumerAsync(Topic.Primitive<string, string>("notes.readers.retry.2"), "onlookers");
        (await second.TakeAsync(1))[0].Timestamp.ShouldBeGreaterThan(time);
    }

    [Fact]
    public async Task ARetryThatIsDueInAThousandYears_IsHeldBack_AndStopsNothing()
    {
        var retries = Topic.Primitive<string, string>("notes.readers.retry.1");
        await using (var producer = await _client.CreateProducerAsync(retries))
        {
            var headers = new RecordHeaders()
                .Add(FailureHeaders.SourceTopic, "notes").Add(FailureHeaders.SourcePartition, "0").Add(FailureHeaders.SourceOffset, "0")
                .Add(FailureHeaders.Group, "readers").Add(FailureHeaders.Attempt, "1").Add(FailureHeaders.Due, $"{long.MaxValue}");
            await producer.SendAsync("k", "far", new RecordOptions { Headers = headers });
        }

        await FillAsync(3);
        await using var consumer = await _client.CreateConsumerAsync(Notes, "readers");
        using var end = new CancellationTokenSource(Limit);
        var seen = new List<string>();

        await Should.ThrowAsync<OperationCanceledException>(() => consumer.ProcessAsync(
            async (record, _) =>
            {
                seen.Add(record.Value);
                if (seen.Count == 3)
                {
                    await end.CancelAsync();
                }
            },
            new() { Failure = FailurePolicy.RetryTopics(TimeSpan.FromSeconds(1)) },
            end.Token));

        seen.ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public async Task SendMany_StopsAtTheRecordThatFitsNoSchema()
    {
        var ages = Topic.Avro<string, Person>("people");
        await using var producer = await _client.CreateProducerAsync(ages);

        await Should.ThrowAsync<SchemaSerializationException>(() => producer.SendManyAsync(
        [
            new("a", new Person("Ada")), new("b", new Person(null!)), new("c", new Person("Carl")),
        ]));

        (await producer.SendAsync("d", new Person("Dora"))).Offset.ShouldBe(1);
    }

    private async Task FillAsync(int count)
    {
        await using var producer = await _client.CreateProducerAsync(Notes);
        for (var n = 0; n < count; n++)
        {
            await producer.SendAsync("k", $"{n}");
        }
    }

    /// <summary>Its name is not to be null.</summary>
    public sealed record Person(string Name);
}
