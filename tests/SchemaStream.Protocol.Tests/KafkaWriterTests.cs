using System.Buffers;
using FsCheck;
using FsCheck.Fluent;

namespace SchemaStream.Protocol.Tests;

public sealed class KafkaWriterTests
{
    private delegate void Writing(ref KafkaWriter writer);

    [Fact]
    public void WriteVarlong_ThenRead_GivesTheSame() =>
        Check.QuickThrowOnFailure(Prop.ForAll<long>(value =>
        {
            var reader = new KafkaReader(Written((ref KafkaWriter writer) =>
            {
                writer.WriteVarlong(value);
                writer.WriteVarint((int)value);
                writer.WriteUnsignedVarint((uint)value);
            }));
            return reader.ReadVarlong() == value && reader.ReadVarint() == (int)value
                && reader.ReadUnsignedVarint() == (uint)value && reader.End;
        }));

    [Theory]
    [InlineData(0, new byte[] { 0 })]
    [InlineData(-1, new byte[] { 1 })]
    [InlineData(1, new byte[] { 2 })]
    [InlineData(int.MaxValue, new byte[] { 0xfe, 0xff, 0xff, 0xff, 0x0f })]
    [InlineData(int.MinValue, new byte[] { 0xff, 0xff, 0xff, 0xff, 0x0f })]
    public void WriteVarint_IsZigzag(int value, byte[] expected) =>
        Written((ref KafkaWriter writer) => writer.WriteVarint(value)).ShouldBe(expected);

    [Fact]
    public void WriteString_WhenTextIsTooLongForItsLength_Refuses() =>
        Should.Throw<ProtocolException>(() => Written((ref KafkaWriter writer) => writer.WriteString(new string('x', 40_000), "Topic")))
            .Message.ShouldBe("Topic: expected at most 32767 bytes of text, found 40000");

    [Fact]
    public void WriteRecords_WhenOutputTakesReferences_CopiesNothing()
    {
        var payload = new byte[KafkaWriter.SmallestReferencedPayload];
        var output = new PayloadOutput();
        var writer = new KafkaWriter(output);

        writer.WriteInt16(7);
        writer.WriteRecords(payload);
        writer.WriteCompactRecords(payload);
        writer.WriteInt16(9);
        writer.Flush();

        output.Parts.Select(part => part.Length).ShouldBe([6, 512, 2, 512, 2]);
        output.Parts[1].Equals(payload.AsMemory()).ShouldBeTrue();
        writer.BytesWritten.ShouldBe(output.Parts.Sum(part => part.Length));
    }

    [Fact]
    public void WriteRecords_WhenPayloadIsSmallOrNull_CopiesIt()
    {
        var output = new PayloadOutput();
        var writer = new KafkaWriter(output);

        writer.WriteRecords(new byte[3]);
        writer.WriteRecords(null);
        writer.WriteCompactRecords(null);
        writer.Flush();

        Convert.ToHexString(output.Parts.ShouldHaveSingleItem().Span).ShouldBe("00000003000000FFFFFFFF00");
    }

    [Fact]
    public void Write_OverManyBuffers_LosesNothing()
    {
        var bytes = Written((ref KafkaWriter writer) =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                writer.WriteInt32(i);
            }
        });

        var reader = new KafkaReader(bytes);
        for (var i = 0; i < 10_000; i++)
        {
            reader.ReadInt32().ShouldBe(i);
        }
    }

    private static byte[] Written(Writing writing)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writing(ref writer);
        writer.Flush();
        writer.BytesWritten.ShouldBe(output.WrittenCount);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Keeps what was written and what was referenced apart.</summary>
    private sealed class PayloadOutput : IPayloadOutput
    {
        private byte[] _buffer = [];

        public List<ReadOnlyMemory<byte>> Parts { get; } = [];

        public void Advance(int count) => Parts.Add(_buffer.AsMemory(0, count));

        public void AppendReference(ReadOnlyMemory<byte> payload) => Parts.Add(payload);

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer = new byte[Math.Max(sizeHint, 16)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
