using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Bench.Cluster.Wire;
using SchemaStream.Broker;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Bench.Cluster.Allocations;

/// <summary>
/// <c>allocations</c>: managed bytes that the brokers allocate for a record. They run in this process, so that the runtime's
/// own count says it; the client's share is none.
/// </summary>
internal static class AllocationCommand
{
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
        using var directory = new TempDirectory();
        await using var broker = await BrokerHost.StartAsync(
            new BrokerOptions { DataDirectory = directory.Path, Port = 0 }, NullLoggerFactory.Instance, TimeProvider.System, cancellation);
        Console.WriteLine($"{"run",-44} {"records",12} {"bytes",14} {"B/record",10} {"GCs",6}");
        var topicId = await CreateTopicAsync(broker, "bench", cancellation);
        using var session = new RawSession(broker.EndPoint);
        var batch = Frames.Batch(plan.RecordsPerBatch, plan.ValueBytes);
        foreach (var (name, acks) in new[] { ("produce, acks=1", (short)1), ("produce, acks=all", (short)-1) })
        {
            var produce = Frames.Produce("bench", 0, batch, acks);
            Measure(plan, name, () => session.Exchange(produce));
            Expect(session.Produced().ErrorCode);
        }

        var fetch = Frames.Fetch(topicId, 0, offset: 0, maxBytes: batch.Length);
        Measure(plan, "fetch", () => session.Exchange(fetch));
        Expect(session.Fetched().ErrorCode);
        MeasureLongPolls(plan, broker.EndPoint, session, topicId, Frames.Produce("bench", 0, batch, acks: -1));
        return 0;
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

    private static async Task<Guid> CreateTopicAsync(BrokerHost broker, string name, CancellationToken cancellation)
    {
        await using var client = await KafkaConnection.ConnectAsync(
            broker.EndPoint.Address.ToString(), broker.EndPoint.Port, cancellationToken: cancellation);
        var request = new CreateTopicsRequest { Topics = [new() { Name = name, NumPartitions = 1, ReplicationFactor = 1 }] };
        var response = await client.SendAsync(request, 7, cancellation);
        Expect(response.Topics[0].ErrorCode);
        return response.Topics[0].TopicId;
    }

    private sealed record Plan(long Records, int RecordsPerBatch, int ValueBytes, bool Sample);
}
