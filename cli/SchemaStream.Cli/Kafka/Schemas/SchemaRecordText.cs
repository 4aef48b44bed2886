using System.Globalization;
using System.Text;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Kafka.ConsoleConsuming;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Protocol.Records;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Kafka.Schemas;

/// <summary>Writes records as Confluent's message formatters print them: JSON, read with the schema that each names.</summary>
internal sealed class SchemaRecordText : IRecordText, IDisposable
{
    private static readonly byte[] KeyHeader = Encoding.UTF8.GetBytes(SchemaHeader.NameOf(RecordSlot.Key));
    private static readonly byte[] ValueHeader = Encoding.UTF8.GetBytes(SchemaHeader.NameOf(RecordSlot.Value));

    private readonly RegistryClient _registry;
    private readonly RegistryCodecs _codecs;
    private readonly CancellationToken _stop;
    private readonly bool _timestamp;
    private readonly bool _partition;
    private readonly bool _offset;
    private readonly bool _headers;
    private readonly bool _key;
    private readonly bool _ids;
    private readonly byte[] _keySeparator;
    private readonly byte[] _lineSeparator;
    private readonly byte[] _headersSeparator;
    private readonly byte[] _idSeparator;
    private readonly byte[] _nullLiteral;
    private readonly PlainField? _plainKey;
    private readonly PlainField? _header;

    /// <param name="properties">By the names of Confluent's formatters.</param>
    /// <param name="stop">Ends the wait for the registry.</param>
    /// <exception cref="ToolFailedException">A property cannot be followed.</exception>
    public SchemaRecordText(IReadOnlyDictionary<string, string> properties, CancellationToken stop)
    {
        bool Is(string name) => properties.GetValueOrDefault(name, "").Trim().Equals("true", StringComparison.OrdinalIgnoreCase);
        byte[] Bytes(string name, string otherwise) => Encoding.UTF8.GetBytes(properties.GetValueOrDefault(name, otherwise));

        _timestamp = Is("print.timestamp");
        _partition = Is("print.partition");
        _offset = Is("print.offset");
        _headers = Is("print.headers");
        _key = Is("print.key");
        _ids = Is("print.schema.ids");
        _keySeparator = Bytes("key.separator", "\t");
        _lineSeparator = Bytes("line.separator", "\n");
        _headersSeparator = Bytes("headers.separator", ",");
        _idSeparator = Bytes("schema.id.separator", "\t");
        _nullLiteral = Bytes("null.literal", "null");
        _plainKey = PlainField.Find(properties, "key.deserializer");
        _header = PlainField.Find(properties, "headers.deserializer");
        _stop = stop;
        _registry = RegistryProperties.Open(properties);
        _codecs = new RegistryCodecs(_registry, JsonStyle.Encoded);
    }

    public void Write(Stream output, in RecordOrigin origin, in RecordView record)
    {
        if (_timestamp)
        {
            Write(output, record.Timestamp == RecordBatchHeader.NoTimestamp
                ? "NO_TIMESTAMP"
                : string.Create(CultureInfo.InvariantCulture, $"{origin.TimestampType}:{record.Timestamp}"));
            output.Write(_keySeparator);
        }

        if (_partition)
        {
            Write(output, string.Create(CultureInfo.InvariantCulture, $"Partition:{origin.Partition.Partition}"));
            output.Write(_keySeparator);
        }

        if (_offset)
        {
            Write(output, string.Create(CultureInfo.InvariantCulture, $"Offset:{record.Offset}"));
            output.Write(_keySeparator);
        }

        if (_headers)
        {
            WriteHeaders(output, record);
            output.Write(_keySeparator);
        }

        // Both are read before either is written: a record that cannot be leaves no half of a line.
        var keyId = "";
        var key = _key && record.HasKey && _plainKey is null ? Read(RecordSlot.Key, record, record.Key, out keyId) : null;
        var valueId = "";
        var value = record.HasValue ? Read(RecordSlot.Value, record, record.Value, out valueId) : _nullLiteral;
        if (_key)
        {
            WriteKey(output, record, key, keyId);
            output.Write(_keySeparator);
        }

        output.Write(value);
        WriteId(output, record.HasValue, valueId);
        output.Write(_lineSeparator);
    }

    public void Dispose() => _registry.Dispose();

    private static void Write(Stream output, string text) => output.Write(Encoding.UTF8.GetBytes(text));

    private void WriteKey(Stream output, in RecordView record, byte[]? json, string id)
    {
        if (_plainKey is not null && record.HasKey)
        {
            _plainKey.Write(output, record.Key);
        }
        else
        {
            output.Write(json ?? _nullLiteral);
        }

        if (_plainKey is null)
        {
            WriteId(output, record.HasKey, id);
        }
    }

    private void WriteId(Stream output, bool isPresent, string id)
    {
        if (_ids)
        {
            output.Write(_idSeparator);
            output.Write(isPresent ? Encoding.UTF8.GetBytes(id) : _nullLiteral);
        }
    }

    private void WriteHeaders(Stream output, in RecordView record)
    {
        if (record.Headers.Count == 0)
        {
            Write(output, "NO_HEADERS");
            return;
        }

        var isFirst = true;
        foreach (var header in record.Headers)
        {
            if (!isFirst)
            {
                output.Write(_headersSeparator);
            }

            isFirst = false;
            output.Write(header.Key);
            output.WriteByte((byte)':');
            if (header.HasValue && _header is not null)
            {
                _header.Write(output, header.Value);
            }
            else
            {
                output.Write(_nullLiteral); // so do Confluent's, as long as no headers.deserializer is named
            }
        }
    }

    /// <param name="id">What the message names its schema by: an id before the payload, or a GUID in a header.</param>
    private byte[] Read(RecordSlot slot, in RecordView record, ReadOnlySpan<byte> bytes, out string id)
    {
        var header = SchemaHeaderOf(slot, record);
        if (SchemaHeader.FindGuid(header) is { } guid)
        {
            id = guid.ToString();
            try
            {
                var codec = _codecs.OfGuidAsync(guid, _stop).AsTask().GetAwaiter().GetResult()
                    ?? throw new ToolFailedException($"Error deserializing message for id {id}: the registry has no such schema");
                return codec.ToJson(SchemaHeader.Payload(codec.Format, header, bytes));
            }
            catch (Exception unreadable) when (SchemaFormats.IsExpected(unreadable))
            {
                throw new ToolFailedException($"Error deserializing message for id {id}: {unreadable.Message}", unreadable);
            }
        }

        var number = WireFormat.FindId(bytes) ?? throw new ToolFailedException("Unknown magic byte!");
        id = number.ToString(CultureInfo.InvariantCulture);
        try
        {
            // Records are shown where they lie in the broker's answer, which does not outlive an await. Of each schema there is
            // one such wait; there is no one whom it holds up.
            var codec = _codecs.OfIdAsync(number, _stop).AsTask().GetAwaiter().GetResult();
            return codec.ToJson(bytes[WireFormat.PrefixLength..]);
        }
        catch (Exception unreadable) when (SchemaFormats.IsExpected(unreadable))
        {
            throw new ToolFailedException($"Error deserializing message for id {id}: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Of several the last one counts; nothing where there is none.</summary>
    private static ReadOnlySpan<byte> SchemaHeaderOf(RecordSlot slot, in RecordView record)
    {
        ReadOnlySpan<byte> found = default;
        if (record.Headers.Count > 0)
        {
            ReadOnlySpan<byte> name = slot == RecordSlot.Key ? KeyHeader : ValueHeader;
            foreach (var header in record.Headers)
            {
                if (header.Key.SequenceEqual(name))
                {
                    found = header.Value;
                }
            }
        }

        return found;
    }

    /// <summary>A key or a header that has no schema.</summary>
    private sealed class PlainField(FieldText? text)
    {
        public static PlainField? Find(IReadOnlyDictionary<string, string> properties, string name) =>
            !properties.TryGetValue(name, out var type) || type.StartsWith("io.confluent.", StringComparison.Ordinal)
                ? null
                : new PlainField(FieldText.OfClass(type));

        public void Write(Stream output, ReadOnlySpan<byte> bytes)
        {
            if (text is null)
            {
                output.Write(bytes);
            }
            else
            {
                text.Write(output, bytes);
            }
        }
    }
}
