using System.Globalization;
using System.Text;
using System.Text.Json;
using SchemaStream.Cli.Formats;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Consuming;

/// <summary>Writes records, one a line: as objects, or for people.</summary>
internal sealed class RecordLines(Stream output, RecordDecoder decoder, bool isJson) : IDisposable
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MemoryStream _line = new();

    public void Dispose() => _line.Dispose();

    public async ValueTask WriteAsync(TakenRecord record, CancellationToken cancellationToken)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{record.Partition.Topic}-{record.Partition.Partition}@{record.Offset}");
        var key = await decoder.DecodeAsync(RecordSlot.Key, record.Key, record.SchemaHeader(RecordSlot.Key), place, cancellationToken);
        var value = await decoder.DecodeAsync(RecordSlot.Value, record.Value, record.SchemaHeader(RecordSlot.Value), place, cancellationToken);
        _line.SetLength(0);
        if (isJson)
        {
            WriteObject(record, key, value);
        }
        else
        {
            WriteText(record, key, value);
        }

        _line.WriteByte((byte)'\n');
        await output.WriteAsync(_line.GetBuffer().AsMemory(0, (int)_line.Length), cancellationToken);
    }

    private void WriteObject(TakenRecord record, DecodedSlot key, DecodedSlot value)
    {
        using var writer = new Utf8JsonWriter(_line, SchemaCodecs.Writing);
        writer.WriteStartObject();
        writer.WriteString("topic", record.Partition.Topic);
        writer.WriteNumber("partition", record.Partition.Partition);
        writer.WriteNumber("offset", record.Offset);
        if (record.Timestamp != RecordBatchHeader.NoTimestamp)
        {
            writer.WriteNumber("timestamp", record.Timestamp);
            writer.WriteString("timestampType", record.TimestampType.ToString());
        }

        WriteSlot(writer, "key", key);
        WriteSlot(writer, "value", value);
        writer.WriteStartArray("headers");
        foreach (var header in record.Headers)
        {
            writer.WriteStartObject();
            writer.WriteString("key", header.Key);
            WriteHeader(writer, header.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteSlot(Utf8JsonWriter writer, string name, DecodedSlot slot)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(slot.Json, skipInputValidation: true);
        writer.WriteString(name + "Format", slot.Format);
        if (slot.SchemaId is { } id)
        {
            writer.WriteNumber(name + "SchemaId", id);
        }
    }

    /// <summary>Text where it is text; else its bytes, under a name that says so.</summary>
    private static void WriteHeader(Utf8JsonWriter writer, byte[]? value)
    {
        if (value is null)
        {
            writer.WriteNull("value");
            return;
        }

        try
        {
            writer.WriteString("value", StrictUtf8.GetString(value));
        }
        catch (DecoderFallbackException)
        {
            writer.WriteBase64String("bytes", value);
        }
    }

    private void WriteText(TakenRecord record, DecodedSlot key, DecodedSlot value)
    {
        Write(string.Create(CultureInfo.InvariantCulture, $"{record.Partition.Partition}:{record.Offset}\t"));
        Write(record.Timestamp is >= -62_135_596_800_000 and <= 253_402_300_799_999 and not RecordBatchHeader.NoTimestamp
            ? DateTimeOffset.FromUnixTimeMilliseconds(record.Timestamp).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) + "\t"
            : "-\t");
        _line.Write(key.Json);
        Write("\t");
        _line.Write(value.Json);
    }

    private void Write(string text) => _line.Write(Encoding.UTF8.GetBytes(text));
}
