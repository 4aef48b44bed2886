namespace SchemaStream.Tests.Transport;

/// <summary>A steady stream leaves nothing for the garbage collector but the caller's own objects.</summary>
public sealed class AllocationTests
{
    private const int Count = 2_000;

    private static readonly Topic<int, long> Numbers = Topic.Primitive<int, long>("notes");

    [Theory]
    [InlineData(ClientTransport.Managed)]
    [InlineData(ClientTransport.Librdkafka)]
    public async Task Enqueue_AllocatesNothingPerRecord(ClientTransport sender)
    {
        using var cluster = new MockCluster("notes");
        var topic = new RawTopic<int, long>(cluster.BootstrapServers, Numbers, sender);
        await using var producer = topic.Produce(new ProducerOptions { Linger = TimeSpan.FromMilliseconds(50) });
        await producer.SendAsync(0, 0);

        Enqueue(producer); // the batches' memory
        await producer.FlushAsync();
        Warm(producer); // this thread's buffer
        Enqueue(producer).ShouldBeLessThan(Count); // nothing per record: a lock's first contention makes an event, once
    }

    [Fact]
    public async Task Reading_AllocatesNothingPerRecord()
    {
        using var cluster = new MockCluster("notes");
        var topic = new RawTopic<int, long>(cluster.BootstrapServers, Numbers);
        await using (var producer = topic.Produce())
        {
            Enqueue(producer);
        }

        await using var consumer = topic.Consume("readers", MockCluster.Hasten());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var loop = consumer.ReadAllAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        var withoutAllocation = 0;
        for (var read = 0; read < Count;)
        {
            (await loop.MoveNextAsync()).ShouldBeTrue();
            read++;
            var (stretch, allocated) = ReadAtHand(loop, Math.Min(50, Count - read));
            read += stretch;
            withoutAllocation += allocated == 0 ? stretch : 0;
        }

        // Only the stretches in which a batch ends, and the first ones of all, may allocate: for waiting.
        withoutAllocation.ShouldBeGreaterThan(Count / 2);
    }

    /// <returns>The bytes that this thread has allocated.</returns>
    private static void Warm(ITopicProducer<int, long> producer)
    {
        var accepted = producer.EnqueueAsync(0, 0);
        accepted.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private static long Enqueue(ITopicProducer<int, long> producer)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < Count; n++)
        {
            var accepted = producer.EnqueueAsync(n, n);
            if (!accepted.IsCompletedSuccessfully)
            {
                throw new InvalidOperationException("The queue has room, so this does not wait.");
            }
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static (int Count, long Allocated) ReadAtHand(IAsyncEnumerator<ConsumedRecord<int, long>> loop, int most)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var count = 0; count < most; count++)
        {
            var next = loop.MoveNextAsync();
            if (!next.IsCompleted)
            {
                next.AsTask().Wait();
                return (count + 1, long.MaxValue);
            }
        }

        return (most, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
