using System.Text;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Kafka.ConsoleConsuming;

/// <summary>Writes records as <c>kafka-console-consumer</c> prints them.</summary>
internal sealed class RecordText : IRecordText
{
    private readonly bool _timestamp;
    private readonly bool _key;
    private readonly bool _offset;
    private readonly bool _epoch;
    private readonly bool _delivery;
    private readonly bool _partition;
    private readonly bool _headers;
    private readonly bool _value;
    private readonly byte[] _keySeparator;
    private readonly byte[] _lineSeparator;
    private readonly byte[] _headersSeparator;
    private readonly byte[] _nullLiteral;
    private readonly FieldText? _keyText;
    private readonly FieldText? _valueText;
    private readonly FieldText? _headerText;

    /// <param name="properties">By the names of Kafka's formatter.</param>
    /// <exception cref="ToolFailedException">There is no such deserializer here.</exception>
    public RecordText(IReadOnlyDictionary<string, string> properties)
    {
        bool Is(string name, bool otherwise) => properties.TryGetValue(name, out var text)
            ? text.Trim().Equals("true", StringComparison.OrdinalIgnoreCase)
            : otherwise;
        byte[] Bytes(string name, string otherwise) => Encoding.UTF8.GetBytes(properties.GetValueOrDefault(name, otherwise));
        FieldText? Text(string name) => properties.TryGetValue(name, out var type) ? FieldText.OfClass(type) : null;

        _timestamp = Is("print.timestamp", false);
        _key = Is("print.key", false);
        _offset = Is("print.offset", false);
        _epoch = Is("print.epoch", false);
        _delivery = Is("print.delivery", false);
        _partition = Is("print.partition", false);
        _headers = Is("print.headers", false);
        _value = Is("print.value", true);
        _keySeparator = Bytes("key.separator", "\t");
        _lineSeparator = Bytes("line.separator", "\n");
        _headersSeparator = Bytes("headers.separator", ",");
        _nullLiteral = Bytes("null.literal", "null");
        _keyText = Text("key.deserializer");
        _valueText = Text("value.deserializer");
        _headerText = Text("headers.deserializer") ?? Text("header.deserializer");
    }

    public void Write(Stream output, in RecordOrigin origin, in RecordView record)
    {
        if (_timestamp)
        {
            Write(output, record.Timestamp == RecordBatchHeader.NoTimestamp
                ? "NO_TIMESTAMP"
                : FormattableString.Invariant($"{origin.TimestampType}:{record.Timestamp}"));
            Separate(output, _partition || _offset || _epoch || _delivery || _headers || _key || _value);
        }

        if (_partition)
        {
            Write(output, FormattableString.Invariant($"Partition:{origin.Partition.Partition}"));
            Separate(output, _offset || _epoch || _delivery || _headers || _key || _value);
        }

        if (_offset)
        {
            Write(output, FormattableString.Invariant($"Offset:{record.Offset}"));
            Separate(output, _epoch || _delivery || _headers || _key || _value);
        }

        if (_epoch)
        {
            Write(output, origin.LeaderEpoch < 0 ? "Epoch:NONE" : FormattableString.Invariant($"Epoch:{origin.LeaderEpoch}"));
            Separate(output, _delivery || _headers || _key || _value);
        }

        if (_delivery)
        {
            Write(output, "Delivery:NONE"); // counted for share groups only
            Separate(output, _headers || _key || _value);
        }

        if (_headers)
        {
            WriteHeaders(output, record);
            Separate(output, _key || _value);
        }

        if (_key)
        {
            WriteField(output, record.HasKey, record.Key, _keyText);
            Separate(output, _value);
        }

        if (_value)
        {
            WriteField(output, record.HasValue, record.Value, _valueText);
            output.Write(_lineSeparator);
        }
    }

    private static void Write(Stream output, string text) => output.Write(Encoding.UTF8.GetBytes(text));

    private void Separate(Stream output, bool isMoreToCome) => output.Write(isMoreToCome ? _keySeparator : _lineSeparator);

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
            WriteField(output, header.HasValue, header.Value, _headerText);
        }
    }

    private void WriteField(Stream output, bool isPresent, ReadOnlySpan<byte> bytes, FieldText? text)
    {
        if (!isPresent)
        {
            output.Write(_nullLiteral);
        }
        else if (text is null)
        {
            output.Write(bytes);
        }
        else
        {
            text.Write(output, bytes);
        }
    }
}
