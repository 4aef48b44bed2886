using SchemaStream.Tests.Observation;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Consuming;

/// <summary>What <c>messaging.client.consumed.messages</c> counts: the records that the application was handed.</summary>
public sealed class ConsumedCountTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly string _name = $"notes-{Guid.NewGuid():N}";
    private readonly MetricSum _counted;

    public ConsumedCountTests() => _counted = new MetricSum("messaging.client.consumed.messages", _name);

    [Fact]
    public async Task Count_IsOfRecordsHandedOut_WithoutTheEndsOfPartitions_WhatIsDroppedAndWhatCannotBeRead()
    {
        var transport = Transport();
        transport.Add(
            Record(0),
            Record(1) with { Value = MemoryTopic.Unreadable },
            Record(2) with { Generation = 7 },
            Record(3),
            Record(4) with { IsEnd = true });
        await using var consumer = Consume(transport);
        using var stop = new CancellationTokenSource();
        await using var loop = consumer.ReadAllAsync(stop.Token).GetAsyncEnumerator();
        (await loop.MoveNextAsync()).ShouldBeTrue();
        (await loop.MoveNextAsync()).ShouldBeTrue();

        var third = loop.MoveNextAsync().AsTask();
        await transport.WhenItWaitsAsync(Limit);

        _counted.Value.ShouldBe(2);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => third.WaitAsync(Limit));
    }

    [Fact]
    public async Task Count_OfALoopThatIsLeftAmidABatch_IsOfWhatItWasHanded_AndTheNextGoesOn()
    {
        var transport = Transport();
        transport.Add(Record(0), Record(1), Record(2), Record(3));
        await using (var consumer = Consume(transport))
        {
            (await consumer.TakeAsync(1)).Count.ShouldBe(1);
            _counted.Value.ShouldBe(1);
            (await consumer.TakeAsync(2)).Count.ShouldBe(2);
            _counted.Value.ShouldBe(3);
        }

        _counted.Value.ShouldBe(3);
    }

    /// <summary>Or a reader that takes its time would not be seen for as long as its batch lasts.</summary>
    [Fact]
    public async Task Count_OfASlowReader_DoesNotWaitForTheBatchsEnd()
    {
        var transport = Transport();
        transport.Add([.. Enumerable.Range(0, 500).Select(n => Record(n))]);
        await using var consumer = Consume(transport);
        await using var loop = consumer.ReadAllAsync().GetAsyncEnumerator();
        (await loop.MoveNextAsync()).ShouldBeTrue();

        (await loop.MoveNextAsync()).ShouldBeTrue();

        _counted.Value.ShouldBe(1); // the other is in hand
    }

    [Fact]
    public async Task Count_OfHandlers_IsOfWhatTheyWereHanded()
    {
        var transport = Transport();
        transport.Add(Record(0), Record(1), Record(2) with { IsEnd = true });
        await using var consumer = Consume(transport);
        using var stop = new CancellationTokenSource();

        var running = consumer.ProcessAsync((_, _) => ValueTask.CompletedTask, null, stop.Token);
        await transport.WhenItWaitsAsync(Limit);

        _counted.Value.ShouldBe(2);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(Limit));
    }

    public void Dispose() => _counted.Dispose();

    private static MemoryRecord Record(long offset) => new(offset, "k", MemoryTopic.Readable);

    private MemoryTransport Transport() => new() { Partition = new AssignedPartition(_name, 0) };

    private SchemaStream.Consuming.TopicConsumer<string, int> Consume(MemoryTransport transport) =>
        MemoryTopic.Consume(transport, new ConsumerOptions { DecodeFailure = FailurePolicy.Skip }, name: _name);
}
