using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Consuming;
using SchemaStream.Consuming.Processing;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Consuming.Processing;

/// <summary>A seek while records wait for their handlers.</summary>
public sealed class SoughtWorkTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(100)]
    [InlineData(2)] // so that the partition waits for room when it goes elsewhere
    public async Task WhatWaitsForAHandler_IsNotHandledAnyMore(int queueCapacity)
    {
        var transport = new MemoryTransport(Record(0), Record(1), Record(2), Record(3), Record(4));
        await using var consumer = MemoryTopic.Consume(transport, new ConsumerOptions());
        using var stop = new CancellationTokenSource();
        var (begun, goOn, end) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var handled = new ConcurrentQueue<long>();
        var running = consumer.ProcessAsync(
            async (record, _) =>
            {
                handled.Enqueue(record.Offset);
                if (record.Offset == 0)
                {
                    begun.SetResult();
                    await goOn.Task;
                }
                else if (record.Offset == 70)
                {
                    end.SetResult();
                }
            },
            new() { Parallelism = 1, QueueCapacity = queueCapacity },
            stop.Token);
        await begun.Task.WaitAsync(Limit);
        await transport.WhenItWaitsAsync(Limit);
        var generation = 0;
        transport.Seeking = (begins, _) => generation = begins;

        await consumer.SeekAsync(transport.Partition.Name, 70);
        transport.Partition.Pauses.ShouldBe(default);
        goOn.SetResult();
        transport.Add(Record(70) with { Generation = generation });
        await end.Task.WaitAsync(Limit);

        handled.ShouldBe([0, 70]);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(Limit));
    }

    /// <summary>
    /// Between the seek and the word of it: who feeds has begun on the new place by then, and dropped what was of the old one.
    /// </summary>
    [Fact]
    public async Task PartitionThatWaitedForRoom_IsFetchedAgain_ThoughItsWorkIsDroppedAlready()
    {
        var transport = new MemoryTransport(Record(0), Record(1), Record(2), Record(3), Record(4));
        var source = new RecordSource<string, int>(
            "notes",
            MemoryTopic.Group,
            MemoryTopic.Reader<string>("notes", SchemaFormat.String, RecordSlot.Key),
            MemoryTopic.Reader<int>("notes", SchemaFormat.Int32, RecordSlot.Value),
            transport,
            FailurePolicy.Throw,
            failed: null,
            NullLogger.Instance);
        var goOn = new TaskCompletionSource();
        var terms = new ProcessingTerms(
            new() { Parallelism = 1, QueueCapacity = 2 }, CommitMode.Auto, TimeProvider.System, "notes", MemoryTopic.Group);
        using var processor = new Processor<string, int>(
            source, transport, async (_, _) => await goOn.Task, terms, failed: null, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        var running = processor.RunAsync(stop.Token);
        await transport.WhenItWaitsAsync(Limit);
        transport.Partition.Pauses.ShouldBe(PauseReasons.Backlog);

        transport.Partition.TryBeginSeek(70, out var generation).ShouldBeTrue();
        transport.Add(Record(70) with { Generation = generation });
        await transport.WhenItWaitsAsync(Limit);
        processor.OnSought(transport.Partition);

        transport.Partition.Pauses.ShouldBe(PauseReasons.None);
        goOn.SetResult();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running.WaitAsync(Limit));
    }

    private static MemoryRecord Record(long offset) => new(offset, "k", MemoryTopic.Readable);
}
