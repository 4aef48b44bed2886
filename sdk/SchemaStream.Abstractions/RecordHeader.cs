using System.Text;

namespace SchemaStream;

/// <summary>A named piece of metadata that travels with a record.</summary>
/// <param name="Name">Its name; several headers of a record may share one.</param>
/// <param name="Value">Its bytes; null is different from empty.</param>
public readonly record struct RecordHeader(string Name, ReadOnlyMemory<byte>? Value)
{
    /// <summary>The value as UTF-8 text; null when it is null.</summary>
    public string? AsText() => Value is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;
}
