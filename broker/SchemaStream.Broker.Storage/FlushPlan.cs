using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage;

/// <summary>What a flush makes durable.</summary>
public enum FlushScope
{
    /// <summary>All that belongs to the log, so that a crash finds its indexes as they should be.</summary>
    Everything = 0,

    /// <summary>
    /// The records, and what recovery cannot find out from them: the indexes of the active segment are made anew after a
    /// crash anyway. For flushes that someone waits for.
    /// </summary>
    Records = 1,
}

/// <summary>
/// The files that have to be synced before a log's records up to <see cref="Offset"/> survive a loss of power. Made on
/// the lane, executed anywhere: syncing takes milliseconds. It holds its files open until it was executed or disposed.
/// </summary>
public sealed class FlushPlan : IDisposable
{
    private readonly ILogDirectory _directory;
    private readonly LogFileCache _cache;
    private List<OpenLogFile>? _files = [];
    private volatile bool _isExecuted;

    internal FlushPlan(ILogDirectory directory, LogFileCache cache, long offset, int truncations)
    {
        _cache = cache;
        _directory = directory;
        Offset = offset;
        Truncations = truncations;
    }

    /// <summary>Records before this offset are covered (exclusive bound).</summary>
    public long Offset { get; }

    internal int Truncations { get; }

    /// <summary>Whether files were created, renamed or deleted since the directory was last synced.</summary>
    internal bool SyncsDirectory { get; set; }

    internal bool IsExecuted => _isExecuted;

    internal List<OpenLogFile> Files => _files ?? throw new ObjectDisposedException(nameof(FlushPlan));

    /// <exception cref="LogStorageException">
    /// What was written may be lost. Trying again proves nothing, since the system may have dropped the pages: take the
    /// log offline.
    /// </exception>
    public void Execute()
    {
        foreach (var file in Files)
        {
            file.File.Flush();
        }

        if (SyncsDirectory)
        {
            _directory.Sync();
        }

        _isExecuted = true;
        Dispose();
    }

    public void Dispose()
    {
        foreach (var file in Interlocked.Exchange(ref _files, null) ?? [])
        {
            file.Release();
        }

        _cache.Trim();
    }
}
