namespace SchemaStream.Broker.Coordination.Offsets;

/// <summary>What a group has committed for one partition.</summary>
/// <param name="Offset">The next offset to read.</param>
/// <param name="LeaderEpoch">Of the last record read; -1 where the client did not say.</param>
/// <param name="Metadata">The client's own text.</param>
/// <param name="CommitTimestampMs">When it was committed.</param>
/// <param name="ExpireTimestampMs">When it goes, where the client said so; null for the broker's retention.</param>
public sealed record CommittedOffset(
    long Offset, int LeaderEpoch, string Metadata, long CommitTimestampMs, long? ExpireTimestampMs = null);
