using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests;

/// <summary>The hot paths allocate per request at most, never per record.</summary>
public sealed class AllocationTests
{
    private const int RecordsPerBatch = 500;
    private const int Rounds = 400;

    [Fact]
    public async Task ProduceAndFetch_OfLargeBatches_AllocateLessThanAByteForARecord()
    {
        await using var runtime = await RuntimeUnderTest.StartAsync();
        var topic = await runtime.CreateTopicAsync("orders");
        var template = TestBatch.Of([.. Enumerable.Range(0, RecordsPerBatch).Select(i => $"value {i}")]);
        var batch = new byte[template.Length];
        FetchPartition[] wanted = [new FetchPartition(topic, 0, 1 << 20)];
        await RoundsAsync(50);

        // An idle lane runs its poster's work in place, so all of it happens on this thread.
        var thread = Environment.CurrentManagedThreadId;
        var before = GC.GetAllocatedBytesForCurrentThread();
        await RoundsAsync(Rounds);
        var perRound = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;

        Environment.CurrentManagedThreadId.ShouldBe(thread);
        perRound.ShouldBeLessThan(RecordsPerBatch);

        async Task RoundsAsync(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                template.CopyTo(batch, 0);
                var produced = await runtime.ProduceAsync(topic, batch);
                Check(produced.Error == ErrorCode.None);
                wanted[0] = wanted[0] with { FetchOffset = produced.BaseOffset };
                using var fetched = await runtime.Partitions.FetchAsync(
                    RuntimeUnderTest.Query(wanted), CancellationToken.None);
                Check(fetched.Partitions[0].Records.Length == batch.Length);
            }
        }

        // The assertion library would be most of what is measured.
        static void Check(bool holds)
        {
            if (!holds)
            {
                throw new InvalidOperationException("the round trip failed");
            }
        }
    }
}
