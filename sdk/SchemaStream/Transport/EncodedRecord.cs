using System.Buffers;

namespace SchemaStream.Transport;

/// <summary>A record on its way out: key and value as bytes, one behind the other in one reused buffer.</summary>
/// <remarks>
/// Rented per call and normally given back before the call returns, so each thread keeps one. A record that waits for
/// room in the queue keeps its own until it has left.
/// </remarks>
internal sealed class EncodedRecord : IBufferWriter<byte>
{
    private const int InitialBytes = 1024;

    /// <summary>A buffer that one large record has grown beyond this is not kept.</summary>
    private const int LargestKeptBytes = 1024 * 1024;

    [ThreadStatic]
    private static EncodedRecord? _kept;

    private byte[] _bytes = new byte[InitialBytes];
    private int _written;
    private int _keyLength;
    private int _valueLength;

    /// <summary>Marks a key or value that is null rather than empty.</summary>
    public const int Absent = -1;

    /// <summary>The chosen partition, or <see cref="Absent"/>.</summary>
    public int Partition { get; private set; }

    /// <summary>Milliseconds since 1970, or <see cref="Absent"/> for the time of sending.</summary>
    public long TimestampMs { get; private set; }

    /// <summary>Headers; null for none.</summary>
    public RecordHeaders? Headers { get; private set; }

    /// <summary>The key's length in bytes, or <see cref="Absent"/>.</summary>
    public int KeyLength => _keyLength;

    /// <summary>The value's length in bytes, or <see cref="Absent"/>.</summary>
    public int ValueLength => _valueLength;

    /// <summary>The key's bytes; empty when absent.</summary>
    public ReadOnlySpan<byte> Key => _bytes.AsSpan(0, Math.Max(_keyLength, 0));

    /// <summary>The value's bytes; empty when absent.</summary>
    public ReadOnlySpan<byte> Value => _bytes.AsSpan(Math.Max(_keyLength, 0), Math.Max(_valueLength, 0));

    /// <summary>Takes this thread's record, or a new one where that is in use.</summary>
    public static EncodedRecord Rent(in RecordOptions options)
    {
        var record = _kept ?? new EncodedRecord();
        _kept = null;
        record._written = 0;
        record._keyLength = Absent;
        record._valueLength = Absent;
        record.Partition = options.Partition ?? Absent;
        record.TimestampMs = options.Timestamp?.ToUnixTimeMilliseconds() ?? Absent;
        record.Headers = options.Headers is { Count: > 0 } headers ? headers : null;
        return record;
    }

    /// <summary>A copy that nobody else has, and nobody gives back.</summary>
    public EncodedRecord Copy()
    {
        var copy = new EncodedRecord
        {
            _bytes = _bytes.AsSpan(0, _written).ToArray(),
            _written = _written,
            _keyLength = _keyLength,
            _valueLength = _valueLength,
            Partition = Partition,
            TimestampMs = TimestampMs,
            Headers = Headers,
        };
        return copy;
    }

    /// <summary>Gives the record back.</summary>
    public void Return()
    {
        Headers = null;
        if (_bytes.Length <= LargestKeptBytes)
        {
            _kept = this;
        }
    }

    /// <summary>Says that what was written so far is the key.</summary>
    public void EndKey() => _keyLength = _written;

    /// <summary>Says that what was written since the key is the value.</summary>
    public void EndValue() => _valueLength = _written - Math.Max(_keyLength, 0);

    /// <inheritdoc />
    public void Advance(int count)
    {
        if ((uint)count > (uint)(_bytes.Length - _written))
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "More than was asked for.");
        }

        _written += count;
    }

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_written);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_written);
    }

    private void Reserve(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 1);
        if (_bytes.Length - _written < needed)
        {
            Array.Resize(ref _bytes, checked(Math.Max(_bytes.Length * 2, _written + needed)));
        }
    }
}
