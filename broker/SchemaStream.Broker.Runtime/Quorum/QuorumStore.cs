using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>
/// What this node keeps of the quorum: the log in <c>__cluster_metadata-0</c>, the quorum-state file, and the two newest
/// snapshots: the log reaches back to the older one, so that a follower a little behind need not fetch a snapshot, and a
/// newest one that turns out to be damaged costs nothing. Used on the quorum's loop alone.
/// </summary>
internal sealed class QuorumStore : IQuorumLog
{
    /// <summary>Files that are kept open: the last segments' and their indexes'.</summary>
    private const int OpenFiles = 16;

    private readonly NodeId _node;
    private readonly PartitionLog _log;
    private readonly TimeProvider _timeProvider;
    private readonly int _fetchMaxBytes;

    private QuorumStore(NodeId node, PartitionLog log, ILogDirectory directory, int fetchMaxBytes, TimeProvider timeProvider)
    {
        _node = node;
        _log = log;
        Directory = directory;
        _fetchMaxBytes = fetchMaxBytes;
        _timeProvider = timeProvider;
    }

    public static PartitionDirectory Partition { get; } = new(InternalTopics.ClusterMetadata, 0);

    /// <summary>Kafka's own id of this topic.</summary>
    public static Guid TopicId { get; } = new("00000000-0000-0000-0000-000000000001");

    /// <summary>Nothing is deleted by age or size: what a snapshot stands for is.</summary>
    public static LogConfig Config { get; } = new() { RetentionMs = -1, CleanupPolicy = CleanupPolicy.None };

    public ILogDirectory Directory { get; }

    public QuorumState State { get; private set; } = QuorumState.Initial;

    /// <summary>The newest snapshot that is whole; null before there was one.</summary>
    public EpochEnd? Snapshot { get; private set; }

    /// <summary>Who voted at the snapshot's end.</summary>
    public VoterSet? SnapshotVoters { get; private set; }

    public long LogStartOffset => _log.LogStartOffset;

    public long LogEndOffset => _log.LogEndOffset;

    public long LogSizeInBytes => _log.SizeInBytes;

    private long NowMs => _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <exception cref="LogStorageException">The disk fails, or what it holds cannot be put together.</exception>
    public static QuorumStore Open(DataDirectory data, NodeId node, int fetchMaxBytes, TimeProvider timeProvider, ILogger logger)
    {
        var nowMs = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var log = data.OpenLog(Partition, TopicId, Config, new LogFileCache(OpenFiles), nowMs);
        try
        {
            LogRepairs.Tell(logger, Partition.Name, log);
            var store = new QuorumStore(node, log, data.Root.Directory(Partition.Name), fetchMaxBytes, timeProvider);
            store.DeleteParts();
            store.FindSnapshot(logger);
            store.FitLogToSnapshot();
            store.ReadState();

            // What a killed process had written may be in the page cache only: from here on it counts as being on disk.
            log.Flush();
            store.MakeDirectoryDurable();
            return store;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    public void Persist(QuorumState state)
    {
        QuorumStateFile.Write(Directory, state);
        State = state;
    }

    public void Append(LogBatch batch)
    {
        var bytes = batch switch
        {
            { Payload.IsEmpty: false } => batch.Payload,
            { Voters: { } voters } => ControlBatches.Voters(batch.BaseOffset, batch.LeaderEpoch, voters, NowMs),
            _ => ControlBatches.LeaderChange(batch.BaseOffset, batch.LeaderEpoch, _node, NowMs),
        };
        Invariant.That(batch.BaseOffset == _log.LogEndOffset, "the log grows without gaps");
        var appended = _log.AppendAsFollower(bytes, NowMs);
        Invariant.That(
            appended.IsSuccess && _log.LogEndOffset == batch.EndOffset, $"the metadata log takes its own batches ({appended.Error})");
    }

    public void Truncate(long offset) => _log.TruncateTo(offset);

    public void Flush() => _log.Flush();

    public LogCheckpoint CheckpointAt(long highWatermark) => new(Partition, _log.RecoveryPoint, _log.LogStartOffset, highWatermark);

    public IReadOnlyList<LogBatch> Read(long offset) =>
        [.. Read(offset, _fetchMaxBytes).Select(QuorumBatches.ToLogBatch)];

    /// <summary>Whole batches from an offset on, up to one (exclusive); none where the log does not reach.</summary>
    public IEnumerable<RecordBatch> Read(long offset, int maxBytes, long endOffset = long.MaxValue)
    {
        if (_log.Read(offset, maxBytes, endOffset, minOneBatch: true, out var slice) != ErrorCode.None)
        {
            return [];
        }

        using (slice)
        {
            var bytes = new byte[slice.Length];
            slice.Read(bytes);
            return RecordBatches.Split(bytes);
        }
    }

    /// <summary>All batches without their records: what the machine has to know of the log.</summary>
    public IEnumerable<LogBatch> ReadOutline()
    {
        for (var offset = _log.LogStartOffset; offset < _log.LogEndOffset;)
        {
            var chunkOffset = offset;
            foreach (var batch in Read(offset, LogRecords.ChunkBytes))
            {
                var outline = QuorumBatches.ToLogBatch(batch) with { Payload = default };
                offset = outline.EndOffset;
                yield return outline;
            }

            Invariant.That(offset > chunkOffset, "the metadata log can be read to its end");
        }
    }

    /// <summary>A snapshot of this node's own has got its name: the log is cut off up to the one before it.</summary>
    /// <returns>The first offset that the log still holds.</returns>
    public long Keep(EpochEnd snapshot, VoterSet voters)
    {
        var previous = Snapshot;
        Snapshot = snapshot;
        SnapshotVoters = voters;
        if (previous is { } older)
        {
            _log.AdvanceLogStartOffset(older.EndOffset);
            _log.ApplyRetention(RetentionPolicy.KeepAll, NowMs, snapshot.EndOffset).DeleteFiles();
        }

        // A segment of its own, so that the next snapshot can let go of all before this one.
        _log.Roll(NowMs);
        DeleteSnapshotsBefore(previous);
        return _log.LogStartOffset;
    }

    /// <summary>A leader's snapshot has got its name: it takes the place of the log.</summary>
    public void Install(EpochEnd snapshot, VoterSet voters)
    {
        Snapshot = snapshot;
        SnapshotVoters = voters;
        _log.TruncateFullyAndStartAt(snapshot.EndOffset);
        _log.Flush();
        DeleteSnapshotsBefore(snapshot);
    }

    public void Close() => _log.Close();

    /// <summary>Lets go of the files as a crash would, after the disk has failed.</summary>
    public void Dispose() => _log.Dispose();

    /// <summary>Names, and the file that says whose directory this is: partitions of topics can be had again, this log cannot.</summary>
    private void MakeDirectoryDurable()
    {
        using var metadata = Directory.Open(LogFileNames.PartitionMetadata);
        metadata.Flush();
        Directory.Sync();
    }

    private void DeleteParts()
    {
        foreach (var name in Directory.ListFiles().Where(name => name.EndsWith(QuorumSnapshotFile.PartSuffix, StringComparison.Ordinal)))
        {
            Directory.Delete(name);
        }
    }

    private void DeleteSnapshotsBefore(EpochEnd? oldest)
    {
        foreach (var old in QuorumSnapshotFile.List(Directory).Where(old => old.EndOffset < oldest?.EndOffset))
        {
            Directory.Delete(QuorumSnapshotFile.NameOf(old));
        }
    }

    private void FindSnapshot(ILogger logger)
    {
        foreach (var snapshot in QuorumSnapshotFile.List(Directory).Reverse())
        {
            var name = QuorumSnapshotFile.NameOf(snapshot);
            try
            {
                SnapshotVoters = QuorumSnapshotReader.Check(Directory, name, snapshot);
                Snapshot = snapshot;
                return;
            }
            catch (CorruptRecordException damage)
            {
                QuorumLog.SnapshotDamaged(logger, name, damage);
            }
        }

        if (_log.LogStartOffset > 0)
        {
            throw new LogStorageException(
                "read", _log.Path, $"the metadata log begins at offset {_log.LogStartOffset}, and no snapshot of what is before that is whole");
        }
    }

    private void FitLogToSnapshot()
    {
        if (Snapshot is not { } snapshot)
        {
            return;
        }

        if (_log.LogStartOffset > snapshot.EndOffset)
        {
            throw new LogStorageException(
                "read", _log.Path, $"the metadata log begins at offset {_log.LogStartOffset}, behind the newest whole snapshot's end {snapshot.EndOffset}");
        }

        // The process stopped between taking a leader's snapshot and letting go of its own log.
        var isInLog = _log.LogEndOffset >= snapshot.EndOffset
            && (_log.LogStartOffset == snapshot.EndOffset || EpochAt(snapshot.EndOffset - 1) == snapshot.LeaderEpoch);
        if (!isInLog)
        {
            _log.TruncateFullyAndStartAt(snapshot.EndOffset);
        }
    }

    /// <summary>As the batch itself says: what the log remembers of epochs may begin later than its first segment.</summary>
    private int EpochAt(long offset)
    {
        foreach (var batch in Read(offset, maxBytes: 1))
        {
            return batch.Header.PartitionLeaderEpoch;
        }

        throw new LogStorageException("read", _log.Path, $"offset {offset} cannot be read");
    }

    private void ReadState()
    {
        var lastEpoch = Math.Max(Math.Max(0, _log.LatestEpoch), Snapshot?.LeaderEpoch ?? 0);

        // A log from before there was a quorum is that of a controller which no one voted against.
        State = QuorumStateFile.Read(Directory) ?? new QuorumState(lastEpoch, null, null);
        if (State.LeaderEpoch < lastEpoch)
        {
            throw new LogStorageException(
                "read",
                Path.Combine(Directory.Path, QuorumStateFile.Name),
                $"it knows of epoch {State.LeaderEpoch} only, and the log has records of epoch {lastEpoch}");
        }
    }
}
