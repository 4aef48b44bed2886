namespace SchemaStream.Protocol.Records;

/// <summary>What is wrong with a batch. A value, not an exception: bad batches are an everyday input of a broker.</summary>
public enum RecordBatchFault
{
    None = 0,

    /// <summary>There is no batch at all.</summary>
    Empty,

    /// <summary>The input ends before the batch does.</summary>
    Truncated,

    /// <summary>The length field is too small for a header.</summary>
    LengthTooSmall,

    /// <summary>Magic 0 or 1: a message set of a client from before Kafka 0.11.</summary>
    OldMagic,

    /// <summary>A magic that no version of Kafka has.</summary>
    UnknownMagic,

    ChecksumMismatch,
    UnknownCompression,

    /// <summary>The record count is not positive, or is not the last offset delta plus one.</summary>
    CountMismatch,

    /// <summary>A producer's batch begins with an offset other than 0.</summary>
    NonZeroBaseOffset,

    MoreThanOneBatch,

    /// <summary>Only brokers write control batches.</summary>
    ControlBatch,

    /// <summary>Producer id, epoch and sequence do not belong together.</summary>
    InvalidSequence,

    TransactionalWithoutProducerId,

    /// <summary>A record's own lengths lead out of the batch, or bytes are left behind the last record.</summary>
    MalformedRecord,

    /// <summary>The records' offset deltas are not 0, 1, 2, …</summary>
    OffsetDeltaMismatch,

    TimestampOutOfRange,
    TooLarge,

    /// <summary>A record without a key, on a topic that is compacted by key.</summary>
    MissingKey,
}
