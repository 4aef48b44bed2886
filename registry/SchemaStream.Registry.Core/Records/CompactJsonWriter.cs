using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace SchemaStream.Registry.Core.Records;

/// <summary>JSON byte for byte as Confluent's registry writes it. Method names are those of <c>Utf8JsonWriter</c>.</summary>
/// <remarks>
/// The framework's writer escapes thousands of characters that JSON lets stand. Other registries compare keys byte by
/// byte, so one such character in a subject's name would make two keys of one. What is escaped here: quotes,
/// backslashes, control characters, and characters beyond the BMP as two halves.
/// </remarks>
internal sealed class CompactJsonWriter
{
    private readonly ArrayBufferWriter<byte> _output = new(256);
    private bool _needsComma;

    public static byte[] RenderObject(Action<CompactJsonWriter> properties)
    {
        var writer = new CompactJsonWriter();
        writer.WriteStartObject();
        properties(writer);
        writer.WriteEndObject();
        return writer._output.WrittenSpan.ToArray();
    }

    public void WriteStartObject() => Open((byte)'{');

    public void WriteStartObject(string name)
    {
        WritePropertyName(name);
        WriteStartObject();
    }

    public void WriteEndObject() => Close((byte)'}');

    public void WriteStartArray(string name)
    {
        WritePropertyName(name);
        Open((byte)'[');
    }

    public void WriteEndArray() => Close((byte)']');

    public void WritePropertyName(string name)
    {
        WriteStringValue(name);
        Put((byte)':');
        _needsComma = false;
    }

    public void WriteString(string name, string value)
    {
        WritePropertyName(name);
        WriteStringValue(value);
    }

    /// <summary>A property that is left out when it says nothing.</summary>
    public void WriteStringUnlessEmpty(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            WriteString(name, value);
        }
    }

    public void WriteNumber(string name, int value)
    {
        WritePropertyName(name);
        Utf8Formatter.TryFormat(value, _output.GetSpan(11), out var written);
        _output.Advance(written);
        _needsComma = true;
    }

    public void WriteBoolean(string name, bool value)
    {
        WritePropertyName(name);
        _output.Write(value ? "true"u8 : "false"u8);
        _needsComma = true;
    }

    public void WriteStringValue(string text)
    {
        Separate();
        Put((byte)'"');
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c >= ' ' && c is not ('"' or '\\') && !char.IsSurrogate(c))
            {
                continue;
            }

            PutText(text.AsSpan(start, i - start));
            PutEscaped(c);
            start = i + 1;
        }

        PutText(text.AsSpan(start));
        Put((byte)'"');
        _needsComma = true;
    }

    private void PutEscaped(char c)
    {
        ReadOnlySpan<byte> shortForm = c switch
        {
            '"' => "\\\""u8,
            '\\' => "\\\\"u8,
            '\b' => "\\b"u8,
            '\t' => "\\t"u8,
            '\n' => "\\n"u8,
            '\f' => "\\f"u8,
            '\r' => "\\r"u8,
            _ => [],
        };
        if (!shortForm.IsEmpty)
        {
            _output.Write(shortForm);
            return;
        }

        _output.Write("\\u"u8);
        Utf8Formatter.TryFormat((int)c, _output.GetSpan(4), out var written, new StandardFormat('X', 4));
        _output.Advance(written);
    }

    private void PutText(ReadOnlySpan<char> text) =>
        _output.Advance(Encoding.UTF8.GetBytes(text, _output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));

    private void Open(byte bracket)
    {
        Separate();
        Put(bracket);
        _needsComma = false;
    }

    private void Close(byte bracket)
    {
        Put(bracket);
        _needsComma = true;
    }

    private void Separate()
    {
        if (_needsComma)
        {
            Put((byte)',');
        }
    }

    private void Put(byte symbol)
    {
        _output.GetSpan(1)[0] = symbol;
        _output.Advance(1);
    }
}
