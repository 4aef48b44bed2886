using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Directories;

/// <summary>
/// A broker's data directory: which partitions it holds, what was checkpointed about them, and whether the last broker
/// that used it stopped cleanly. Its files have Kafka's names. What is checkpointed may be asked for, replaced and deleted
/// from several threads, as logs are opened on their lanes; all else has one caller at a time.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    public const string LockFile = ".lock";
    public const string CleanShutdownFile = ".kafka_cleanshutdown";
    public const string RecoveryPointCheckpoint = "recovery-point-offset-checkpoint";
    public const string LogStartOffsetCheckpoint = "log-start-offset-checkpoint";
    public const string HighWatermarkCheckpoint = "replication-offset-checkpoint";

    public const string CleanerCheckpoint = "cleaner-offset-checkpoint";

    private readonly IDisposable _lock;
    private readonly System.Threading.Lock _checkpoints = new();
    private Dictionary<PartitionDirectory, long> _recoveryPoints;
    private Dictionary<PartitionDirectory, long> _logStartOffsets;
    private Dictionary<PartitionDirectory, long> _highWatermarks;
    private readonly Dictionary<PartitionDirectory, long> _cleanedTo;

    private DataDirectory(ILogDirectory root, IDisposable @lock)
    {
        _lock = @lock;
        Root = root;
        var recoveryPoints = OffsetCheckpoint.TryRead(root, RecoveryPointCheckpoint);
        var logStartOffsets = OffsetCheckpoint.TryRead(root, LogStartOffsetCheckpoint);
        WasCleanShutdown = root.Exists(CleanShutdownFile) && recoveryPoints is not null && logStartOffsets is not null;
        _recoveryPoints = recoveryPoints ?? [];
        _logStartOffsets = logStartOffsets ?? [];

        // Without it a watermark begins at the log's start, and rises as soon as there is a leader: a longer wait, no loss.
        _highWatermarks = OffsetCheckpoint.TryRead(root, HighWatermarkCheckpoint) ?? [];

        // Without it everything is compacted once more, which changes nothing but the work.
        _cleanedTo = OffsetCheckpoint.TryRead(root, CleanerCheckpoint) ?? [];
    }

    public ILogDirectory Root { get; }

    /// <summary>Whether every log was closed before the last stop; otherwise they are checked from their recovery points on.</summary>
    public bool WasCleanShutdown { get; }

    /// <summary>
    /// Locks the directory and reads its checkpoints. The mark of a clean stop is used up: whatever happens from here on,
    /// only <see cref="MarkCleanShutdown"/> makes the next start a quick one.
    /// </summary>
    /// <exception cref="LogStorageException">Another process has the directory, or the disk fails.</exception>
    public static DataDirectory Open(ILogDirectory root)
    {
        var held = root.Lock(LockFile);
        try
        {
            var data = new DataDirectory(root, held);
            foreach (var name in root.ListDirectories().Where(PartitionDirectory.IsDeleted))
            {
                root.DeleteDirectory(name);
            }

            root.Delete(CleanShutdownFile);
            root.Sync();
            return data;
        }
        catch (LogStorageException)
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The partitions that have a directory, with the topic id written there if one is.</summary>
    public IReadOnlyList<(PartitionDirectory Partition, Guid? TopicId)> ListPartitions()
    {
        var partitions = new List<(PartitionDirectory, Guid?)>();
        foreach (var name in Root.ListDirectories())
        {
            if (PartitionDirectory.TryParse(name, out var partition))
            {
                partitions.Add((partition, OwnerOf(partition)));
            }
        }

        return partitions;
    }

    /// <summary>
    /// The topic that a partition's directory says it is of; null when it does not say. What makes no sense after an unclean
    /// stop is what the loss of power left of a file that nobody waited for: it is written anew.
    /// </summary>
    /// <exception cref="LogStorageException">The disk fails, or the file was damaged otherwise.</exception>
    public Guid? OwnerOf(PartitionDirectory partition) => WasCleanShutdown
        ? PartitionMetadata.Read(Root.Directory(partition.Name))
        : PartitionMetadata.ReadUnlessTorn(Root.Directory(partition.Name));

    /// <summary>How a partition's log is to be opened, as far as this directory knows.</summary>
    public LogOpenOptions OptionsFor(PartitionDirectory partition)
    {
        lock (_checkpoints)
        {
            return new()
            {
                Unclean = !WasCleanShutdown,
                RecoveryPoint = _recoveryPoints.GetValueOrDefault(partition),
                LogStartOffset = _logStartOffsets.GetValueOrDefault(partition),
                HighWatermark = _highWatermarks.GetValueOrDefault(partition),
            };
        }
    }

    /// <summary>Opens the log of a partition; a directory that is new learns which topic it is for.</summary>
    /// <param name="syncRoot">False when the caller syncs <see cref="Root"/> itself, once for all logs that it opens.</param>
    /// <exception cref="LogStorageException">The disk fails, or the directory belongs to another topic of the same name.</exception>
    public PartitionLog OpenLog(
        PartitionDirectory partition, Guid topicId, LogConfig config, LogFileCache cache, long nowMs, bool syncRoot = true)
    {
        var directory = Root.Directory(partition.Name);
        var owner = OwnerOf(partition);
        if (owner is null)
        {
            PartitionMetadata.Write(directory, topicId);
            if (syncRoot)
            {
                Root.Sync();
            }
        }
        else if (owner != topicId)
        {
            throw new LogStorageException(
                "open", directory.Path, $"it belongs to the topic with id {owner}, not to {topicId}");
        }

        var log = PartitionLog.Open(
            directory, config, cache, OptionsFor(partition), nowMs, offset => MoveBack(partition, offset));
        try
        {
            // What an unclean stop took away may have been committed: that it was is not to be said of what comes instead.
            MoveBack(partition, log.LogEndOffset);
            return log;
        }
        catch (LogStorageException)
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes a partition's directory out of use; its log has to be disposed. The files go with the returned action, which
    /// may run anywhere, or else when the directory is opened the next time.
    /// </summary>
    /// <param name="unique">Tells this deletion from others of the same partition.</param>
    public Action Delete(PartitionDirectory partition, Guid unique)
    {
        ForgetCheckpoints([partition]);
        if (!Root.Exists(partition.Name))
        {
            return () => { };
        }

        var name = partition.DeletedName(unique);
        Root.Rename(partition.Name, name);
        Root.Sync();
        return () => Root.DeleteDirectory(name);
    }

    /// <summary>Checkpoints what the logs say of themselves; now and then, and after they were closed.</summary>
    public void WriteCheckpoints(IReadOnlyCollection<LogCheckpoint> logs)
    {
        lock (_checkpoints)
        {
            _recoveryPoints = logs.ToDictionary(log => log.Partition, log => log.RecoveryPoint);
            _logStartOffsets = logs.ToDictionary(log => log.Partition, log => log.LogStartOffset);
            _highWatermarks = logs.ToDictionary(log => log.Partition, log => log.HighWatermark);
            WriteCheckpoints();
        }
    }

    /// <summary>Checkpoints the high watermarks alone, as they are wanted more often than the rest.</summary>
    public void WriteHighWatermarks(IReadOnlyCollection<KeyValuePair<PartitionDirectory, long>> highWatermarks)
    {
        lock (_checkpoints)
        {
            var known = new Dictionary<PartitionDirectory, long>(_highWatermarks);
            foreach (var (partition, highWatermark) in highWatermarks)
            {
                known[partition] = highWatermark;
            }

            OffsetCheckpoint.Write(Root, HighWatermarkCheckpoint, known);
            _highWatermarks = known;
        }
    }

    /// <summary>Where the last compaction of a log ended; null when there was none.</summary>
    public long? CleanedTo(PartitionDirectory partition)
    {
        lock (_checkpoints)
        {
            return _cleanedTo.TryGetValue(partition, out var offset) ? offset : null;
        }
    }

    /// <summary>Checkpoints that a log is compacted up to an offset.</summary>
    public void NoteCleaned(PartitionDirectory partition, long offset)
    {
        lock (_checkpoints)
        {
            _cleanedTo[partition] = offset;
            OffsetCheckpoint.Write(Root, CleanerCheckpoint, _cleanedTo);
        }
    }

    /// <summary>
    /// What is known of logs that go must not be believed of the next ones of their names: by an old log's start offset, a
    /// crash would take the young one's records. <see cref="Delete"/> does it too; this is quicker for many at once.
    /// </summary>
    public void ForgetCheckpoints(IReadOnlyCollection<PartitionDirectory> partitions)
    {
        lock (_checkpoints)
        {
            var known = _recoveryPoints.Count + _logStartOffsets.Count + _highWatermarks.Count;
            var cleaned = _cleanedTo.Count;
            foreach (var partition in partitions)
            {
                _recoveryPoints.Remove(partition);
                _logStartOffsets.Remove(partition);
                _highWatermarks.Remove(partition);
                _cleanedTo.Remove(partition);
            }

            if (_cleanedTo.Count < cleaned)
            {
                OffsetCheckpoint.Write(Root, CleanerCheckpoint, _cleanedTo);
            }

            if (_recoveryPoints.Count + _logStartOffsets.Count + _highWatermarks.Count < known)
            {
                WriteCheckpoints();
            }
        }
    }

    /// <summary>A log's end has gone back, or it begins anew: nothing that is known of it may be beyond that.</summary>
    private void MoveBack(PartitionDirectory partition, long offset)
    {
        lock (_checkpoints)
        {
            if (LowerTo(_recoveryPoints) | LowerTo(_logStartOffsets) | LowerTo(_highWatermarks))
            {
                WriteCheckpoints();
            }

            if (LowerTo(_cleanedTo))
            {
                OffsetCheckpoint.Write(Root, CleanerCheckpoint, _cleanedTo);
            }
        }

        bool LowerTo(Dictionary<PartitionDirectory, long> offsets)
        {
            if (!offsets.TryGetValue(partition, out var known) || known <= offset)
            {
                return false;
            }

            offsets[partition] = offset;
            return true;
        }
    }

    /// <summary>States that every log was closed and checkpointed. The last thing a broker does with the directory.</summary>
    public void MarkCleanShutdown() =>
        Root.ReplaceText(CleanShutdownFile, "{\"version\":0,\"brokerEpoch\":-1}", durable: true);

    public void Dispose() => _lock.Dispose();

    private void WriteCheckpoints()
    {
        OffsetCheckpoint.Write(Root, RecoveryPointCheckpoint, _recoveryPoints);
        OffsetCheckpoint.Write(Root, LogStartOffsetCheckpoint, _logStartOffsets);
        OffsetCheckpoint.Write(Root, HighWatermarkCheckpoint, _highWatermarks);
    }
}

/// <summary>What is checkpointed of one log.</summary>
public readonly record struct LogCheckpoint(
    PartitionDirectory Partition, long RecoveryPoint, long LogStartOffset, long HighWatermark);
