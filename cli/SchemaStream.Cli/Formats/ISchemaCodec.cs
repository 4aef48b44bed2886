using System.Text.Json;

namespace SchemaStream.Cli.Formats;

/// <summary>The way between JSON text and the bytes that one schema describes.</summary>
/// <remarks>
/// The bytes are those behind the schema's id. In Protobuf they begin with the message indexes. Not for several threads at once.
/// </remarks>
internal interface ISchemaCodec
{
    SchemaFormat Format { get; }

    /// <summary>What the schema calls itself: a full name, a title; empty where it has none.</summary>
    string TypeName { get; }

    /// <summary>The bytes of a JSON value.</summary>
    /// <exception cref="CodecException">The value is none that the schema describes; says where.</exception>
    byte[] Encode(JsonElement value);

    /// <summary>Writes a payload as one JSON value.</summary>
    /// <remarks>Part of it is written when it fails: what must be whole goes through <see cref="SchemaCodecs.ToJson"/>.</remarks>
    /// <exception cref="CodecException">The payload was not written with this schema, or is damaged.</exception>
    void Decode(ReadOnlySpan<byte> payload, Utf8JsonWriter output);
}
