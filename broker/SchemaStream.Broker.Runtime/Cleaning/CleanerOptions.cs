namespace SchemaStream.Broker.Runtime.Cleaning;

/// <summary>How compacted logs are cleaned beside the lanes.</summary>
public sealed record CleanerOptions
{
    /// <summary>log.cleaner.enable</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>log.cleaner.threads: logs that are cleaned at the same time.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>log.cleaner.backoff.ms: how long to wait when no log needs it.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>log.cleaner.dedupe.buffer.size: memory of the maps of keys of all threads together. It is taken as it is needed.</summary>
    public long DedupeBufferBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>log.cleaner.io.buffer.load.factor: how full such a map may get.</summary>
    public double DedupeLoadFactor { get; init; } = 0.9;

    /// <summary>log.cleaner.io.buffer.size: of all threads together.</summary>
    public int IoBufferBytes { get; init; } = 512 * 1024;

    /// <summary>log.cleaner.io.max.bytes.per.second: read and written by all threads together.</summary>
    public double MaxBytesPerSecond { get; init; } = double.MaxValue;
}
