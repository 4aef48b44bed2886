using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>Between record batches, as they lie in the log and travel, and what the machine knows of them.</summary>
internal static class QuorumBatches
{
    /// <summary>No batch of the quorum is larger: what one leader may write, every node has to be able to read.</summary>
    public const int MaxBatchBytes = 64 * 1024 * 1024;

    /// <summary>One batch with records, as a leader proposes it.</summary>
    public static byte[] Build(long baseOffset, int leaderEpoch, IReadOnlyList<IRecordMessage> records, long nowMs)
    {
        var builder = new RecordBatchBuilder { BaseOffset = baseOffset, PartitionLeaderEpoch = leaderEpoch };
        foreach (var record in records)
        {
            builder.Add(nowMs, null, MetadataRecordFormat.Encode(record));
        }

        return builder.Build();
    }

    /// <summary>The batches of a response, each looked at as a whole: they come from outside.</summary>
    /// <returns>Null with a reason when one of them is not what it says.</returns>
    public static IReadOnlyList<LogBatch>? TryRead(ReadOnlyMemory<byte> bytes, out string? reason)
    {
        var batches = new List<LogBatch>();
        reason = null;
        while (!bytes.IsEmpty)
        {
            var fault = RecordBatches.Validate(bytes.Span, out var size);
            if (fault != RecordBatchFault.None)
            {
                reason = fault.Describe();
                return null;
            }

            var batch = new RecordBatch(bytes[..size]);
            reason = Fault(batch);
            if (reason is not null)
            {
                return null;
            }

            try
            {
                batches.Add(ToLogBatch(batch));
            }
            catch (Exception unreadable) when (unreadable is ProtocolException or CorruptRecordException)
            {
                reason = unreadable.Message;
                return null;
            }

            bytes = bytes[size..];
        }

        return batches;
    }

    /// <exception cref="ProtocolException">A control batch is not one of ours.</exception>
    /// <exception cref="CorruptRecordException">The bytes are no batch.</exception>
    public static LogBatch ToLogBatch(RecordBatch batch)
    {
        var header = batch.Header;
        var voters = header.IsControlBatch && ControlBatches.TypeOf(batch) == ControlType.Voters
            ? ControlBatches.ReadVoters(batch)
            : null;
        return new LogBatch(header.BaseOffset, header.LastOffsetDelta + 1, header.PartitionLeaderEpoch, batch.Memory, voters);
    }

    /// <summary>The records of a batch; a control batch has none that are not the quorum's own.</summary>
    /// <exception cref="ProtocolException">One of them is of a kind that this version does not know.</exception>
    public static IReadOnlyList<IRecordMessage> Decode(RecordBatch batch)
    {
        if (batch.Header.IsControlBatch)
        {
            return [];
        }

        var records = new List<IRecordMessage>(Math.Max(0, batch.Header.RecordCount));
        foreach (var record in RecordBatchReader.OfUncompressed(batch.Memory.Span))
        {
            records.Add(MetadataRecordFormat.Decode(record.HasValue ? record.Value.ToArray() : default(ReadOnlyMemory<byte>)));
        }

        return records;
    }

    private static string? Fault(RecordBatch batch)
    {
        var header = batch.Header;
        if (header.Compression != CompressionType.None)
        {
            return $"the batch is compressed with {header.Compression}";
        }

        return header.RecordCount != header.LastOffsetDelta + 1L || header.RecordCount <= 0
            ? $"the batch has {header.RecordCount} records for {header.LastOffsetDelta + 1L} offsets"
            : null;
    }
}
