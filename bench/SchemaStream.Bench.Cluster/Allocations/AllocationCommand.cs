using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Bench.Cluster.Clusters;
using SchemaStream.Bench.Cluster.Wire;
using SchemaStream.Broker;
using SchemaStream.Protocol;
using SchemaStream.TestKit;

namespace SchemaStream.Bench.Cluster.Allocations;

/// <summary>
/// <c>allocations</c>: managed bytes that the brokers allocate for a record. They run in this process, so that the runtime's
/// own count says it; the client's share is none.
/// </summary>
internal static class AllocationCommand
{
    private const string Topic = "bench";
    private const int IdleSeconds = 10;
    private const int MostTypes = 20;

    public static Command Create()
    {
        var records = new Option<long>("--records") { Description = "Records of each run", DefaultValueFactory = _ => 1_000_000 };
        var batch = new Option<int>("--batch") { Description = "Records of a batch", DefaultValueFactory = _ => 500 };
        var bytes = new Option<int>("--bytes") { Description = "Bytes of a record's value", DefaultValueFactory = _ => 100 };
        var sample = new Option<bool>("--sample") { Description = "Print which types are allocated" };
        var command = new Command("allocations", "Managed bytes that the brokers allocate per record produced, fetched and replicated")
        {
            records, batch, bytes, sample,
        };
        command.SetAction((arguments, cancellation) => RunAsync(
            new Plan(arguments.GetValue(records), arguments.GetValue(batch), arguments.GetValue(bytes), arguments.GetValue(sample)),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Plan plan, CancellationToken cancellation)
    {
        Console.WriteLine($"{"run",-52} {"records",12} {"bytes",14} {"B/record",10} {"GCs",6}");
        await MeasureOneBrokerAsync(plan, cancellation);
        await MeasureReplicationAsync(plan, cancellation);
        return 0;
    }

    private static async Task MeasureOneBrokerAsync(Plan plan, CancellationToken cancellation)
    {
        using var directory = new TempDirectory();
        await using var broker = await BrokerHost.StartAsync(
            new BrokerOptions { DataDirectory = directory.Path, Port = 0 }, NullLoggerFactory.Instance, TimeProvider.System, cancellation);
        await using var client = new ClusterClient([new BrokerAddress(1, broker.EndPoint)]);
        var topicId = await client.CreateTopicAsync(Topic, [[1]], cancellation);
        using var session = new RawSession(broker.EndPoint);
        var batch = Frames.Batch(plan.RecordsPerBatch, plan.ValueBytes);
        MeasureProduce(plan, session, "produce, acks=1", Frames.Produce(Topic, 0, batch, acks: 1));
        MeasureProduce(plan, session, "produce, acks=all", Frames.Produce(Topic, 0, batch, acks: -1));

        var fetch = Frames.Fetch(topicId, 0, offset: 0, maxBytes: batch.Length);
        Measure(plan, "fetch", () => session.Exchange(fetch));
        Expect(session.Fetched().ErrorCode);
        MeasureLongPolls(plan, broker.EndPoint, session, topicId, Frames.Produce(Topic, 0, batch, acks: -1));
    }

    /// <summary>All that a record costs until its follower has it: produce, the follower's fetches, the leader's answers.</summary>
    private static async Task MeasureReplicationAsync(Plan plan, CancellationToken cancellation)
    {
        await using var cluster = await HostedCluster.StartAsync(2, cancellation);
        await using var client = new ClusterClient(cluster.Brokers);
        await client.CreateTopicAsync(Topic, [[1, 2]], cancellation);
        await client.InSyncAsync([Topic], 1, cancellation);
        using var session = new RawSession(cluster.Brokers[0].EndPoint);
        var produce = Frames.Produce(Topic, 0, Frames.Batch(plan.RecordsPerBatch, plan.ValueBytes), acks: -1);
        MeasureProduce(plan, session, "produce, acks=all, RF 2: leader and follower", produce);
        await MeasureIdleAsync(plan.Sample, cancellation);
    }

    /// <summary>What a cluster allocates though no one asks it for anything: to be taken off the figures above it.</summary>
    private static async Task MeasureIdleAsync(bool sample, CancellationToken cancellation)
    {
        using var samples = sample ? new AllocationSamples() : null;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await Task.Delay(TimeSpan.FromSeconds(IdleSeconds), cancellation);
        var perSecond = (GC.GetTotalAllocatedBytes(precise: true) - before) / IdleSeconds;
        Console.WriteLine($"{"idle, leader and follower",-52} {perSecond,27:N0} bytes a second");
        samples?.Print(MostTypes);
    }

    private static void MeasureProduce(Plan plan, RawSession session, string name, byte[] produce)
    {
        Measure(plan, name, () => session.Exchange(produce));
        Expect(session.Produced().ErrorCode);
    }

    /// <summary>Each record is waited for by a fetch at the log's end, and then produced.</summary>
    private static void MeasureLongPolls(Plan plan, EndPoint broker, RawSession producer, Guid topicId, byte[] produce)
    {
        using var consumer = new RawSession(broker);
        producer.Exchange(produce);
        var next = producer.Produced().BaseOffset + plan.RecordsPerBatch;
        var poll = Frames.Fetch(topicId, 0, next, maxBytes: 1 << 20, maxWaitMs: 10_000);
        var offset = new OffsetInFrame(poll, next);
        Measure(plan, "produce, acks=all, and a fetch that waited", () =>
        {
            consumer.Send(poll);
            producer.Exchange(produce);
            consumer.Receive();
            offset.Advance(plan.RecordsPerBatch);
        });
        Expect(consumer.Fetched().ErrorCode);
    }

    private static void Measure(Plan plan, string name, Action request) =>
        AllocationRun.Measure(name, plan.Records, plan.RecordsPerBatch, request, plan.Sample).Print();

    private static void Expect(ErrorCode error)
    {
        if (error != ErrorCode.None)
        {
            throw new InvalidOperationException($"The broker answered {error}: what was measured is not what it says");
        }
    }

    private sealed record Plan(long Records, int RecordsPerBatch, int ValueBytes, bool Sample);
}
