using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>Whose write an append is: decides which checks apply.</summary>
public enum AppendOrigin
{
    /// <summary>A producer's: exactly one batch, no control batch, sequences checked.</summary>
    Client = 0,

    /// <summary>A coordinator's or controller's own records: producer epochs are checked, sequences are not.</summary>
    Coordinator = 1,

    /// <summary>
    /// A producer's, whose bytes were checked in front of the lane as those of a <see cref="Client"/> are here: length,
    /// checksum, every record, and the header's newest timestamp against the records'. Sequences are checked here.
    /// </summary>
    CheckedClient = 2,
}

/// <summary>What became of an append.</summary>
/// <param name="BaseOffset">Offset of the first record; of the earlier append, if this one was a duplicate.</param>
/// <param name="LastOffset">Offset of the last record (inclusive).</param>
/// <param name="LogAppendTimeMs">The time the broker stamped; -1 where records keep their own.</param>
/// <param name="IsDuplicate">The producer had sent this before; nothing was written, the answer is the earlier one.</param>
/// <param name="Fault">With an error of the batch: what is wrong with it.</param>
/// <param name="Bytes">What the log grew by.</param>
public readonly record struct AppendResult(
    ErrorCode Error,
    long BaseOffset,
    long LastOffset,
    long LogAppendTimeMs,
    long LogStartOffset,
    bool IsDuplicate = false,
    RecordBatchFault Fault = RecordBatchFault.None,
    int Bytes = 0)
{
    public bool IsSuccess => Error == ErrorCode.None;

    internal static AppendResult Failed(
        ErrorCode error, long logStartOffset, RecordBatchFault fault = RecordBatchFault.None) =>
        new(error, -1, -1, RecordBatchHeader.NoTimestamp, logStartOffset, IsDuplicate: false, fault);
}
