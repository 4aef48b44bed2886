using SchemaStream.Tests.Stack;

namespace SchemaStream.Tests.Consuming;

/// <summary>Records in batches.</summary>
public sealed class BatchTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Batches_HoldEveryRecordInOrder_AndNoMoreThanAskedFor()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(2500);
        await using var consumer = await notes.ConsumeAsync("readers");
        using var limit = new CancellationTokenSource(Limit);
        var offsets = new List<long>();

        await foreach (var batch in consumer.ReadBatchesAsync(new BatchOptions { MaxCount = 400 }, limit.Token))
        {
            batch.Count.ShouldBeInRange(1, 400);
            foreach (var record in batch)
            {
                offsets.Add(record.Offset);
            }

            if (offsets.Count == 2500)
            {
                break;
            }
        }

        offsets.ShouldBe(Enumerable.Range(0, 2500).Select(n => (long)n));
    }

    [Theory]
    [InlineData(CommitMode.Auto)]
    [InlineData(CommitMode.AfterHandling)]
    public async Task Batch_IsCommittedOnceTheNextIsAskedFor(CommitMode mode)
    {
        var notes = await NotesTopic.CreateAsync(fixture, partitions: 2);
        await notes.FillAsync(200, partitions: 2);
        var handled = new Dictionary<int, long>();
        await using (var consumer = await notes.ConsumeAsync("readers", new ConsumerOptions { CommitMode = mode }))
        {
            using var limit = new CancellationTokenSource(Limit);
            var batches = 0;
            await foreach (var batch in consumer.ReadBatchesAsync(new BatchOptions { MaxCount = 60 }, limit.Token))
            {
                if (++batches == 3)
                {
                    break; // the third is in hand, and not handled
                }

                foreach (var record in batch)
                {
                    handled[record.Partition] = record.Offset + 1;
                }
            }
        }

        await using var next = await notes.ConsumeAsync("readers");
        var rest = await next.TakeAsync(200 - (int)handled.Values.Sum());
        foreach (var partition in rest.GroupBy(record => record.Partition))
        {
            partition.First().Offset.ShouldBe(handled.GetValueOrDefault(partition.Key));
        }
    }

    [Fact]
    public async Task Batch_WaitsForMore_AsLongAsItMay()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(3);
        await using var consumer = await notes.ConsumeAsync("readers");
        using var limit = new CancellationTokenSource(Limit);
        await using var loop = consumer.ReadBatchesAsync(new BatchOptions { MaxCount = 5, MaxWait = Limit }, limit.Token)
            .GetAsyncEnumerator();

        var first = loop.MoveNextAsync().AsTask();
        await notes.FillAsync(4, from: 3); // only with two of these is the batch full

        (await first.WaitAsync(Limit)).ShouldBeTrue();
        loop.Current.Select(record => record.Value).ShouldBe(["0", "1", "2", "3", "4"]);
    }

    [Fact]
    public async Task Batch_BeforeAnUnreadableRecord_IsHandedOutFirst()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await using (var producer = await fixture.Client.CreateProducerAsync(notes.Topic))
        {
            await producer.SendAsync("k", "four");
            await producer.SendAsync("k", "five!");
        }

        await using var consumer = new Transport.RawTopic<string, int>(
            fixture.Stack.BootstrapServers, Topic.Primitive<string, int>(notes.Name)).Consume("readers");
        using var limit = new CancellationTokenSource(Limit);
        await using var loop = consumer.ReadBatchesAsync(cancellationToken: limit.Token).GetAsyncEnumerator();

        (await loop.MoveNextAsync()).ShouldBeTrue();
        loop.Current.Count.ShouldBe(1);
        var failure = await Should.ThrowAsync<RecordDecodeException>(() => loop.MoveNextAsync().AsTask());
        failure.Position.Offset.ShouldBe(1);
    }

    [Fact]
    public async Task Loop_ThatWasWalked_CannotBeWalkedAgain()
    {
        var notes = await NotesTopic.CreateAsync(fixture);
        await notes.FillAsync(1);
        await using var consumer = await notes.ConsumeAsync("readers");
        var loop = consumer.ReadBatchesAsync();
        await foreach (var batch in loop)
        {
            break;
        }

        Should.Throw<InvalidOperationException>(() => loop.GetAsyncEnumerator());
    }
}
