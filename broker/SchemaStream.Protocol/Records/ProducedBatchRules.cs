namespace SchemaStream.Protocol.Records;

/// <summary>What a topic demands of the batches that are produced to it.</summary>
public readonly record struct ProducedBatchRules
{
    public ProducedBatchRules()
    {
    }

    /// <summary>Topic config <c>max.message.bytes</c>: the largest batch, compressed as it is.</summary>
    public int MaxMessageBytes { get; init; } = int.MaxValue;

    /// <summary>True on compacted topics: a record without a key could never be compacted away.</summary>
    public bool RequireKeys { get; init; }

    /// <summary>True for what clients write; the coordinators' own writes have a producer id but no sequence.</summary>
    public bool RequireSequences { get; init; } = true;

    public bool AllowControlBatches { get; init; }

    /// <summary>Oldest timestamp that is taken (inclusive). A record without a timestamp is always taken.</summary>
    public long MinTimestamp { get; init; } = long.MinValue;

    /// <summary>Newest timestamp that is taken (inclusive).</summary>
    public long MaxTimestamp { get; init; } = long.MaxValue;

    public bool AllowsTimestamp(long timestamp) =>
        timestamp == RecordBatchHeader.NoTimestamp || (timestamp >= MinTimestamp && timestamp <= MaxTimestamp);
}
