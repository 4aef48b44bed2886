using System.Text.Json;
using Google.Protobuf.Reflection;
using SchemaStream.Protobuf;

namespace SchemaStream.Cli.Formats.Protobuf;

/// <summary>Protobuf's wire format, behind its message indexes, and canonical JSON.</summary>
internal sealed class ProtobufJsonCodec : ISchemaCodec
{
    private const int DeepestPath = 32;

    private readonly ProtoTypes _types;
    private readonly MessageDescriptor _written;
    private readonly byte[] _indexes;

    /// <param name="schema">The file.</param>
    /// <param name="message">The full name of the message that is written; null: the first of the file. What is read says itself what it is.</param>
    public ProtobufJsonCodec(ProtoSchema schema, string? message = null)
    {
        _types = new ProtoTypes(schema);
        if (_types.Main.MessageTypes.Count == 0)
        {
            throw new CodecException("the schema has no message");
        }

        _written = message is null ? _types.Main.MessageTypes[0] : _types.Find(message);
        _indexes = IndexesOf(_types.PathOf(_written));
    }

    public SchemaFormat Format => SchemaFormat.Protobuf;

    public string TypeName => _written.FullName;

    public byte[] Encode(JsonElement value)
    {
        var output = new ByteSink();
        output.Add(_indexes);
        new ProtoJsonReader(_types).Write(_written, value, output);
        return output.ToArray();
    }

    public void Decode(ReadOnlySpan<byte> payload, Utf8JsonWriter output)
    {
        var cursor = new ProtoCursor(payload);
        var count = ProtoCursor.Unzigzag(cursor.ReadVarint());
        if (count is < 0 or > DeepestPath)
        {
            throw new CodecException($"the message indexes say that they are {count}");
        }

        var path = count == 0 ? [0] : new int[count];
        for (var i = 0; i < count; i++)
        {
            var index = ProtoCursor.Unzigzag(cursor.ReadVarint());
            path[i] = index is >= 0 and <= int.MaxValue ? (int)index : throw new CodecException($"{index} is no message index");
        }

        new ProtoJsonPrinter(_types, output).Write(ProtoMessage.Parse(_types.At(path), cursor.Rest));
    }

    /// <summary>A zero stands for the path to the first message, which most are.</summary>
    private static byte[] IndexesOf(int[] path)
    {
        if (path is [0])
        {
            return [0];
        }

        var output = new ByteSink();
        output.AddZigzag(path.Length);
        foreach (var step in path)
        {
            output.AddZigzag(step);
        }

        return output.ToArray();
    }
}
