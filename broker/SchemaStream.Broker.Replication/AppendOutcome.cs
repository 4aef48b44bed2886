using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Replication;

/// <summary>What came of an append. Offsets are -1 when nothing was appended.</summary>
/// <param name="NextOffset">The offset behind the last record: acknowledged once the high watermark is there.</param>
/// <param name="LogAppendTimeMs">-1 unless the topic's timestamps are the broker's.</param>
/// <param name="Fault">With an error of the batch: what is wrong with it.</param>
public readonly record struct AppendOutcome(
    ErrorCode Error,
    long BaseOffset,
    long NextOffset,
    long LogAppendTimeMs,
    long LogStartOffset,
    RecordBatchFault Fault = RecordBatchFault.None)
{
    public static AppendOutcome Failed(
        ErrorCode error, long logStartOffset = -1, RecordBatchFault fault = RecordBatchFault.None) =>
        new(error, -1, -1, -1, logStartOffset, fault);
}
