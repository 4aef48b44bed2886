using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using SchemaStream.Transport;

namespace SchemaStream.Tests.Consuming;

/// <summary>A record of partition 0 as text.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="Key">Its key; null for none.</param>
/// <param name="Value">Its value; null for a tombstone.</param>
internal sealed record MemoryRecord(long Offset, string? Key, string? Value)
{
    public long TimestampMs { get; init; }

    /// <summary>The generation under which it was fetched.</summary>
    public int Generation { get; init; }

    public RecordHeaders? Headers { get; init; }

    /// <summary>Whose record it is, of a partition that has left or has come anew; null for the transport's.</summary>
    public AssignedPartition? Of { get; init; }

    /// <summary>Whether it is no record but the news of the partition's end.</summary>
    public bool IsEnd { get; init; }
}

/// <summary>Has partition 0 of a topic, and the batches of records that a test gives it.</summary>
internal sealed class MemoryTransport : IConsumerTransport
{
    private readonly Channel<Batch> _batches = Channel.CreateUnbounded<Batch>();
    private readonly SemaphoreSlim _waits = new(0);

    public MemoryTransport(params MemoryRecord[] records) => Add(records);

    public AssignedPartition Partition { get; init; } = new("notes", 0);

    public IReadOnlyList<AssignedPartition> Assignment => [Partition];

    public ConcurrentQueue<(int Partition, long Offset)> Committed { get; } = [];

    /// <summary>What happens to a commit; null for nothing.</summary>
    public Action? Committing { get; set; }

    /// <summary>Told of each seek: its generation and offset.</summary>
    public Action<int, long>? Seeking { get; set; }

    /// <summary>Told when the reader looks for a batch that is there already.</summary>
    public Action? Looking { get; set; }

    /// <summary>The member's place in its group.</summary>
    public Func<SafeHandle>? Place { get; init; }

    /// <summary>One more batch.</summary>
    public void Add(params MemoryRecord[] records)
    {
        if (records.Length > 0)
        {
            _batches.Writer.TryWrite(new Batch(this, records));
        }
    }

    /// <summary>Completes when the reader has found nothing at hand and waits; once for each wait.</summary>
    public Task WhenItWaitsAsync(TimeSpan limit) => _waits.WaitAsync(limit).ContinueWith(
        static waited => waited.Result.ShouldBeTrue("the reader does not wait"), TaskScheduler.Default);

    public void Open(IAssignmentListener listener) => listener.OnAssigned([Partition], true, () => [-1]);

    public Task WaitForAssignmentAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask<IncomingBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        if (TryRead() is { } atHand)
        {
            return atHand;
        }

        _waits.Release();
        return await _batches.Reader.WaitToReadAsync(cancellationToken) ? TryRead() : null;
    }

    public IncomingBatch? TryRead()
    {
        Looking?.Invoke();
        return _batches.Reader.TryRead(out var batch) ? batch : null;
    }

    public Task CommitAsync(IReadOnlyList<(int Partition, long Offset)> positions, CancellationToken cancellationToken)
    {
        if (positions.Count > 0)
        {
            Committing?.Invoke();
        }

        foreach (var position in positions)
        {
            Committed.Enqueue(position);
        }

        return Task.CompletedTask;
    }

    public void ApplyPauses(AssignedPartition partition)
    {
    }

    public Task SeekAsync(AssignedPartition partition, int generation, long offset)
    {
        Seeking?.Invoke(generation, offset);
        return Task.CompletedTask;
    }

    public Task<long> FindOffsetAsync(int partition, long timestampMs, CancellationToken cancellationToken) =>
        Task.FromResult(PartitionOffset.End);

    public Task<long> FindEndAsync(int partition, CancellationToken cancellationToken) => Task.FromResult(0L);

    public SafeHandle? GroupMetadata() => Place?.Invoke();

    public ValueTask DisposeAsync()
    {
        _batches.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    private sealed class Batch(MemoryTransport transport, MemoryRecord[] records) : IncomingBatch
    {
        public override int Count => records.Length;

        public override IncomingRecord Read(int index) => new()
        {
            Partition = records[index].Of ?? transport.Partition,
            Generation = records[index].Generation,
            Offset = records[index].Offset,
            TimestampMs = records[index].TimestampMs,
            HasKey = records[index].Key is not null,
            HasValue = records[index].Value is not null,
            Key = Encoding.UTF8.GetBytes(records[index].Key ?? ""),
            Value = Encoding.UTF8.GetBytes(records[index].Value ?? ""),
            IsEnd = records[index].IsEnd,
        };

        public override RecordHeaders? ReadHeaders(int index) => records[index].Headers;

        public override void Release(int index)
        {
        }

        public override void Dispose()
        {
        }
    }
}
