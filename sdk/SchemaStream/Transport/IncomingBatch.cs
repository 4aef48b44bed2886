using System.Collections.Concurrent;

namespace SchemaStream.Transport;

/// <summary>Records as bytes, copied out of librdkafka's memory into one buffer, so that their lifetime is ours alone.</summary>
/// <remarks>Batches are reused: a steady stream allocates nothing here.</remarks>
internal sealed class IncomingBatch : IDisposable
{
    /// <summary>How many records a batch holds at most.</summary>
    public const int MostRecords = 512;

    /// <summary>A batch of this many bytes is closed, so a batch exceeds it by one record at most.</summary>
    public const int EnoughBytes = 256 * 1024;

    /// <summary>A buffer that one large record has grown beyond this is not kept.</summary>
    private const int LargestKeptBytes = 2 * 1024 * 1024;

    private const int MostKept = 16;

    private static readonly ConcurrentQueue<IncomingBatch> Kept = new();

    private readonly IncomingRecord[] _records = new IncomingRecord[MostRecords];
    private byte[] _bytes = new byte[EnoughBytes];
    private int _used;

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether another record should go into another batch.</summary>
    public bool IsFull => Count == MostRecords || _used >= EnoughBytes;

    /// <summary>Takes an empty batch.</summary>
    public static IncomingBatch Rent() => Kept.TryDequeue(out var batch) ? batch : new IncomingBatch();

    /// <summary>A record.</summary>
    /// <param name="index">Its place.</param>
    public ref readonly IncomingRecord Record(int index) => ref _records[index];

    /// <summary>The key's bytes; empty when absent.</summary>
    /// <param name="record">The record.</param>
    public ReadOnlySpan<byte> Key(in IncomingRecord record) => _bytes.AsSpan(record.Start, Math.Max(record.KeyLength, 0));

    /// <summary>The value's bytes; empty when absent.</summary>
    /// <param name="record">The record.</param>
    public ReadOnlySpan<byte> Value(in IncomingRecord record) =>
        _bytes.AsSpan(record.Start + Math.Max(record.KeyLength, 0), Math.Max(record.ValueLength, 0));

    /// <summary>Adds a record; lengths of <see cref="EncodedRecord.Absent"/> mean null.</summary>
    public void Add(
        AssignedPartition partition,
        long offset,
        long timestampMs,
        ReadOnlySpan<byte> key,
        bool hasKey,
        ReadOnlySpan<byte> value,
        bool hasValue,
        RecordHeaders? headers)
    {
        var start = _used;
        Reserve(checked(key.Length + value.Length));
        key.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + key.Length));
        _used += key.Length + value.Length;
        _records[Count++] = new IncomingRecord(
            partition,
            offset,
            timestampMs,
            start,
            hasKey ? key.Length : EncodedRecord.Absent,
            hasValue ? value.Length : EncodedRecord.Absent,
            headers);
    }

    /// <summary>Gives the batch back: its bytes must not be read afterwards.</summary>
    public void Dispose()
    {
        Array.Clear(_records, 0, Count);
        Count = 0;
        _used = 0;
        if (_bytes.Length <= LargestKeptBytes && Kept.Count < MostKept)
        {
            Kept.Enqueue(this);
        }
    }

    private void Reserve(int length)
    {
        if (_bytes.Length - _used < length)
        {
            Array.Resize(ref _bytes, checked(Math.Max(_bytes.Length * 2, _used + length)));
        }
    }
}

/// <summary>One record of a batch.</summary>
/// <param name="Partition">The partition, as it was assigned when the record came.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="TimestampMs">Its time, in milliseconds since 1970; negative when it has none.</param>
/// <param name="Start">Where its key begins in the batch's bytes.</param>
/// <param name="KeyLength">The key's length; negative for null.</param>
/// <param name="ValueLength">The value's length; negative for null.</param>
/// <param name="Headers">Its headers; null for none.</param>
internal readonly record struct IncomingRecord(
    AssignedPartition Partition,
    long Offset,
    long TimestampMs,
    int Start,
    int KeyLength,
    int ValueLength,
    RecordHeaders? Headers);
