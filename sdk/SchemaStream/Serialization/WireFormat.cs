using System.Buffers.Binary;

namespace SchemaStream.Serialization;

/// <summary>Confluent's frame around a payload: a zero, then the schema's id as four bytes, big-endian.</summary>
internal static class WireFormat
{
    /// <summary>The length of the prefix.</summary>
    public const int PrefixBytes = 5;

    private const byte MagicByte = 0;

    /// <summary>Writes the prefix.</summary>
    /// <param name="output">At least <see cref="PrefixBytes"/>.</param>
    /// <param name="schemaId">The schema's id.</param>
    public static void WritePrefix(Span<byte> output, int schemaId)
    {
        BinaryPrimitives.WriteInt32BigEndian(output[1..], schemaId);
        output[0] = MagicByte;
    }

    /// <summary>Reads the prefix.</summary>
    /// <param name="input">Prefix and payload.</param>
    /// <returns>The schema's id.</returns>
    /// <exception cref="SchemaSerializationException">There is no prefix.</exception>
    public static int ReadPrefix(ReadOnlySpan<byte> input) =>
        input.Length >= PrefixBytes && input[0] == MagicByte ? BinaryPrimitives.ReadInt32BigEndian(input[1..]) : Refuse(input);

    private static int Refuse(ReadOnlySpan<byte> input) => throw new SchemaSerializationException(
        input.Length < PrefixBytes
            ? $"it has {input.Length} bytes, fewer than the {PrefixBytes} of a schema id's prefix: a plain producer wrote it."
            : $"it begins with byte {input[0]} instead of {MagicByte}: a plain producer wrote it, without a schema id.");
}
