using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
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

/// <summary>What the broker allocates for a request must not grow with the records in it.</summary>
[Collection(AloneCollection.Name)]
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Records = 500;
    private const int Rounds = 400;

    [Fact]
    public async Task ProduceAndFetch_OfFiveHundredRecords_AllocateAFewBytesPerRecord()
    {
        await using var broker = await TestBroker.StartAsync();
        await using (var client = await broker.ConnectAsync())
        {
            await client.CreateTopicAsync("orders");
        }

        var batch = Wire.Batch([.. Enumerable.Range(0, Records).Select(i => new string('x', 100))]);
        var produce = Framed(RawFrames.Of(ApiKey.Produce, Wire.ProduceRequest("orders", batch), 9, ProduceRequest.FirstFlexibleVersion));
        var oneBatch = Wire.FetchRequest("orders", 0);
        oneBatch.Topics[0].Partitions[0].PartitionMaxBytes = batch.Length;
        var fetch = Framed(RawFrames.Of(ApiKey.Fetch, oneBatch, 12, FetchRequest.FirstFlexibleVersion));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, broker.Port));
        var buffer = new byte[4 << 20];

        var produced = PerRecord(socket, produce, buffer);
        var fetched = PerRecord(socket, fetch, buffer);
        output.WriteLine($"produce {produced:F2}, fetch {fetched:F2} bytes per record");

        // An unoptimized build's asynchronous methods are objects of their own; a release build measures 1.8 and 3.1.
        produced.ShouldBeLessThan(8);
        fetched.ShouldBeLessThan(8);
    }

    /// <summary>The client's side is one thread on a blocking socket and allocates nothing.</summary>
    private static double PerRecord(Socket socket, byte[] frame, byte[] buffer)
    {
        for (var i = 0; i < Rounds; i++)
        {
            Call(socket, frame, buffer);
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Rounds; i++)
        {
            Call(socket, frame, buffer);
        }

        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Rounds * Records);
    }

    private static void Call(Socket socket, byte[] frame, byte[] buffer)
    {
        socket.Send(frame);
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
