namespace SchemaStream.Broker.Storage.Compaction;

/// <summary>What one compaction may take of memory.</summary>
public sealed record CleanerLimits
{
    /// <summary>Of the map of keys, at most: <c>log.cleaner.dedupe.buffer.size</c> by <c>log.cleaner.threads</c>.</summary>
    public long DedupeBufferBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary><c>log.cleaner.io.buffer.load.factor</c>: how full that map may get; the fuller, the slower.</summary>
    public double DedupeLoadFactor { get; init; } = 0.9;

    /// <summary><c>log.cleaner.io.buffer.size</c>; a larger batch gets a larger buffer.</summary>
    public int IoBufferBytes { get; init; } = 512 * 1024;

    /// <summary>More than this is not decompressed at once.</summary>
    public int MaxDecompressedBytes { get; init; } = 256 * 1024 * 1024;
}
