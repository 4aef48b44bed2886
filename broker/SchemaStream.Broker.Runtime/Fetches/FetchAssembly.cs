using System.Buffers;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Fetches;

/// <summary>Reads what the lanes found into pooled memory, in the query's order and within its bytes.</summary>
internal sealed class FetchAssembly
{
    private readonly List<FetchPartitionResult> _results = [];
    private readonly List<byte[]> _buffers = [];
    private int _budget;

    public IReadOnlyList<FetchPartitionResult> Results => _results;

    public void Begin(int maxBytes) => _budget = maxBytes;

    /// <returns>How many bytes the partition gave.</returns>
    public int Add(TopicIdPartition partition, in FetchSlot slot)
    {
        var read = slot.Read;
        var error = read.Error;
        var records = ReadOnlyMemory<byte>.Empty;
        if (read.Slice is { } slice)
        {
            using (slice)
            {
                (error, records) = Read(slice);
            }
        }

        var tellLeader = error is ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch;
        _results.Add(new FetchPartitionResult(
            partition,
            error,
            read.HighWatermark,
            read.LastStableOffset,
            read.LogStartOffset,
            records,
            AbortedTransactions: Aborted(read.AbortedTransactions),
            DivergingEpoch: read.DivergingEpoch is { } end ? new Access.EpochEndOffset(end.LeaderEpoch, end.EndOffset) : null,
            CurrentLeaderId: tellLeader ? slot.LeaderId : -1,
            CurrentLeaderEpoch: tellLeader ? slot.LeaderEpoch : -1,
            PreferredReadReplica: slot.PreferredReadReplica));
        return records.Length;
    }

    public void Clear()
    {
        _results.Clear();
        foreach (var buffer in _buffers)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _buffers.Clear();
    }

    private static Access.AbortedTransaction[]? Aborted(IReadOnlyList<Storage.AbortedTransaction>? transactions) =>
        transactions?.Select(aborted => new Access.AbortedTransaction(aborted.ProducerId, aborted.FirstOffset)).ToArray();

    private (ErrorCode Error, ReadOnlyMemory<byte> Records) Read(LogSlice slice)
    {
        // The first partition with data may go over the limit, or a large batch could never be read.
        var isFirst = _buffers.Count == 0;
        if (slice.IsEmpty || (!isFirst && _budget <= RecordBatchHeader.Size))
        {
            return (ErrorCode.None, default);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(slice.Length);
        _buffers.Add(buffer);
        int length;
        try
        {
            length = slice.Read(buffer);
        }
        catch (LogStorageException)
        {
            // The partition's own lane meets the same disk and takes it offline with a log line.
            return (ErrorCode.KafkaStorageError, default);
        }

        if (!isFirst && length > _budget)
        {
            length = WholeBatches(buffer.AsSpan(0, length), _budget);
        }

        _budget -= length;
        return (ErrorCode.None, buffer.AsMemory(0, length));
    }

    /// <summary>How many bytes of whole batches fit.</summary>
    private static int WholeBatches(ReadOnlySpan<byte> batches, int limit)
    {
        var taken = 0;
        while (RecordBatches.Measure(batches[taken..], out var size) == RecordBatchFault.None && taken + size <= limit)
        {
            taken += size;
        }

        return taken;
    }
}
