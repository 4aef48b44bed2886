using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;
using Xunit.Abstractions;

namespace SchemaStream.Broker.Tests.Hosting;

/// <summary>Tests that measure the whole process run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

/// <summary>
/// What the broker allocates for a request must not grow with the records in it: less than a byte for each of the five
/// hundred records of a batch. The client's side is this thread on a blocking socket and allocates nothing.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Records = 500;
    private const int Rounds = 2_000;
    private const int Measurements = 10;
    private const int FetchVersion = 17;

    // An unoptimized build's asynchronous methods are objects of their own.
    private static readonly double s_limit =
        typeof(BrokerHost).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true } ? 16 : 1;

    [Theory]
    [InlineData((short)1)]
    [InlineData((short)-1)]
    public async Task Produce_OfFiveHundredRecords_AllocatesLessThanAByteForARecord(short acks)
    {
        await using var broker = await StartAsync();
        var produce = Framed(RawFrames.Of(
            ApiKey.Produce, Wire.ProduceRequest("orders", Batch(), acks: acks), Wire.ProduceVersion, ProduceRequest.FirstFlexibleVersion));
        using var client = Connect(broker);
        var buffer = new byte[1 << 20];

        var allocated = PerRecord(() => Call(client, produce, buffer));

        output.WriteLine($"{allocated:F3} bytes per record");
        allocated.ShouldBeLessThan(s_limit);
    }

    [Fact]
    public async Task Fetch_OfFiveHundredRecords_AllocatesLessThanAByteForARecord()
    {
        await using var broker = await StartAsync();
        var batch = Batch();
        await using (var producer = await broker.ConnectAsync())
        {
            await producer.ProduceAsync("orders", batch);
        }

        var request = Wire.FetchRequest("orders", 0);
        request.IsolationLevel = 1;
        request.Topics[0].Partitions[0].PartitionMaxBytes = batch.Length;
        var fetch = Framed(RawFrames.Of(ApiKey.Fetch, request, Wire.FetchVersion, FetchRequest.FirstFlexibleVersion));
        using var client = Connect(broker);
        var buffer = new byte[4 << 20];

        var allocated = PerRecord(() => Call(client, fetch, buffer));

        output.WriteLine($"{allocated:F3} bytes per record");
        allocated.ShouldBeLessThan(s_limit);
    }

    [Fact]
    public async Task Fetch_ThatWaitsForWhatIsProduced_AllocatesLessThanAByteForARecordInAll()
    {
        await using var broker = await StartAsync();
        await using var first = await broker.ConnectAsync();
        var topicId = (await first.SendAsync(new MetadataRequest { Topics = [new() { Name = "orders" }] }, 12)).Topics[0].TopicId;
        var produce = Framed(RawFrames.Of(
            ApiKey.Produce, Wire.ProduceRequest("orders", Batch()), Wire.ProduceVersion, ProduceRequest.FirstFlexibleVersion));
        var poll = Framed(RawFrames.Of(ApiKey.Fetch, PollAt(topicId, FirstOffset), FetchVersion, FetchRequest.FirstFlexibleVersion));
        var offsetAt = poll.AsSpan().IndexOf(BigEndian(FirstOffset));
        var (next, buffer) = (0L, new byte[4 << 20]);
        using var producer = Connect(broker);
        using var consumer = Connect(broker);

        var allocated = PerRecord(() =>
        {
            BinaryPrimitives.WriteInt64BigEndian(poll.AsSpan(offsetAt), next);
            consumer.Send(poll);
            Call(producer, produce, buffer);
            Receive(consumer, buffer);
            next += Records;
        });

        output.WriteLine($"{allocated:F3} bytes per record");
        allocated.ShouldBeLessThan(s_limit);
    }

    /// <summary>All of it: the leader's append, the follower's fetches and appends, and the answer once both have it.</summary>
    [Fact]
    public async Task Produce_ToALeaderAndAFollower_AllocatesLessThanAByteForARecordInAll()
    {
        await using var cluster = await TestCluster.StartAsync(2, ("default.replication.factor", "2"));
        await using (var client = await cluster.ConnectAsync(1))
        {
            await client.CreateTopicAsync("orders", replicationFactor: 2);
        }

        var leader = await cluster.LeaderOfAsync("orders");
        await cluster.WaitForAsync(leader, found => found.Topics[0].Partitions[0].IsrNodes.Count == 2, "both are in sync", "orders");
        var produce = Framed(RawFrames.Of(
            ApiKey.Produce, Wire.ProduceRequest("orders", Batch()), Wire.ProduceVersion, ProduceRequest.FirstFlexibleVersion));
        using var socket = Connect(cluster.Node(leader).EndPoint);
        var buffer = new byte[1 << 20];

        var allocated = PerRecord(() => Call(socket, produce, buffer));

        output.WriteLine($"{allocated:F3} bytes per record");
        allocated.ShouldBeLessThan(s_limit);
    }

    // Unlike any other number in the request, to find its place.
    private const long FirstOffset = 0x0102030405060708;

    private static async Task<TestBroker> StartAsync()
    {
        var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("orders");
        return broker;
    }

    private static byte[] Batch() => Wire.Batch([.. Enumerable.Range(0, Records).Select(_ => new string('x', 20))]);

    private static FetchRequest PollAt(Guid topicId, long offset) => new()
    {
        MaxWaitMs = (int)TestTime.Limit.TotalMilliseconds,
        MinBytes = 1,
        Topics = [new() { TopicId = topicId, Partitions = [new() { FetchOffset = offset, PartitionMaxBytes = 1 << 20 }] }],
    };

    private static byte[] BigEndian(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    private static Socket Connect(TestBroker broker) => Connect(broker.Host.EndPoint);

    private static Socket Connect(EndPoint broker)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(broker);
        return socket;
    }

    /// <summary>
    /// The least of several measurements: what a broker allocates by the clock (heartbeats, timers) comes on top of each, and
    /// the more of it the longer a busy machine takes.
    /// </summary>
    private static double PerRecord(Action request)
    {
        for (var i = 0; i < Rounds; i++)
        {
            request();
        }

        var least = double.MaxValue;
        for (var measurement = 0; measurement < Measurements && least >= s_limit; measurement++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Rounds; i++)
            {
                request();
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Rounds * Records));
        }

        return least;
    }

    private static void Call(Socket socket, byte[] frame, byte[] buffer)
    {
        socket.Send(frame);
        Receive(socket, buffer);
    }

    private static void Receive(Socket socket, byte[] buffer)
    {
        Fill(socket, buffer.AsSpan(0, 4));
        Fill(socket, buffer.AsSpan(0, BinaryPrimitives.ReadInt32BigEndian(buffer)));
    }

    private static void Fill(Socket socket, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            buffer = buffer[socket.Receive(buffer)..];
        }
    }

    private static byte[] Framed(byte[] body)
    {
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        return frame;
    }
}
