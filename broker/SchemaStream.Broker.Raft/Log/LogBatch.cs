namespace SchemaStream.Broker.Raft.Log;

/// <summary>Records that were appended together, by one leader.</summary>
/// <param name="BaseOffset">The first record's offset.</param>
/// <param name="RecordCount">How many offsets it takes; at least one.</param>
/// <param name="LeaderEpoch">The epoch of the leader that appended it first.</param>
/// <param name="Payload">The records, opaque here; empty for the quorum's own.</param>
/// <param name="Voters">The voter set, where the batch changes it.</param>
public sealed record LogBatch(long BaseOffset, int RecordCount, int LeaderEpoch, ReadOnlyMemory<byte> Payload, VoterSet? Voters = null)
{
    public long EndOffset => BaseOffset + RecordCount;
}

/// <summary>What to do to the log, in this order, before anything is sent.</summary>
public abstract record LogOperation
{
    private LogOperation()
    {
    }

    /// <summary>Adds one batch at the end.</summary>
    public sealed record Append(LogBatch Batch) : LogOperation;

    /// <summary>Removes everything from <paramref name="Offset"/> on.</summary>
    public sealed record Truncate(long Offset) : LogOperation;
}
