using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>What a leader sent, looked at before any of it is written.</summary>
/// <param name="Length">Bytes of the whole batches that fit.</param>
/// <param name="FirstNextOffset">The offset behind the first batch.</param>
/// <param name="NextOffset">The offset behind the last one.</param>
internal readonly record struct ReplicatedBatches(
    ErrorCode Error,
    RecordBatchFault Fault,
    int Length,
    long BaseOffset,
    long FirstNextOffset,
    long NextOffset,
    long NewestTimestamp)
{
    /// <summary>Checks every batch, and that offsets rise and epochs do not fall from one to the next.</summary>
    /// <param name="latestEpoch">Of the log that they are for.</param>
    /// <param name="leaderEpoch">Of the leader that was asked; what is of a later one is not looked at.</param>
    public static ReplicatedBatches Check(ReadOnlySpan<byte> batches, int latestEpoch, int leaderEpoch)
    {
        var found = new ReplicatedBatches(
            ErrorCode.None, RecordBatchFault.None, 0, long.MaxValue, 0, 0, RecordBatchHeader.NoTimestamp);
        var isFirst = true;
        while (isFirst || found.Length < batches.Length)
        {
            var fault = RecordBatches.Validate(batches[found.Length..], out var size);
            if (fault == RecordBatchFault.Truncated && !isFirst)
            {
                break;
            }

            if (fault != RecordBatchFault.None)
            {
                return Failed(fault.ToErrorCode(), fault);
            }

            var header = new RecordBatchHeader(batches[found.Length..]);
            var epoch = header.PartitionLeaderEpoch;
            if (epoch > leaderEpoch)
            {
                if (isFirst)
                {
                    return Failed(ErrorCode.UnknownLeaderEpoch, RecordBatchFault.None);
                }

                break;
            }

            if (epoch >= 0 && epoch < latestEpoch)
            {
                // Behind records of a later leader there are none of an earlier one: this is not the same log.
                return Failed(ErrorCode.FencedLeaderEpoch, RecordBatchFault.None);
            }

            if (header.BaseOffset < found.NextOffset)
            {
                return Failed(RecordBatchFault.CountMismatch.ToErrorCode(), RecordBatchFault.CountMismatch);
            }

            latestEpoch = Math.Max(latestEpoch, epoch);
            found = found with
            {
                Length = found.Length + size,
                BaseOffset = isFirst ? header.BaseOffset : found.BaseOffset,
                FirstNextOffset = isFirst ? header.NextOffset : found.FirstNextOffset,
                NextOffset = header.NextOffset,
                NewestTimestamp = Math.Max(found.NewestTimestamp, header.MaxTimestamp),
            };
            isFirst = false;
        }

        return found;
    }

    private static ReplicatedBatches Failed(ErrorCode error, RecordBatchFault fault) =>
        new(error, fault, 0, -1, -1, -1, RecordBatchHeader.NoTimestamp);
}
