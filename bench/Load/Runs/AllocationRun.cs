namespace SchemaStream.Bench.Load.Runs;

/// <summary>What the running broker allocates for a record, over as many as a run has; its own page of metrics says.</summary>
internal static class AllocationRun
{
    private const int ValueBytes = 100;

    public static async Task MeasureAsync(BrokerUnderLoad broker, int records, Report report, CancellationToken cancellation)
    {
        const string topic = "allocations";
        await Topics.CreateAsync(broker.BootstrapServers, topic);

        // Connections, pools and compiled code come with the first ones.
        Throughput.Produce(broker, topic, ValueBytes, records, cancellation);
        Throughput.Consume(broker, topic, records, cancellation);
        var before = await broker.AllocatedBytesAsync(cancellation);
        Throughput.Produce(broker, topic, ValueBytes, records, cancellation);
        var between = await broker.AllocatedBytesAsync(cancellation);
        Throughput.Consume(broker, topic, records, cancellation);
        var after = await broker.AllocatedBytesAsync(cancellation);
        report.Add("managed bytes allocated per record produced", (between - before) / records, "B", 1);
        report.Add("managed bytes allocated per record consumed", (after - between) / records, "B", 1);
    }
}
