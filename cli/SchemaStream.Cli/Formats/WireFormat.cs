using System.Buffers.Binary;

namespace SchemaStream.Cli.Formats;

/// <summary>How a message names its schema: a zero and four bytes of the id before the payload.</summary>
internal static class WireFormat
{
    public const int PrefixLength = 5;

    /// <summary>The schema's id, where bytes can begin with one. Others can by chance: whether there is such a schema is to be asked.</summary>
    public static int? FindId(ReadOnlySpan<byte> message) =>
        message.Length >= PrefixLength && message[0] == 0 && BinaryPrimitives.ReadInt32BigEndian(message[1..]) is var id and > 0 ? id : null;

    public static byte[] Frame(int id, ReadOnlySpan<byte> payload)
    {
        var message = new byte[PrefixLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), id);
        payload.CopyTo(message.AsSpan(PrefixLength));
        return message;
    }
}
