using System.Collections.Concurrent;
using SchemaStream.Testing;
using SchemaStream.Tests.Stack;

namespace SchemaStream.Tests.Consuming;

/// <summary>What the application hears when partitions come and go, and what it may do then.</summary>
public sealed class RebalanceTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Assigned_ShowsCommittedOffsets_AndMayBeginElsewhere()
    {
        var notes = await NotesTopic.CreateAsync(fixture, partitions: 2);
        await notes.FillAsync(20, partitions: 2);
        await using (var first = await notes.ConsumeAsync("readers", new ConsumerOptions { CommitMode = CommitMode.Manual }))
        {
            var records = await first.TakeAsync(20);
            await first.CommitAsync(records.Single(record => record is { Partition: 0, Offset: 3 }));
        }

        IReadOnlyList<RecordPosition> heard = [];
        var options = new ConsumerOptions
        {
            PartitionsAssigned = assigned =>
            {
                heard = assigned.Positions;
                assigned.StartAt(notes.Partition(0), 8);
                assigned.StartAt(notes.Partition(1), PartitionOffset.Beginning);
                Should.Throw<ArgumentException>(() => assigned.StartAt(notes.Partition(7), 0));
                return ValueTask.CompletedTask;
            },
        };
        await using var second = await notes.ConsumeAsync("readers", options);
        var read = await second.TakeAsync(12);

        heard.OrderBy(position => position.Partition).ShouldBe(
            [new RecordPosition(notes.Name, 0, 4), new RecordPosition(notes.Name, 1, PartitionOffset.Unknown)]);
        read.Where(record => record.Partition == 0).Select(record => record.Offset).ShouldBe([8, 9]);
        read.Count(record => record.Partition == 1).ShouldBe(10);
    }

    [Fact]
    public async Task Revoked_IsAChanceToCommit()
    {
        var notes = await NotesTopic.CreateAsync(fixture, partitions: 2);
        await notes.FillAsync(40, partitions: 2);
        var revoked = new ConcurrentQueue<RecordPosition>();
        var options = new ConsumerOptions
        {
            CommitMode = CommitMode.Manual,
            PartitionsRevoked = async leaving =>
            {
                foreach (var position in leaving.Positions)
                {
                    revoked.Enqueue(position);
                }

                await leaving.CommitAsync();
            },
        };
        await using (var first = await notes.ConsumeAsync("readers", options))
        {
            await first.TakeAsync(40);
            using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
            await Should.ThrowAsync<OperationCanceledException>(async () =>
            {
                await foreach (var record in first.ReadAllAsync(cancelled.Token))
                {
                    record.Value.ShouldBeNull(); // there is no forty-first
                }
            });
        }

        revoked.OrderBy(position => position.Partition).ShouldBe(
            [new RecordPosition(notes.Name, 0, 20), new RecordPosition(notes.Name, 1, 20)]);
        await notes.FillAsync(1, from: 40);
        await using var next = await notes.ConsumeAsync("readers");
        (await next.TakeAsync(1))[0].Value.ShouldBe("40");
    }

    [Theory]
    [InlineData(CommitMode.Auto)]
    [InlineData(CommitMode.AfterHandling)]
    public async Task Lost_IsHeard_AndWhatWasInHandIsNotCommitted(CommitMode mode)
    {
        await using var stack = await SchemaStreamTestHost.StartAsync(new()
        {
            BrokerSettings = new Dictionary<string, string>
            {
                ["group.initial.rebalance.delay.ms"] = "0", ["group.min.session.timeout.ms"] = "100",
            },
        });
        await using var client = stack.CreateClient();
        var topic = Topic.Primitive<string, string>("notes");
        await using var producer = await client.CreateProducerAsync(topic);
        await producer.SendAsync("k", "0");
        var lost = new TaskCompletionSource<IReadOnlyList<TopicPartition>>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var consumer = await client.CreateConsumerAsync(topic, "readers", new ConsumerOptions
        {
            CommitMode = mode,
            SessionTimeout = TimeSpan.FromSeconds(1),
            MaxPollInterval = TimeSpan.FromSeconds(1),
            PartitionsLost = partitions =>
            {
                lost.TrySetResult(partitions);
                return ValueTask.CompletedTask;
            },
        });
        using var limit = new CancellationTokenSource(Limit);
        var seen = new List<long>();

        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            seen.Add(record.Offset);
            if (seen.Count == 2)
            {
                break;
            }

            // Longer than the group waits for a reader.
            (await lost.Task.WaitAsync(limit.Token)).ShouldBe([new TopicPartition("notes", 0)]);
        }

        seen.ShouldBe([0, 0]);
    }

    [Fact]
    public async Task Callback_ThatThrows_EndsReadingWithItsException()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        var options = new ConsumerOptions { PartitionsAssigned = _ => throw new InvalidOperationException("no room for it") };
        await using var consumer = await notes.ConsumeAsync("readers", options);

        (await Should.ThrowAsync<InvalidOperationException>(() => consumer.TakeAsync(1))).Message.ShouldBe("no room for it");
    }
}
