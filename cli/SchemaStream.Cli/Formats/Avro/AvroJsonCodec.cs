using System.Text.Json;
using SchemaStream.Avro;
using SchemaStream.Avro.Codec;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Cli.Formats.Avro;

/// <summary>Avro's binary encoding and JSON, over a schema alone: no C# type stands behind it.</summary>
internal sealed class AvroJsonCodec : ISchemaCodec
{
    private readonly AvroSchema _schema;
    private readonly JsonStyle _style;
    private readonly AvroJsonEncoder _encoder;

    public AvroJsonCodec(AvroSchema schema, JsonStyle style)
    {
        _schema = schema;
        _style = style;
        _encoder = new AvroJsonEncoder(schema, style);
    }

    public SchemaFormat Format => SchemaFormat.Avro;

    public string TypeName => _schema.FullName;

    public byte[] Encode(JsonElement value) => _encoder.Encode(value);

    public void Decode(ReadOnlySpan<byte> payload, Utf8JsonWriter output)
    {
        try
        {
            var reader = new AvroReader(payload);
            new AvroJsonDecoder(_style, output).Write(_schema, ref reader, 0);
            reader.RequireEnd();
        }
        catch (AvroDataException damaged)
        {
            throw new CodecException($"not a value of {TypeName}: {damaged.Message}", damaged);
        }
    }
}
