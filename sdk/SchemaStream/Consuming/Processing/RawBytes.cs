using System.Buffers;
using SchemaStream.Transport;

namespace SchemaStream.Consuming.Processing;

/// <summary>A record's own bytes for as long as it is being handled, in pooled memory.</summary>
internal readonly struct RawBytes
{
    private readonly byte[]? _pooled;
    private readonly int _keyLength;
    private readonly int _valueLength;

    private RawBytes(byte[] pooled, int keyLength, int valueLength)
    {
        _pooled = pooled;
        _keyLength = keyLength;
        _valueLength = valueLength;
    }

    /// <summary>The key; null for none.</summary>
    public byte[]? Key => _keyLength < 0 ? null : _pooled.AsSpan(0, _keyLength).ToArray();

    /// <summary>The value; null for a tombstone.</summary>
    public byte[]? Value => _valueLength < 0 ? null : _pooled.AsSpan(Math.Max(_keyLength, 0), _valueLength).ToArray();

    /// <summary>Copies a record.</summary>
    /// <param name="record">The record.</param>
    public static RawBytes Copy(in IncomingRecord record)
    {
        var pooled = ArrayPool<byte>.Shared.Rent(Math.Max(record.Key.Length + record.Value.Length, 1));
        record.Key.CopyTo(pooled);
        record.Value.CopyTo(pooled.AsSpan(record.Key.Length));
        return new RawBytes(pooled, record.HasKey ? record.Key.Length : -1, record.HasValue ? record.Value.Length : -1);
    }

    /// <summary>Gives the memory back.</summary>
    public void Return()
    {
        if (_pooled is not null)
        {
            ArrayPool<byte>.Shared.Return(_pooled);
        }
    }
}
