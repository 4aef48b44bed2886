using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>What opening a log found and did, for the host to write into its own log.</summary>
/// <param name="LogPath">Directory of the partition.</param>
/// <param name="Unclean">Whether the log was checked because it had not been closed.</param>
/// <param name="TruncatedBytes">Bytes cut off as torn or corrupt, in files and in whole segments.</param>
/// <param name="TruncatedAtOffset">Where the log was cut; null when it was not.</param>
/// <param name="Fault">What was wrong with the first batch cut off.</param>
/// <param name="SegmentsDeleted">Segments behind the cut.</param>
/// <param name="Notes">Smaller repairs, a sentence each.</param>
public sealed record RecoveryReport(
    string LogPath,
    bool Unclean,
    int SegmentsScanned,
    long BytesScanned,
    long TruncatedBytes,
    long? TruncatedAtOffset,
    RecordBatchFault Fault,
    int SegmentsDeleted,
    IReadOnlyList<string> Notes)
{
    /// <summary>Whether something was cut or repaired, and an operator should know.</summary>
    public bool HasFindings => TruncatedAtOffset is not null || SegmentsDeleted > 0 || Notes.Count > 0;
}
