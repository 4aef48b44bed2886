using SchemaStream.Transport;

namespace SchemaStream.Testing.Fakes;

/// <summary>Records of one partition, or the news of its end.</summary>
internal sealed class MemoryBatch : IncomingBatch
{
    private readonly AssignedPartition _partition;
    private readonly int _generation;
    private readonly IReadOnlyList<MemoryRecord> _records;
    private readonly long _end = -1;

    public MemoryBatch(AssignedPartition partition, int generation, IReadOnlyList<MemoryRecord> records)
    {
        _partition = partition;
        _generation = generation;
        _records = records;
    }

    public MemoryBatch(AssignedPartition partition, int generation, long end)
        : this(partition, generation, []) => _end = end;

    public override int Count => _end >= 0 ? 1 : _records.Count;

    public override IncomingRecord Read(int index) => _end >= 0
        ? new IncomingRecord { Partition = _partition, Generation = _generation, Offset = _end, TimestampMs = -1, IsEnd = true }
        : new IncomingRecord
        {
            Partition = _partition,
            Generation = _generation,
            Offset = _records[index].Offset,
            TimestampMs = _records[index].TimestampMs,
            Key = _records[index].Key,
            Value = _records[index].Value,
            HasKey = _records[index].Key is not null,
            HasValue = _records[index].Value is not null,
        };

    public override RecordHeaders? ReadHeaders(int index) => _end >= 0 ? null : _records[index].Headers;

    public override void Release(int index)
    {
        // Nothing is lent: the records are the log's own.
    }

    public override void Dispose()
    {
        // As above.
    }
}
