using SchemaStream.Tests.Transport;

namespace SchemaStream.Tests.Consuming;

/// <summary>How far a group is, and who of its members reads what.</summary>
public sealed class GroupTests
{
    private const string Group = "readers";

    [Theory]
    [InlineData(CommitMode.Auto)]
    [InlineData(CommitMode.AfterHandling)]
    public async Task NextMember_ResumesBehindWhatWasHandled(CommitMode mode)
    {
        using var cluster = new MockCluster("notes");
        await Fill(cluster, 10);
        await using (var first = TextTopic.Consume(cluster, Group, new ConsumerOptions { CommitMode = mode }))
        {
            (await first.TakeAsync(4)).Count.ShouldBe(4); // three handled: the loop was left with the fourth in hand
        }

        await using var second = TextTopic.Consume(cluster, Group, new ConsumerOptions { CommitMode = mode });
        (await second.TakeAsync(7)).Select(record => record.Value).ShouldBe(["3", "4", "5", "6", "7", "8", "9"]);
    }

    [Fact]
    public async Task Commit_ByHandInAutomaticMode_IsNotTakenBackAtTheEnd()
    {
        using var cluster = new MockCluster("notes");
        await Fill(cluster, 10);
        await using (var first = TextTopic.Consume(cluster, Group))
        {
            await first.TakeAsync(4);
            await first.CommitAsync(); // the record in hand included
        }

        await using (var second = TextTopic.Consume(cluster, Group))
        {
            var records = await second.TakeAsync(3);
            records[0].Offset.ShouldBe(4);
            await second.CommitAsync(records[2]);
        }

        await using var third = TextTopic.Consume(cluster, Group);
        (await third.TakeAsync(1))[0].Offset.ShouldBe(7);
    }

    [Fact]
    public async Task NextMember_ResumesBehindACommitByHand_WhichTheAutomaticOneDoesNotUndo()
    {
        using var cluster = new MockCluster("notes");
        await Fill(cluster, 10);
        await using (var first = TextTopic.Consume(cluster, Group))
        {
            await first.TakeAsync(4);
            await first.CommitAsync(); // the fourth, still in hand, included
        }

        await using var second = TextTopic.Consume(cluster, Group);
        (await second.TakeAsync(1))[0].Offset.ShouldBe(4);
    }

    [Fact]
    public async Task NextMember_WhenNothingWasCommittedByHand_BeginsAnew()
    {
        using var cluster = new MockCluster("notes");
        await Fill(cluster, 5);
        var manual = new ConsumerOptions { CommitMode = CommitMode.Manual };
        await using (var first = TextTopic.Consume(cluster, Group, manual))
        {
            await first.TakeAsync(5);
        }

        await using (var second = TextTopic.Consume(cluster, Group, manual))
        {
            var records = await second.TakeAsync(5);
            records[0].Offset.ShouldBe(0);
            await second.CommitAsync(records[1]);
        }

        await using (var third = TextTopic.Consume(cluster, Group, manual))
        {
            (await third.TakeAsync(2))[0].Offset.ShouldBe(2);
            await third.CommitAsync();
        }

        await using var fourth = TextTopic.Consume(cluster, Group, manual);
        (await fourth.TakeAsync(1))[0].Offset.ShouldBe(4);
    }

    [Fact]
    public async Task Loop_ThatWasLeft_GoesOnBehindTheRecordItWasLeftAt()
    {
        using var cluster = new MockCluster("notes");
        await Fill(cluster, 5);
        await using var consumer = TextTopic.Consume(cluster, Group);

        (await consumer.TakeAsync(2)).Select(record => record.Value).ShouldBe(["0", "1"]);
        (await consumer.TakeAsync(3)).Select(record => record.Value).ShouldBe(["2", "3", "4"]);
    }

    [Fact]
    public async Task Loop_WhenCancelled_EndsAtOnceAndTheConsumerStaysUsable()
    {
        using var cluster = new MockCluster("notes");
        await Fill(cluster, 1);
        await using var consumer = TextTopic.Consume(cluster, Group);
        await consumer.TakeAsync(1);
        using var cancel = new CancellationTokenSource();
        await using var loop = consumer.ReadAllAsync(cancel.Token).GetAsyncEnumerator(cancel.Token);

        var next = loop.MoveNextAsync().AsTask();
        next.IsCompleted.ShouldBeFalse();
        await Should.ThrowAsync<InvalidOperationException>(() => consumer.TakeAsync(1)); // one loop at a time
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => next);

        await Fill(cluster, 1);
        (await consumer.TakeAsync(1))[0].Offset.ShouldBe(1);
    }

    [Fact]
    public async Task Loop_WhenTheConsumerIsDisposed_EndsQuietly()
    {
        using var cluster = new MockCluster("notes");
        var consumer = TextTopic.Consume(cluster, Group);
        var loop = consumer.TakeAsync(1);

        await consumer.DisposeAsync();
        await consumer.DisposeAsync();

        (await loop).ShouldBeEmpty();
        await Should.ThrowAsync<ObjectDisposedException>(() => consumer.CommitAsync());
    }

    [Fact]
    public async Task Commit_OfAPartitionThatMovedOn_IsLeftOut()
    {
        using var cluster = new MockCluster("notes", 2);
        await Fill(cluster, 20, 2);
        var manual = new ConsumerOptions { CommitMode = CommitMode.Manual };
        await using var first = TextTopic.Consume(cluster, Group, manual);
        var records = await first.TakeAsync(20);
        await using var second = TextTopic.Consume(cluster, Group, manual);
        var moved = (await second.WaitForAssignmentAsync())[0].Partition;

        await first.CommitAsync(records.Last(record => record.Partition == moved));

        (await second.TakeAsync(10))[0].Offset.ShouldBe(0);
    }

    private static async Task Fill(MockCluster cluster, int count, int partitions = 1)
    {
        await using var producer = TextTopic.Produce(cluster);
        for (var n = 0; n < count; n++)
        {
            await producer.EnqueueAsync("k", n.ToString(), new RecordOptions { Partition = n % partitions });
        }

        await producer.FlushAsync();
    }
}
