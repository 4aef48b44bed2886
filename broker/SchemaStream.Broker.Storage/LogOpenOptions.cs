namespace SchemaStream.Broker.Storage;

/// <summary>What the host knows of a log before it is opened.</summary>
public readonly record struct LogOpenOptions
{
    public LogOpenOptions()
    {
    }

    /// <summary>Whether the broker went down without closing its logs: then everything from the recovery point on is checked.</summary>
    public bool Unclean { get; init; }

    /// <summary>Records before this offset are known to have been flushed (exclusive bound).</summary>
    public long RecoveryPoint { get; init; }

    /// <summary>The checkpointed log start offset; where a new log begins.</summary>
    public long LogStartOffset { get; init; }

    /// <summary>The checkpointed high watermark; 0 when none is known.</summary>
    public long HighWatermark { get; init; }
}
