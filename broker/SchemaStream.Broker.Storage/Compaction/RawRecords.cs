using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Compaction;

/// <summary>
/// Walks the records of a batch by their bytes, so that those that stay can be copied as they are. Every length is checked
/// before it is used.
/// </summary>
internal ref struct RawRecords(ReadOnlySpan<byte> records, int count)
{
    private const int NullLength = -1;
    private const int MaxVarintBytes = 10;

    private readonly int _count = count;
    private ReadOnlySpan<byte> _rest = records;
    private int _read;

    /// <summary>The record with the length in front of it.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>The record from behind its timestamp on: offset, key, value, headers.</summary>
    public ReadOnlySpan<byte> AfterTimestamp { get; private set; }

    public byte Attributes { get; private set; }

    public long TimestampDelta { get; private set; }

    public int OffsetDelta { get; private set; }

    public bool HasKey { get; private set; }

    public ReadOnlySpan<byte> Key { get; private set; }

    public bool HasValue { get; private set; }

    /// <exception cref="CorruptRecordException">The bytes are no record.</exception>
    public bool MoveNext()
    {
        if (_read == _count)
        {
            return _rest.IsEmpty ? false : throw Malformed();
        }

        var before = _rest;
        var length = ReadVarlong(ref _rest);
        var record = Take(ref _rest, length);
        Bytes = before[..^_rest.Length];
        Attributes = Take(ref record, 1)[0];
        TimestampDelta = ReadVarlong(ref record);
        AfterTimestamp = record;
        OffsetDelta = checked((int)ReadVarlong(ref record));
        var keyLength = ReadVarlong(ref record);
        HasKey = keyLength != NullLength;
        Key = HasKey ? Take(ref record, keyLength) : default;
        var valueLength = ReadVarlong(ref record);
        HasValue = valueLength != NullLength;
        _ = HasValue ? Take(ref record, valueLength) : default;
        _read++;
        return true;
    }

    public static int WriteVarlong(long value, Span<byte> destination)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        var length = 0;
        for (; zigzag >= 0x80; zigzag >>= 7)
        {
            destination[length++] = (byte)(zigzag | 0x80);
        }

        destination[length++] = (byte)zigzag;
        return length;
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest, long length)
    {
        if (length < 0 || length > rest.Length)
        {
            throw Malformed();
        }

        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }

    private static long ReadVarlong(scoped ref ReadOnlySpan<byte> rest)
    {
        ulong value = 0;
        for (var i = 0; i < Math.Min(MaxVarintBytes, rest.Length); i++)
        {
            value |= (ulong)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw Malformed();
    }

    private static CorruptRecordException Malformed() => new(RecordBatchFault.MalformedRecord.Describe());
}
