using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>Which of Kafka's codes answers a batch with this fault.</summary>
public static class RecordBatchFaultErrors
{
    public static ErrorCode ToErrorCode(this RecordBatchFault fault) => fault switch
    {
        RecordBatchFault.None => ErrorCode.None,
        RecordBatchFault.Truncated or RecordBatchFault.LengthTooSmall or RecordBatchFault.ChecksumMismatch =>
            ErrorCode.CorruptMessage,
        RecordBatchFault.OldMagic => ErrorCode.UnsupportedForMessageFormat,
        RecordBatchFault.TooLarge => ErrorCode.MessageTooLarge,
        RecordBatchFault.TimestampOutOfRange => ErrorCode.InvalidTimestamp,
        _ => ErrorCode.InvalidRecord,
    };
}
