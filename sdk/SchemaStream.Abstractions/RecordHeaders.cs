using System.Collections;
using System.Text;

namespace SchemaStream;

/// <summary>The headers of a record, in their order.</summary>
public sealed class RecordHeaders : IReadOnlyList<RecordHeader>
{
    /// <summary>No headers.</summary>
    public static readonly RecordHeaders Empty = new(isReadOnly: true);

    private readonly List<RecordHeader> _headers = [];
    private readonly bool _isReadOnly;

    /// <summary>Makes an empty list to add to.</summary>
    public RecordHeaders()
    {
    }

    private RecordHeaders(bool isReadOnly) => _isReadOnly = isReadOnly;

    /// <summary>How many there are.</summary>
    public int Count => _headers.Count;

    /// <summary>The header at a place.</summary>
    /// <param name="index">The place, from 0.</param>
    public RecordHeader this[int index] => _headers[index];

    /// <summary>The last header of a name, which is the one that counts; null when there is none.</summary>
    /// <param name="name">The name.</param>
    public RecordHeader? this[string name]
    {
        get
        {
            for (var index = _headers.Count - 1; index >= 0; index--)
            {
                if (string.Equals(_headers[index].Name, name, StringComparison.Ordinal))
                {
                    return _headers[index];
                }
            }

            return null;
        }
    }

    /// <summary>Adds a header of bytes.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The bytes, or null.</param>
    public RecordHeaders Add(string name, ReadOnlyMemory<byte>? value)
    {
        if (_isReadOnly)
        {
            throw new InvalidOperationException($"{nameof(RecordHeaders)}.{nameof(Empty)} stays empty: make a list of your own.");
        }

        _headers.Add(new RecordHeader(name, value));
        return this;
    }

    /// <summary>Adds a header of UTF-8 text.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The text.</param>
    public RecordHeaders Add(string name, string value) => Add(name, Encoding.UTF8.GetBytes(value));

    /// <summary>Walks the headers in their order.</summary>
    public List<RecordHeader>.Enumerator GetEnumerator() => _headers.GetEnumerator();

    IEnumerator<RecordHeader> IEnumerable<RecordHeader>.GetEnumerator() => _headers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _headers.GetEnumerator();
}
