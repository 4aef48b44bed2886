using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage;

/// <summary>How long, or how much of, a log is kept. Whole segments go, oldest first.</summary>
/// <param name="RetentionMs">Age of a segment's newest record at which it goes; -1 for ever.</param>
/// <param name="RetentionBytes">Bytes that stay at least; -1 for all.</param>
public readonly record struct RetentionPolicy(long RetentionMs, long RetentionBytes)
{
    public static RetentionPolicy KeepAll { get; } = new(-1, -1);

    /// <summary>The policy of a topic: without <c>delete</c> in its cleanup policy, time and size remove nothing.</summary>
    public static RetentionPolicy Of(LogConfig config) => config.CleanupPolicy.HasFlag(CleanupPolicy.Delete)
        ? new RetentionPolicy(config.RetentionMs, config.RetentionBytes)
        : KeepAll;

    internal bool IsExpired(long newestTimestampMs, long nowMs) =>
        RetentionMs >= 0 && nowMs - newestTimestampMs > RetentionMs;
}

/// <summary>What retention, or compaction, took out of a log. The files have other names already; deleting them may take its time.</summary>
public sealed class RetentionResult
{
    private readonly ILogDirectory _directory;
    private readonly List<string> _names = [];

    private readonly bool _syncsFirst;

    /// <param name="syncsFirst">What takes the place of these files has its name for good before they are deleted.</param>
    internal RetentionResult(ILogDirectory directory, bool syncsFirst = false)
    {
        _directory = directory;
        _syncsFirst = syncsFirst;
    }

    public int SegmentsDeleted { get; private set; }

    public long BytesDeleted { get; private set; }

    /// <summary>Deletes the files; on any thread. What is forgotten here goes when the log is opened the next time.</summary>
    public void DeleteFiles()
    {
        if (_syncsFirst && _names.Count > 0)
        {
            _directory.Sync();
        }

        foreach (var name in _names)
        {
            _directory.Delete(name);
        }
    }

    internal void Add(LogSegment segment)
    {
        SegmentsDeleted++;
        BytesDeleted += segment.SizeInBytes;
        _names.AddRange(segment.RenameToDeleted());
    }
}
