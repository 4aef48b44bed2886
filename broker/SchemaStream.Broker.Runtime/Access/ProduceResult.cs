using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>One refused record of a batch: its index within the batch, and why.</summary>
public readonly record struct RecordError(int BatchIndex, string Message);

/// <summary>What came of one partition's append. Offsets are -1 when nothing was appended.</summary>
/// <param name="LogAppendTimeMs">-1 unless the topic's timestamps are the broker's.</param>
/// <param name="ErrorMessage">Words for the client, when the error code alone does not say enough.</param>
public readonly record struct ProduceResult(
    ErrorCode Error,
    long BaseOffset,
    long LogAppendTimeMs,
    long LogStartOffset,
    string? ErrorMessage = null,
    IReadOnlyList<RecordError>? RecordErrors = null)
{
    public static ProduceResult Failed(ErrorCode error, string? message = null) => new(error, -1, -1, -1, message);
}
