namespace SchemaStream.Broker.Storage.Compaction;

/// <summary>What of a log is compacted already, what could be, and from where on nothing may be.</summary>
/// <param name="FirstDirtyOffset">Records from here on were not compacted yet.</param>
/// <param name="FirstUncleanableOffset">Nothing from here on may be (exclusive bound): a segment's base offset.</param>
/// <param name="CleanBytes">Before the first dirty offset.</param>
/// <param name="DirtyBytes">From there to the first uncleanable one.</param>
/// <param name="IsOverdue">Whether some dirty record has waited for longer than max.compaction.lag.ms.</param>
public readonly record struct CompactionNeed(
    long FirstDirtyOffset, long FirstUncleanableOffset, long CleanBytes, long DirtyBytes, bool IsOverdue)
{
    /// <summary>Share of what could be compacted that was not yet.</summary>
    public double DirtyRatio => DirtyBytes == 0 ? 0 : (double)DirtyBytes / (CleanBytes + DirtyBytes);
}

/// <summary>A producer's last record in a log: its batch outlives compaction, as it tells the sequence that comes next.</summary>
/// <param name="LastDataOffset">Null for a producer of which only a marker tells.</param>
/// <param name="LastCompactedOffset">
/// The last that lies in what is compacted, where it is known: what is behind that may not be committed, and be cut off.
/// </param>
internal readonly record struct LastRecordOfProducer(long? LastDataOffset, long? LastCompactedOffset, short ProducerEpoch);

/// <summary>A segment that is to be compacted, as it was when the plan was made.</summary>
internal sealed record CompactionSource(LogSegment Segment, long SizeInBytes, long NextOffset, int Truncations, int OffsetIndexBytes, int TimeIndexBytes)
{
    public long BaseOffset => Segment.BaseOffset;

    /// <summary>Whether the segment is still what the plan was made for; asked on the lane.</summary>
    public bool IsUnchanged => Segment.Log.Truncations == Truncations && Segment.SizeInBytes == SizeInBytes;

    /// <summary>Any thread: whether the segment was taken out of the log, or cut.</summary>
    public bool IsGone => Segment.Log.IsRetired || Segment.Log.Truncations != Truncations;
}

/// <summary>What the lane knows that owns the log, for a compaction that runs beside it.</summary>
public sealed class CompactionPlan
{
    internal CompactionPlan(
        string logName,
        LogConfig config,
        CompactionNeed need,
        IReadOnlyList<CompactionSource> sources,
        IReadOnlyDictionary<long, LastRecordOfProducer> lastRecords)
    {
        LogName = logName;
        Config = config;
        Need = need;
        Sources = sources;
        LastRecords = lastRecords;
    }

    /// <summary>Topic and partition.</summary>
    public string LogName { get; }

    public CompactionNeed Need { get; }

    internal LogConfig Config { get; }

    /// <summary>Every segment below the first uncleanable offset, oldest first.</summary>
    internal IReadOnlyList<CompactionSource> Sources { get; }

    internal IReadOnlyDictionary<long, LastRecordOfProducer> LastRecords { get; }
}

/// <summary>A segment that compaction wrote and synced, and those whose place it is to take.</summary>
public sealed class CleanedSegment
{
    internal CleanedSegment(LogSegment segment, IReadOnlyList<CompactionSource> sources)
    {
        Segment = segment;
        Sources = sources;
    }

    public int SourceCount => Sources.Count;

    internal LogSegment Segment { get; }

    internal IReadOnlyList<CompactionSource> Sources { get; }

    /// <summary>Whether it says just what its only source says: then there is nothing to swap.</summary>
    internal bool IsUnchanged { get; init; }
}
