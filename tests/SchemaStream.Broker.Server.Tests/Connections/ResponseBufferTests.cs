using System.Buffers.Binary;
using SchemaStream.Broker.Server.Connections;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Tests.Connections;

public sealed class ResponseBufferTests
{
    [Fact]
    public void Payload_IsReferencedBetweenWhatIsEncoded()
    {
        var payload = Enumerable.Range(0, 5000).Select(i => (byte)i).ToArray();
        var buffer = new ResponseBuffer();
        buffer.Begin();
        var writer = new KafkaWriter(buffer);
        writer.WriteInt32(0x01020304);
        writer.WriteRecords(payload);
        writer.WriteInt8(9);
        writer.Flush();
        buffer.Complete();

        var segments = Segments(buffer);
        segments.ShouldContain(segment => ReferenceEquals(segment.Array, payload), "the payload itself is sent, not a copy");
        var sent = segments.SelectMany(segment => segment).ToArray();
        BinaryPrimitives.ReadInt32BigEndian(sent).ShouldBe(sent.Length - 4);
        sent.ShouldBe([.. sent[..4], 1, 2, 3, 4, 0, 0, 0x13, 0x88, .. payload, 9]);
        buffer.Length.ShouldBe(sent.Length);
    }

    [Fact]
    public void Reply_LargerThanAChunk_GoesOnInTheNext()
    {
        var buffer = new ResponseBuffer();
        buffer.Begin();
        var writer = new KafkaWriter(buffer);
        for (var i = 0; i < 100_000; i++)
        {
            writer.WriteInt32(i);
        }

        writer.Flush();
        buffer.Complete();

        var sent = Segments(buffer).SelectMany(segment => segment).ToArray();
        sent.Length.ShouldBe(400_004);
        BinaryPrimitives.ReadInt32BigEndian(sent).ShouldBe(400_000);
        BinaryPrimitives.ReadInt32BigEndian(sent.AsSpan(4 + (4 * 77_777))).ShouldBe(77_777);
    }

    [Fact]
    public void Reset_GivesBackWhatWasBorrowed()
    {
        var loan = new Loan();
        var buffer = new ResponseBuffer();
        buffer.Borrow(loan);
        loan.IsReturned.ShouldBeFalse();
        buffer.Reset();
        loan.IsReturned.ShouldBeTrue();
        buffer.Length.ShouldBe(0);
        Segments(buffer).ShouldBeEmpty();
    }

    private static List<ArraySegment<byte>> Segments(ResponseBuffer buffer)
    {
        var segments = new List<ArraySegment<byte>>();
        buffer.AddSegmentsTo(segments);
        return segments;
    }

    private sealed class Loan : IDisposable
    {
        public bool IsReturned { get; private set; }

        public void Dispose() => IsReturned = true;
    }
}
