using SchemaStream.Protocol.Messages;

namespace SchemaStream.Protocol.Tests.Messages;

/// <summary>Whatever bytes come: a message or a <see cref="ProtocolException"/>, and never more memory than the bytes are worth.</summary>
public sealed class BadInputTests
{
    /// <summary>Far above what a decode of a few hundred bytes takes, far below what a believed length would.</summary>
    private const long MostBytesAllocated = 512 * 1024;

    public static TheoryData<string> Messages() => [.. DefinedMessages.Names];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Read_WhenInputEndsTooEarly_ThrowsProtocolException(string name)
    {
        var message = DefinedMessages.Get(name);
        foreach (var version in message.Versions)
        {
            var bytes = DefinedMessage.Write(new RandomMessage(message, version, seed: 7, longestList: 1).Make(), version);
            for (var length = 0; length < bytes.Length; length++)
            {
                var cut = bytes.AsMemory(0, length);
                Should.Throw<ProtocolException>(() => message.Read(cut, version), $"v{version} cut to {length} of {bytes.Length} bytes");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Read_WhenALengthIsABigLie_ThrowsBeforeItAllocates(string name)
    {
        var message = DefinedMessages.Get(name);
        foreach (var version in new[] { message.Definition.Versions.First, message.Definition.Versions.Last })
        {
            var bytes = DefinedMessage.Write(new RandomMessage(message, version, seed: 7, longestList: 1).Make(), version);
            foreach (var lie in new byte[][] { [0x7f, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0xff, 0x0f], [0xff, 0xff, 0xff, 0xff, 0x07], [0x7f, 0xff] })
            {
                for (var at = 0; at + lie.Length <= bytes.Length; at++)
                {
                    ReadLie(message, version, bytes, at, lie);
                }
            }
        }
    }

    private static void ReadLie(DefinedMessage message, short version, byte[] bytes, int at, byte[] lie)
    {
        var changed = bytes.ToArray();
        lie.CopyTo(changed, at);
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            message.Read(changed, version);
        }
        catch (ProtocolException)
        {
            // Most lies are found out; one inside a number or a text cannot be.
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostBytesAllocated, $"v{version}, at byte {at}");
    }

    [Fact]
    public void Read_WhenAMessageHoldsMoreStructsThanAnyoneSends_Refuses()
    {
        // Three bytes each: within a frame of 100 MB there would be thirty million of them.
        var count = KafkaReader.MaxStructs + 1;
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt32(0);
        writer.WriteCompactArrayLength(count);
        writer.WriteRaw(new byte[count * 3]);
        writer.Flush();

        var bytes = output.WrittenMemory;
        Should.Throw<ProtocolException>(() => new ListPartitionReassignmentsRequest().ReadAll(bytes, 0))
            .Message.ShouldContain("structs in a message");
    }
}

internal static class MessageReading
{
    public static void ReadAll(this IMessage message, ReadOnlyMemory<byte> bytes, short version)
    {
        var reader = new KafkaReader(bytes);
        message.Read(ref reader, version);
    }
}
