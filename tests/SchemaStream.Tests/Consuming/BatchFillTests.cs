using SchemaStream.Tests.Transport.Wire;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Consuming;

/// <summary>When a batch is full enough, and what is settled before it is.</summary>
public sealed class BatchFillTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task ABatchThatBeginsWithLeftOvers_WaitsForMore_AsLongAsItMay()
    {
        var transport = new MemoryTransport(Record(0), Record(1), Record(2));
        await using var consumer = MemoryTopic.Consume(transport, new ConsumerOptions { TimeProvider = _time });
        await using var loop = consumer.ReadBatchesAsync(new BatchOptions { MaxCount = 2, MaxWait = MaxWait }).GetAsyncEnumerator();
        (await loop.MoveNextAsync()).ShouldBeTrue();

        var second = loop.MoveNextAsync().AsTask();
        await transport.WhenItWaitsAsync(Limit);
        second.IsCompleted.ShouldBeFalse();
        _time.Advance(MaxWait);

        (await second.WaitAsync(Limit)).ShouldBeTrue();
        loop.Current.Select(record => record.Offset).ShouldBe([2]);
    }

    [Fact]
    public async Task ABatchThatBeginsWithLeftOvers_TakesInWhatComesMeanwhile()
    {
        var transport = new MemoryTransport(Record(0), Record(1), Record(2));
        await using var consumer = MemoryTopic.Consume(transport, new ConsumerOptions { TimeProvider = _time });
        await using var loop = consumer.ReadBatchesAsync(new BatchOptions { MaxCount = 2, MaxWait = MaxWait }).GetAsyncEnumerator();
        (await loop.MoveNextAsync()).ShouldBeTrue();

        var second = loop.MoveNextAsync().AsTask();
        await transport.WhenItWaitsAsync(Limit);
        transport.Add(Record(3));

        (await second.WaitAsync(Limit)).ShouldBeTrue();
        loop.Current.Select(record => record.Offset).ShouldBe([2, 3]);
    }

    /// <summary>Or it would be dead-lettered again at each restart, being the last of its partition.</summary>
    [Theory]
    [InlineData(CommitMode.Auto)]
    [InlineData(CommitMode.AfterHandling)]
    public async Task AnUnreadableRecordThatIsPassedOver_IsHandled_ThoughNoOtherFollows(CommitMode mode)
    {
        var transport = new MemoryTransport(new MemoryRecord(0, "k", MemoryTopic.Unreadable));
        var options = new ConsumerOptions { CommitMode = mode, DecodeFailure = FailurePolicy.Skip };
        await using var consumer = MemoryTopic.Consume(transport, options);
        using var stop = new CancellationTokenSource();
        await using var loop = consumer.ReadBatchesAsync(cancellationToken: stop.Token).GetAsyncEnumerator();

        var next = loop.MoveNextAsync().AsTask();
        await transport.WhenItWaitsAsync(Limit);

        transport.Partition.HandledOffset.ShouldBe(1);
        transport.Committed.ShouldBe(mode == CommitMode.AfterHandling ? [(0, 1L)] : []);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => next.WaitAsync(Limit));
    }

    [Fact]
    public async Task ABatchThatIsStillBeingFilled_IsNotHandedOut_SoThatNoCommitCoversIt()
    {
        var transport = new MemoryTransport(Record(0), Record(1));
        var options = new ConsumerOptions { TimeProvider = _time, CommitMode = CommitMode.Manual };
        await using var consumer = MemoryTopic.Consume(transport, options);
        await using var loop = consumer.ReadBatchesAsync(new BatchOptions { MaxCount = 5, MaxWait = MaxWait }).GetAsyncEnumerator();

        var first = loop.MoveNextAsync().AsTask();
        await transport.WhenItWaitsAsync(Limit);
        await consumer.CommitAsync();

        transport.Committed.ShouldBeEmpty();
        consumer.Positions.ShouldHaveSingleItem().Offset.ShouldBe(PartitionOffset.Unknown);
        _time.Advance(MaxWait);
        (await first.WaitAsync(Limit)).ShouldBeTrue();
        await consumer.CommitAsync();
        transport.Committed.ShouldBe([(0, 2L)]);
    }

    [Fact]
    public async Task ABatchThatIsStillBeingFilled_HasNothingOfThePlaceBeforeASeek()
    {
        var transport = new MemoryTransport(Record(0), Record(1));
        transport.Seeking = (generation, offset) => transport.Add(Record(offset) with { Generation = generation });
        await using var consumer = MemoryTopic.Consume(transport, new ConsumerOptions { TimeProvider = _time });
        await using var loop = consumer.ReadBatchesAsync(new BatchOptions { MaxCount = 5, MaxWait = MaxWait }).GetAsyncEnumerator();
        var first = loop.MoveNextAsync().AsTask();
        await transport.WhenItWaitsAsync(Limit);

        await consumer.SeekAsync(transport.Partition.Name, 70);

        await transport.WhenItWaitsAsync(Limit);
        _time.Advance(MaxWait);
        (await first.WaitAsync(Limit)).ShouldBeTrue();
        loop.Current.Select(record => record.Offset).ShouldBe([70]);
    }

    [Fact]
    public async Task ABatchThatIsStillBeingFilled_GivesBackWhatWasPaused_UntilItIsResumed()
    {
        var transport = new MemoryTransport(Record(0), Record(1));
        transport.Seeking = (generation, offset) => transport.Add(Record(offset) with { Generation = generation });
        await using var consumer = MemoryTopic.Consume(transport, new ConsumerOptions { TimeProvider = _time });
        await using var loop = consumer.ReadBatchesAsync(new BatchOptions { MaxCount = 5, MaxWait = MaxWait }).GetAsyncEnumerator();
        var first = loop.MoveNextAsync().AsTask();
        await transport.WhenItWaitsAsync(Limit);

        consumer.Pause([transport.Partition.Name]);
        transport.Add(Record(2)); // on its way already
        await transport.WhenItWaitsAsync(Limit);
        consumer.Resume([transport.Partition.Name]);

        await transport.WhenItWaitsAsync(Limit);
        _time.Advance(MaxWait);
        (await first.WaitAsync(Limit)).ShouldBeTrue();
        loop.Current.Select(record => record.Offset).ShouldBe([0]); // which the test fetches again by itself
    }

    [Fact]
    public async Task ABatchThatIsStillBeingFilled_HasNothingOfAPartitionThatLeft()
    {
        var transport = new MemoryTransport(Record(0), Record(1));
        await using var consumer = MemoryTopic.Consume(transport, new ConsumerOptions { TimeProvider = _time });
        using var stop = new CancellationTokenSource();
        await using var loop = consumer.ReadBatchesAsync(new BatchOptions { MaxCount = 5, MaxWait = MaxWait }, stop.Token).GetAsyncEnumerator();
        var first = loop.MoveNextAsync().AsTask();
        await transport.WhenItWaitsAsync(Limit);

        transport.Partition.Revoke();
        _time.Advance(MaxWait);

        await transport.WhenItWaitsAsync(Limit); // rather than giving what its next owner reads
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first.WaitAsync(Limit));
    }

    /// <summary>What the new one gives must not be dropped with what was read of the old one.</summary>
    [Fact]
    public async Task ABatchThatIsStillBeingFilled_HasAllOfAPartitionThatLeftAndCameBack()
    {
        var back = new AssignedPartition("notes", 0);
        var transport = new MemoryTransport(Record(0), Record(1));
        await using var consumer = MemoryTopic.Consume(transport, new ConsumerOptions { TimeProvider = _time });
        await using var loop = consumer.ReadBatchesAsync(new BatchOptions { MaxCount = 5, MaxWait = MaxWait }).GetAsyncEnumerator();
        var looks = 0;
        transport.Looking = () =>
        {
            if (++looks == 2)
            {
                transport.Partition.Revoke();
                transport.Add(Record(0) with { Of = back }, Record(1) with { Of = back });
            }
        };

        var first = loop.MoveNextAsync().AsTask();
        await transport.WhenItWaitsAsync(Limit);
        _time.Advance(MaxWait);

        (await first.WaitAsync(Limit)).ShouldBeTrue();
        loop.Current.Select(record => record.Offset).ShouldBe([0, 1]);
        back.HandedOutOffset.ShouldBe(2);
    }

    private static MemoryRecord Record(long offset) => new(offset, "k", MemoryTopic.Readable);
}
