using System.Runtime.InteropServices;
using System.Text;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Consuming;

/// <summary>A record of partition 0 as text.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="Key">Its key; null for none.</param>
/// <param name="Value">Its value; null for a tombstone.</param>
internal sealed record MemoryRecord(long Offset, string? Key, string? Value)
{
    public long TimestampMs { get; init; }
}

/// <summary>Has partition 0 and one batch of records in it.</summary>
internal sealed class MemoryTransport(params MemoryRecord[] records) : IConsumerTransport
{
    private readonly AssignedPartition _partition = new("notes", 0);
    private bool _isRead;

    public IReadOnlyList<AssignedPartition> Assignment => [_partition];

    public List<(int Partition, long Offset)> Committed { get; } = [];

    public void Open(IAssignmentListener listener) => listener.OnAssigned([_partition], true, () => [-1]);

    public Task WaitForAssignmentAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<IncomingBatch?> ReadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(TryRead());

    public IncomingBatch? TryRead()
    {
        if (_isRead)
        {
            return null;
        }

        _isRead = true;
        return new Batch(_partition, records);
    }

    public Task CommitAsync(IReadOnlyList<(int Partition, long Offset)> positions, CancellationToken cancellationToken)
    {
        Committed.AddRange(positions);
        return Task.CompletedTask;
    }

    public void ApplyPauses(AssignedPartition partition)
    {
    }

    public Task SeekAsync(AssignedPartition partition, int generation, long offset) => Task.CompletedTask;

    public Task<long> FindOffsetAsync(int partition, long timestampMs, CancellationToken cancellationToken) =>
        Task.FromResult(PartitionOffset.End);

    public Task<long> FindEndAsync(int partition, CancellationToken cancellationToken) => Task.FromResult((long)records.Length);

    public SafeHandle? GroupMetadata() => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Batch(AssignedPartition partition, MemoryRecord[] records) : IncomingBatch
    {
        public override int Count => records.Length;

        public override IncomingRecord Read(int index) => new()
        {
            Partition = partition,
            Generation = 0,
            Offset = records[index].Offset,
            TimestampMs = records[index].TimestampMs,
            HasKey = records[index].Key is not null,
            HasValue = records[index].Value is not null,
            Key = Encoding.UTF8.GetBytes(records[index].Key ?? ""),
            Value = Encoding.UTF8.GetBytes(records[index].Value ?? ""),
        };

        public override RecordHeaders? ReadHeaders(int index) => null;

        public override void Release(int index)
        {
        }

        public override void Dispose()
        {
        }
    }
}
