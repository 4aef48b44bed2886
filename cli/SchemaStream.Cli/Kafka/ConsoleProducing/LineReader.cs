using System.Text;
using SchemaStream.Cli.Kafka.Producing;

namespace SchemaStream.Cli.Kafka.ConsoleProducing;

/// <summary>Makes records of lines: <c>headers⇥key⇥value</c>, of which the first two are there when they are asked for.</summary>
internal sealed class LineReader
{
    private readonly string _topic;
    private readonly bool _parsesKey;
    private readonly bool _parsesHeaders;
    private readonly bool _ignoresErrors;
    private readonly string _keySeparator;
    private readonly string _headersDelimiter;
    private readonly string _headersSeparator;
    private readonly string _headersKeySeparator;
    private readonly string? _nullMarker;
    private int _lineNumber;

    /// <param name="properties">By the names of Kafka's own reader.</param>
    /// <exception cref="ToolFailedException">Two separators are the same.</exception>
    public LineReader(string topic, IReadOnlyDictionary<string, string> properties)
    {
        _topic = topic;
        _parsesKey = ParsesKey(properties);
        _parsesHeaders = IsTrue(properties, "parse.headers");
        _ignoresErrors = IsTrue(properties, "ignore.error");
        _keySeparator = properties.GetValueOrDefault("key.separator", "\t");
        _headersDelimiter = properties.GetValueOrDefault("headers.delimiter", "\t");
        _headersSeparator = properties.GetValueOrDefault("headers.separator", ",");
        _headersKeySeparator = properties.GetValueOrDefault("headers.key.separator", ":");
        _nullMarker = properties.TryGetValue("null.marker", out var marker) ? marker : null;
        Differ("headers.delimiter", _headersDelimiter, "headers.separator", _headersSeparator);
        Differ("headers.delimiter", _headersDelimiter, "headers.key.separator", _headersKeySeparator);
        Differ("headers.separator", _headersSeparator, "headers.key.separator", _headersKeySeparator);
        Differ("null.marker", _nullMarker, "key.separator", _keySeparator);
        Differ("null.marker", _nullMarker, "headers.separator", _headersSeparator);
        Differ("null.marker", _nullMarker, "headers.delimiter", _headersDelimiter);
        Differ("null.marker", _nullMarker, "headers.key.separator", _headersKeySeparator);
    }

    /// <summary>The bytes of a key; its characters, unless something else is said.</summary>
    public Func<string, byte[]> WriteKey { get; init; } = Encoding.UTF8.GetBytes;

    /// <summary>The bytes of a value; its characters, unless something else is said.</summary>
    public Func<string, byte[]> WriteValue { get; init; } = Encoding.UTF8.GetBytes;

    /// <summary>Whether lines have keys.</summary>
    public static bool ParsesKey(IReadOnlyDictionary<string, string> properties) => IsTrue(properties, "parse.key");

    /// <summary>The record of the next line.</summary>
    /// <exception cref="ToolFailedException">The line lacks a separator.</exception>
    public OutgoingRecord Read(string line, Action<Exception?>? sent)
    {
        _lineNumber++;
        var rest = line;
        var headers = _parsesHeaders ? Take(ref rest, line, _headersDelimiter, "headers delimiter") : null;
        var key = _parsesKey ? Take(ref rest, line, _keySeparator, "key separator") : null;
        return new OutgoingRecord(
            _topic, Bytes(key, WriteKey), Bytes(rest, WriteValue), headers is null || headers == _nullMarker ? null : Headers(headers), sent);
    }

    private static bool IsTrue(IReadOnlyDictionary<string, string> properties, string name) =>
        properties.GetValueOrDefault(name, "").Trim().Equals("true", StringComparison.OrdinalIgnoreCase);

    private static void Differ(string name, string? value, string otherName, string otherValue)
    {
        if (value == otherValue)
        {
            throw new ToolFailedException($"{name} and {otherName} may not be equal");
        }
    }

    private ReadOnlyMemory<byte>? Bytes(string? text, Func<string, byte[]> write)
    {
        // Not with the conditional operator: its null would become empty memory.
        if (text is null || text == _nullMarker)
        {
            return null;
        }

        return write(text);
    }

    private string? Take(ref string rest, string line, string separator, string what)
    {
        var end = rest.IndexOf(separator, StringComparison.Ordinal);
        if (end < 0)
        {
            return _ignoresErrors ? null : throw new ToolFailedException($"No {what} found on line number {_lineNumber}: '{line}'");
        }

        var taken = rest[..end];
        rest = rest[(end + separator.Length)..];
        return taken;
    }

    private List<Protocol.Records.RecordHeader> Headers(string headers)
    {
        var all = new List<Protocol.Records.RecordHeader>();
        foreach (var pair in headers.Split(_headersSeparator))
        {
            var end = pair.IndexOf(_headersKeySeparator, StringComparison.Ordinal);
            if (end < 0 && !_ignoresErrors)
            {
                throw new ToolFailedException($"No header key separator found in pair '{pair}' on line number {_lineNumber}");
            }

            var key = end < 0 ? pair : pair[..end];
            if (key == _nullMarker)
            {
                throw new ToolFailedException($"Header keys should not be equal to the null marker '{_nullMarker}' as they can't be null");
            }

            all.Add(new Protocol.Records.RecordHeader(key, end < 0 ? null : Bytes(pair[(end + _headersKeySeparator.Length)..], Encoding.UTF8.GetBytes)));
        }

        return all;
    }
}
