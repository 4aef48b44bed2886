using SchemaStream.Tests.Stack;

namespace SchemaStream.Tests.Consuming;

/// <summary>Pause, resume and seek, in a loop and under handlers.</summary>
public sealed class SteeringTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task PausedPartition_IsNotHandedOut_AndGoesOnWhereItWas()
    {
        var notes = await NotesTopic.CreateAsync(fixture, partitions: 2);
        await notes.FillAsync(2000, partitions: 2);
        await using var consumer = await notes.ConsumeAsync("readers");
        var seen = await consumer.TakeAsync(10);
        var held = seen[^1].Partition;

        consumer.Pause([notes.Partition(held)]);
        consumer.Paused.ShouldBe([notes.Partition(held)]);
        var others = await consumer.TakeAsync(1000 - seen.Count(record => record.Partition != held));
        others.ShouldAllBe(record => record.Partition != held);
        consumer.Resume([notes.Partition(held)]);
        var rest = await consumer.TakeAsync(2000 - seen.Count - others.Count);

        consumer.Paused.ShouldBeEmpty();
        seen.Concat(rest).Where(record => record.Partition == held).Select(record => record.Offset)
            .ShouldBe(Enumerable.Range(0, 1000).Select(n => (long)n));
    }

    [Fact]
    public async Task Pause_SurvivesARebalance_ThatLeavesThePartition()
    {
        var notes = await NotesTopic.CreateAsync(fixture, partitions: 2);
        await notes.FillAsync(20, partitions: 2);
        await using var first = await notes.ConsumeAsync("readers");
        (await first.WaitForAssignmentAsync().WaitAsync(Limit)).Count.ShouldBe(2);
        first.Pause([notes.Partition(0), notes.Partition(1)]);

        var second = await notes.ConsumeAsync("readers");
        var moved = (await second.WaitForAssignmentAsync().WaitAsync(Limit))[0].Partition;
        (await second.TakeAsync(10)).ShouldAllBe(record => record.Partition == moved); // not paused where it went
        await first.WaitForAssignmentAsync().WaitAsync(Limit);
        first.Paused.ShouldBe([notes.Partition(1 - moved)]);

        // And a partition that comes back is as new.
        await second.DisposeAsync();
        (await first.TakeAsync(1))[0].Partition.ShouldBe(moved);
        first.Paused.ShouldBe([notes.Partition(1 - moved)]);
    }

    [Fact]
    public async Task Seek_GoesBackAndForth_AndDropsWhatWasFetched()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(1000);
        await using var consumer = await notes.ConsumeAsync("readers");
        (await consumer.TakeAsync(100))[99].Offset.ShouldBe(99);
        consumer.Positions.ShouldBe([new RecordPosition(notes.Name, 0, 100)]);

        await consumer.SeekAsync(notes.Partition(0), 10).WaitAsync(Limit);
        (await consumer.TakeAsync(5)).Select(record => record.Offset).ShouldBe([10, 11, 12, 13, 14]);
        await consumer.SeekAsync(notes.Partition(0), 990).WaitAsync(Limit);
        (await consumer.TakeAsync(2)).Select(record => record.Offset).ShouldBe([990, 991]);
        await consumer.SeekAsync(notes.Partition(0), PartitionOffset.Beginning).WaitAsync(Limit);
        (await consumer.TakeAsync(2)).Select(record => record.Offset).ShouldBe([0, 1]);
        await consumer.SeekAsync(notes.Partition(0), PartitionOffset.End).WaitAsync(Limit);
        await notes.FillAsync(1, from: 1000);
        (await consumer.TakeAsync(1))[0].Offset.ShouldBe(1000);
    }

    [Fact]
    public async Task Seek_TakesBackWhatWouldHaveBeenCommitted()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(100);
        await using (var consumer = await notes.ConsumeAsync("readers"))
        {
            await consumer.TakeAsync(50);
            await consumer.SeekAsync(notes.Partition(0), 20).WaitAsync(Limit);
            await consumer.TakeAsync(3); // two handled, one in hand
        }

        await using var next = await notes.ConsumeAsync("readers");
        (await next.TakeAsync(1))[0].Offset.ShouldBe(22);
    }

    [Fact]
    public async Task Seek_ToATime_FindsTheFirstRecordOfIt()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        var start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        await using (var producer = await fixture.Client.CreateProducerAsync(notes.Topic))
        {
            for (var n = 0; n < 10; n++)
            {
                await producer.SendAsync("k", $"{n}", new RecordOptions { Timestamp = start.AddSeconds(n) });
            }
        }

        await using var consumer = await notes.ConsumeAsync("readers");
        await consumer.WaitForAssignmentAsync().WaitAsync(Limit);

        await consumer.SeekAsync(notes.Partition(0), start.AddSeconds(6.5)).WaitAsync(Limit);
        (await consumer.TakeAsync(1))[0].Value.ShouldBe("7");
        await consumer.SeekAsync(notes.Partition(0), start.AddDays(1)).WaitAsync(Limit);
        await notes.FillAsync(1, from: 10);
        (await consumer.TakeAsync(1))[0].Value.ShouldBe("10");
    }

    [Fact]
    public async Task Seek_InAPartitionOfAnotherMember_IsRefused()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await using var consumer = await notes.ConsumeAsync("readers");
        await consumer.WaitForAssignmentAsync().WaitAsync(Limit);

        await Should.ThrowAsync<InvalidOperationException>(() => consumer.SeekAsync(notes.Partition(5), 0));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => consumer.SeekAsync(notes.Partition(0), -3));
        consumer.Pause([notes.Partition(5)]); // not ours: ignored
        consumer.Paused.ShouldBeEmpty();
    }

    [Fact]
    public async Task PausedPartition_UnderHandlers_WaitsToo()
    {
        var notes = await NotesTopic.CreateAsync(fixture, partitions: 2);
        await notes.FillAsync(200, partitions: 2);
        await using var consumer = await notes.ConsumeAsync("readers");
        using var end = new CancellationTokenSource(Limit);
        var seen = new List<ConsumedRecord<string, string>>();

        await Should.ThrowAsync<OperationCanceledException>(() => consumer.ProcessAsync(
            async (record, _) =>
            {
                seen.Add(record);
                if (seen.Count == 5)
                {
                    consumer.Pause([notes.Partition(0)]);
                }
                else if (seen.Count(other => other.Partition == 1) == 100 && consumer.Paused.Count > 0)
                {
                    consumer.Resume([notes.Partition(0)]);
                }

                if (seen.Count == 200)
                {
                    await end.CancelAsync();
                }
            },
            cancellationToken: end.Token));

        seen.Where(record => record.Partition == 0).Select(record => record.Offset).ShouldBe(Enumerable.Range(0, 100).Select(n => (long)n));
        seen.Skip(5).Take(100 - seen.Take(5).Count(record => record.Partition == 1)).ShouldAllBe(record => record.Partition == 1);
    }
}
