namespace SchemaStream.Protocol.Records;

/// <summary>The sentence that a client or an operator gets to read for each fault.</summary>
public static class RecordBatchFaultText
{
    public static string Describe(this RecordBatchFault fault) => fault switch
    {
        RecordBatchFault.None => "The batch is sound.",
        RecordBatchFault.Empty => "There is no record batch; exactly one is expected.",
        RecordBatchFault.Truncated => "The record batch is longer than the bytes that are there.",
        RecordBatchFault.LengthTooSmall =>
            $"The record batch's length is smaller than its header ({RecordBatchHeader.Size} bytes).",
        RecordBatchFault.OldMagic => "The records have magic 0 or 1; only record batches of magic 2 are supported.",
        RecordBatchFault.UnknownMagic => "The record batch's magic is unknown; only magic 2 is supported.",
        RecordBatchFault.ChecksumMismatch => "The record batch's CRC-32C does not match its bytes.",
        RecordBatchFault.UnknownCompression => "The record batch's compression type is unknown.",
        RecordBatchFault.CountMismatch => "The record batch's record count does not match its last offset delta.",
        RecordBatchFault.NonZeroBaseOffset => "The base offset of a produced record batch has to be 0.",
        RecordBatchFault.MoreThanOneBatch => "There is more than one record batch; exactly one is expected.",
        RecordBatchFault.ControlBatch => "Clients may not write control batches.",
        RecordBatchFault.InvalidSequence => "The record batch's producer id, producer epoch and sequence do not fit.",
        RecordBatchFault.TransactionalWithoutProducerId => "A transactional record batch needs a producer id.",
        RecordBatchFault.MalformedRecord => "A record's lengths do not fit into its batch.",
        RecordBatchFault.OffsetDeltaMismatch => "The records' offset deltas do not count up from 0.",
        RecordBatchFault.TimestampOutOfRange => "A record's timestamp is outside the range that the topic allows.",
        RecordBatchFault.TooLarge => "The record batch is larger than the topic allows (max.message.bytes).",
        RecordBatchFault.MissingKey => "A compacted topic takes no record without a key.",
        _ => fault.ToString(),
    };
}
