using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Batches;

/// <summary>What a check of produced batches found: an error for the client, or the bytes to append.</summary>
/// <param name="Rewritten">Set when the topic's own compression made other bytes: dispose it after the append.</param>
internal readonly record struct BatchVerdict(
    ErrorCode Error,
    string? Message,
    ReadOnlyMemory<byte> Batches,
    PooledBufferWriter? Rewritten = null)
{
    public static BatchVerdict Refused(RecordBatchFault fault) => Refused(ErrorOf(fault), fault.Describe());

    public static BatchVerdict Refused(ErrorCode error, string message) => new(error, message, default);

    /// <summary>Retrying helps only where the bytes may have been damaged on their way.</summary>
    private static ErrorCode ErrorOf(RecordBatchFault fault) => fault switch
    {
        RecordBatchFault.Truncated or RecordBatchFault.LengthTooSmall or RecordBatchFault.ChecksumMismatch =>
            ErrorCode.CorruptMessage,
        RecordBatchFault.TimestampOutOfRange => ErrorCode.InvalidTimestamp,
        RecordBatchFault.TooLarge => ErrorCode.MessageTooLarge,
        RecordBatchFault.UnknownCompression => ErrorCode.UnsupportedCompressionType,
        _ => ErrorCode.InvalidRecord,
    };
}
