using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Batches;

/// <summary>What a check of produced batches found: an error for the client, or the bytes to append.</summary>
/// <param name="RecordErrors">The records that are at fault, where it is single ones.</param>
/// <param name="Rewritten">Set when the topic's own compression made other bytes: dispose it after the append.</param>
internal readonly record struct BatchVerdict(
    ErrorCode Error,
    string? Message,
    ReadOnlyMemory<byte> Batches,
    PooledBufferWriter? Rewritten = null,
    IReadOnlyList<RecordError>? RecordErrors = null)
{
    /// <summary>Records that are told one by one; a batch may have millions that are wrong.</summary>
    private const int MostRecordErrors = 100;

    public static BatchVerdict Refused(RecordBatchFault fault) => Refused(ErrorOf(fault), fault.Describe());

    /// <summary>As <see cref="Refused(RecordBatchFault)"/>, with the records that it is about, as far as they can be told apart.</summary>
    public static BatchVerdict Refused(
        RecordBatchFault fault, RecordBatchHeader header, ReadOnlySpan<byte> records, in ProducedBatchRules rules)
    {
        var refused = RecordBatches.FindRefused(header, records, rules, MostRecordErrors);
        if (refused.Count == 0)
        {
            return Refused(fault);
        }

        // A time that is out of range goes before a key that is missing, as clients handle the two differently.
        var worst = refused.Exists(each => each.Fault == RecordBatchFault.TimestampOutOfRange)
            ? RecordBatchFault.TimestampOutOfRange
            : refused[0].Fault;
        return Refused(worst) with
        {
            RecordErrors = refused.ConvertAll(each => new RecordError(each.Index, each.Fault.Describe())),
        };
    }

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
