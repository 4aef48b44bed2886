namespace SchemaStream.Bench.Cluster.Allocations;

/// <summary>What this process, brokers and all, allocates while a client that allocates nothing repeats a request.</summary>
internal sealed record AllocationRun(string Name, long Records, long Bytes, int Collections, AllocationSamples? Samples)
{
    private const int WarmUpRequests = 2_000;

    public double BytesPerRecord => Bytes / (double)Records;

    /// <param name="name">Printed.</param>
    /// <param name="records">Of all requests that are measured.</param>
    /// <param name="recordsPerRequest">In its batch.</param>
    /// <param name="request">One request and its response.</param>
    /// <param name="sample">Whether to print what was allocated; what the sampling itself allocates is in the figure then.</param>
    public static AllocationRun Measure(string name, long records, int recordsPerRequest, Action request, bool sample)
    {
        for (var i = 0; i < WarmUpRequests; i++)
        {
            request();
        }

        using var samples = sample ? new AllocationSamples() : null;
        var collections = GC.CollectionCount(0);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var done = 0L; done < records; done += recordsPerRequest)
        {
            request();
        }

        var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
        return new AllocationRun(name, records, bytes, GC.CollectionCount(0) - collections, samples);
    }

    public void Print()
    {
        Console.WriteLine($"{Name,-52} {Records,12:N0} {Bytes,14:N0} {BytesPerRecord,10:F3} {Collections,6}");
        Samples?.Print(20);
    }
}
