using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SchemaStream.Cli.Kafka.ConsoleConsuming;

/// <summary>A key's or a value's bytes as one of Kafka's deserializers reads them and Java prints what it read.</summary>
internal sealed class FieldText
{
    private readonly string _type;

    private FieldText(string type) => _type = type;

    /// <summary>That of one of Kafka's own classes, by its full or its short name.</summary>
    /// <exception cref="ToolFailedException">It is none of them.</exception>
    public static FieldText? OfClass(string name)
    {
        var type = name[(name.LastIndexOf('.') + 1)..];
        return type switch
        {
            "ByteArrayDeserializer" or "ByteBufferDeserializer" => null, // Java would print where they lie in memory
            "StringDeserializer" or "LongDeserializer" or "IntegerDeserializer" or "ShortDeserializer" or "DoubleDeserializer"
                or "FloatDeserializer" or "BooleanDeserializer" or "UUIDDeserializer" or "BytesDeserializer" or "VoidDeserializer" => new FieldText(type),
            _ => throw new ToolFailedException($"Unable to instantiate a deserializer from {name}: only Kafka's own are known here"),
        };
    }

    /// <exception cref="ToolFailedException">The bytes are not of this type.</exception>
    public void Write(Stream output, ReadOnlySpan<byte> bytes) => output.Write(_type == "StringDeserializer"
        ? bytes
        : Encoding.UTF8.GetBytes(Text(bytes)));

    private string Text(ReadOnlySpan<byte> bytes) => _type switch
    {
        "LongDeserializer" => BinaryPrimitives.ReadInt64BigEndian(Exactly(bytes, sizeof(long), "LongDeserializer is not 8")).ToString(CultureInfo.InvariantCulture),
        "IntegerDeserializer" => BinaryPrimitives.ReadInt32BigEndian(Exactly(bytes, sizeof(int), "IntegerDeserializer is not 4")).ToString(CultureInfo.InvariantCulture),
        "ShortDeserializer" => BinaryPrimitives.ReadInt16BigEndian(Exactly(bytes, sizeof(short), "ShortDeserializer is not 2")).ToString(CultureInfo.InvariantCulture),
        "DoubleDeserializer" => JavaNumbers.Text(BinaryPrimitives.ReadDoubleBigEndian(Exactly(bytes, sizeof(double), "DoubleDeserializer is not 8"))),
        "FloatDeserializer" => JavaNumbers.Text(BinaryPrimitives.ReadSingleBigEndian(Exactly(bytes, sizeof(float), "FloatDeserializer is not 4"))),
        "BooleanDeserializer" => Exactly(bytes, 1, "BooleanDeserializer is not 1")[0] == 1 ? "true" : "false",
        "UUIDDeserializer" => Guid.TryParse(Encoding.UTF8.GetString(bytes), out var id)
            ? id.ToString("D")
            : throw new ToolFailedException("Error parsing data into UUID"),
        "VoidDeserializer" => throw new ToolFailedException("Data should be null for a VoidDeserializer."),
        _ => Printable(bytes),
    };

    private static ReadOnlySpan<byte> Exactly(ReadOnlySpan<byte> bytes, int length, string otherwise) =>
        bytes.Length == length ? bytes : throw new ToolFailedException($"Size of data received by {otherwise}");

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var each in bytes)
        {
            _ = each is >= (byte)' ' and <= (byte)'~' and not (byte)'\\'
                ? text.Append((char)each)
                : text.Append(CultureInfo.InvariantCulture, $"\\x{each:X2}");
        }

        return text.ToString();
    }
}
