using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>Records where the network has put them: nothing is copied on their way to the deserializer.</summary>
internal sealed class FetchedBatch : IncomingBatch
{
    /// <summary>How many records a batch holds at most.</summary>
    public const int MostRecords = 512;

    private const int MostKept = 64;

    private static readonly ConcurrentQueue<FetchedBatch> Kept = new();

    private readonly FetchedRecord[] _records = new FetchedRecord[MostRecords];
    private AssignedPartition _partition = null!;
    private FetchedMemory? _memory;
    private ReadOnlyMemory<byte> _bytes;
    private int _generation;
    private int _count;
    private bool _isEnd;

    public override int Count => _count;

    /// <summary>Whether another record should go into another batch.</summary>
    public bool IsFull => _count == MostRecords;

    /// <summary>Takes an empty batch.</summary>
    /// <param name="records">What it is a part of.</param>
    /// <param name="memory">What its records lie in, of which it takes a share; null for none.</param>
    /// <param name="bytes">The bytes that they are places in.</param>
    public static FetchedBatch Rent(FetchedRecords records, FetchedMemory? memory, ReadOnlyMemory<byte> bytes)
    {
        var batch = Kept.TryDequeue(out var kept) ? kept : new FetchedBatch();
        batch._partition = records.Cursor.Partition;
        batch._generation = records.Generation;
        batch._memory = memory;
        batch._bytes = bytes;
        batch._isEnd = records.IsEnd;
        memory?.Share();
        return batch;
    }

    /// <summary>The place for the next record, which counts once it is <see cref="Keep"/>t.</summary>
    public ref FetchedRecord Next => ref _records[_count];

    public void Keep() => _count++;

    public override IncomingRecord Read(int index)
    {
        ref var record = ref _records[index];
        var bytes = _bytes.Span;
        if (index + 1 < _count)
        {
            ref var next = ref _records[index + 1];
            CacheHint.Soon(ref MemoryMarshal.GetReference(bytes), next.ValueStart, next.ValueLength);
        }

        return new IncomingRecord
        {
            Partition = _partition,
            Generation = _generation,
            Offset = record.Offset,
            TimestampMs = record.TimestampMs,
            Key = record.KeyLength > 0 ? bytes.Slice(record.KeyStart, record.KeyLength) : default,
            Value = record.ValueLength > 0 ? bytes.Slice(record.ValueStart, record.ValueLength) : default,
            HasKey = record.KeyLength >= 0,
            HasValue = record.ValueLength >= 0,
            IsEnd = _isEnd,
        };
    }

    public override RecordHeaders? ReadHeaders(int index)
    {
        ref var record = ref _records[index];
        return record.HeaderCount == 0 ? null : CopyHeaders(in record);
    }

    public override void Release(int index)
    {
        // Records share their memory, which goes back with the batch.
    }

    public override void Dispose()
    {
        if (_count == 0)
        {
            return; // given back already
        }

        _count = 0;
        _bytes = default;
        var memory = _memory;
        _memory = null;
        _partition = null!;
        if (Kept.Count < MostKept)
        {
            Kept.Enqueue(this);
        }

        memory?.LetGo();
    }

    /// <summary>Gives back a batch that no record was put into.</summary>
    public void DisposeEmpty()
    {
        _count = Math.Max(_count, 1);
        Dispose();
    }

    private RecordHeaders CopyHeaders(in FetchedRecord record)
    {
        // Their lengths were checked when the record was stepped over.
        var bytes = _bytes.Span;
        var parts = new RecordBytes(bytes, record.HeadersStart);
        var headers = new RecordHeaders();
        for (var left = record.HeaderCount; left > 0; left--)
        {
            parts.TryField(out var nameStart, out var nameLength);
            parts.TryField(out var valueStart, out var valueLength);
            headers.Add(
                Encoding.UTF8.GetString(bytes.Slice(nameStart, nameLength)),
                valueLength < 0 ? (ReadOnlyMemory<byte>?)null : bytes.Slice(valueStart, valueLength).ToArray());
        }

        return headers;
    }
}
