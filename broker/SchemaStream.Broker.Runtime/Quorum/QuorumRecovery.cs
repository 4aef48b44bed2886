using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Runtime.DataDirectories;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>What a recovered node goes on with.</summary>
/// <param name="ClusterId">The cluster, which stays the same.</param>
/// <param name="LeaderEpoch">The epoch of the recovery, of a plan the one before it; the node leads in the next.</param>
/// <param name="LogEndOffset">Where the metadata log ends now.</param>
/// <param name="VotersBefore">Who voted before; empty where the log did not say.</param>
/// <param name="BrokersBefore">Who was registered; all but the survivor no longer are.</param>
/// <param name="Unclean">Partitions led by a replica that was not in sync: their newest records may be missing.</param>
/// <param name="Lost">Partitions that the survivor does not hold: they have no leader.</param>
public sealed record QuorumRecoveryReport(
    string ClusterId,
    int LeaderEpoch,
    long LogEndOffset,
    IReadOnlyList<int> VotersBefore,
    IReadOnlyList<int> BrokersBefore,
    IReadOnlyList<PartitionSelector> Unclean,
    IReadOnlyList<PartitionSelector> Lost);

/// <summary>
/// Makes a stopped node a quorum of one when the majority is gone for good: what it has of the metadata log is taken for
/// the truth, though others may have had more. The others must never come back with what they had.
/// </summary>
public static class QuorumRecovery
{
    private const int RecordsPerBatch = 1_000;

    /// <summary>What <see cref="Recover(string, int, TimeProvider, ILoggerFactory)"/> would do; changes nothing.</summary>
    /// <param name="dataDirectory">Of the node, which must not run.</param>
    /// <param name="survivorId">Its node id.</param>
    /// <param name="timeProvider">Says when.</param>
    /// <param name="loggers">Told what opening the log brings to light.</param>
    /// <exception cref="DataDirectoryException">It is in use, no node's, or another's.</exception>
    /// <exception cref="LogStorageException">The disk fails, or what it holds cannot be put together.</exception>
    public static QuorumRecoveryReport Plan(string dataDirectory, int survivorId, TimeProvider timeProvider, ILoggerFactory loggers) =>
        Plan(new FileLogDirectory(dataDirectory), survivorId, timeProvider, loggers);

    /// <param name="dataDirectory">Of the node, which must not run.</param>
    /// <param name="survivorId">Its node id.</param>
    /// <param name="timeProvider">Says when.</param>
    /// <param name="loggers">Told what opening the log brings to light.</param>
    /// <exception cref="DataDirectoryException">It is in use, no node's, or another's.</exception>
    /// <exception cref="LogStorageException">The disk fails, or what it holds cannot be put together.</exception>
    public static QuorumRecoveryReport Recover(
        string dataDirectory, int survivorId, TimeProvider timeProvider, ILoggerFactory loggers) =>
        Recover(new FileLogDirectory(dataDirectory), survivorId, timeProvider, loggers);

    /// <summary>As the other, on any disk.</summary>
    internal static QuorumRecoveryReport Plan(
        ILogDirectory root, int survivorId, TimeProvider timeProvider, ILoggerFactory loggers) =>
        Open(root, survivorId, timeProvider, loggers, Step.Plan);

    /// <summary>As the other, on any disk.</summary>
    internal static QuorumRecoveryReport Recover(
        ILogDirectory root, int survivorId, TimeProvider timeProvider, ILoggerFactory loggers) =>
        Open(root, survivorId, timeProvider, loggers, Step.Recover);

    private static QuorumRecoveryReport Open(
        ILogDirectory root, int survivorId, TimeProvider timeProvider, ILoggerFactory loggers, Step step)
    {
        if (!root.Exists(MetaProperties.FileName))
        {
            throw new DataDirectoryException($"{root.Path} is no node's data directory: it has no {MetaProperties.FileName}.");
        }

        using var directory = BrokerDirectory.Open(root, survivorId, clusterId: null, mayFound: false);
        var store = QuorumStore.Open(
            directory.Data, new NodeId(survivorId), LogRecords.ChunkBytes, timeProvider, loggers.CreateLogger(typeof(QuorumRecovery).FullName!));
        try
        {
            var report = Recover(store, directory.Properties.ClusterId, survivorId, timeProvider.GetUtcNow().ToUnixTimeMilliseconds(), step);
            if (step == Step.Recover)
            {
                CommitAll(directory.Data);
            }

            store.Close();
            if (directory.Data.WasCleanShutdown)
            {
                directory.Data.MarkCleanShutdown();
            }

            return report;
        }
        finally
        {
            store.Dispose();
        }
    }

    private static QuorumRecoveryReport Recover(QuorumStore store, string clusterId, int survivorId, long nowMs, Step step)
    {
        var (image, votersBefore) = ReadAll(store);
        var recovered = Decide(image, survivorId, nowMs);
        var leaderEpoch = store.State.LeaderEpoch + (step == Step.Plan ? 0 : 1);
        if (step == Step.Recover)
        {
            Write(store, recovered.Records, votersBefore, new NodeId(survivorId), leaderEpoch, nowMs);
        }

        return new QuorumRecoveryReport(
            clusterId,
            leaderEpoch,
            store.LogEndOffset,
            [.. (votersBefore?.Nodes ?? []).Select(node => node.Value)],
            [.. image.Brokers.Keys],
            recovered.Reply.Unclean,
            recovered.Reply.Lost);
    }

    private static void Write(
        QuorumStore store,
        IReadOnlyList<IRecordMessage> recovered,
        VoterSet? votersBefore,
        NodeId survivor,
        int leaderEpoch,
        long nowMs)
    {
        // The epoch first, with this node's vote: should it be interrupted, the same again does the rest.
        store.Persist(new QuorumState(leaderEpoch, survivor, null));
        foreach (var records in recovered.Chunk(RecordsPerBatch))
        {
            var payload = QuorumBatches.Build(store.LogEndOffset, leaderEpoch, records, nowMs);
            store.Append(new LogBatch(store.LogEndOffset, records.Length, leaderEpoch, payload));
        }

        // Last: only now may the node lead alone.
        var alone = new VoterSet([]).With(survivor, votersBefore?.EndpointOf(survivor));
        store.Append(new LogBatch(store.LogEndOffset, 1, leaderEpoch, ReadOnlyMemory<byte>.Empty, alone));
        store.Flush();
    }

    /// <summary>
    /// What the survivor has of its partitions is the truth as well, to the last record. Alone it may be less than
    /// min.insync.replicas, and then nothing but this would ever make those records readable.
    /// </summary>
    private static void CommitAll(DataDirectory data)
    {
        // A watermark beyond a log's end is taken for its end when the log is opened.
        data.WriteHighWatermarks(
            [.. data.ListPartitions().Select(found => KeyValuePair.Create(found.Partition, long.MaxValue))]);
    }

    private static (MetadataImage Image, VoterSet? Voters) ReadAll(QuorumStore store)
    {
        var replay = new MetadataReplay(MetadataImage.Empty, TopicConfigDefaults.Kafka);
        var voters = store.SnapshotVoters;
        var offset = store.LogStartOffset;
        if (store.Snapshot is { } snapshot)
        {
            foreach (var record in QuorumSnapshotReader.Records(store.Directory, snapshot).SelectMany(records => records))
            {
                replay.Replay(record);
            }

            offset = snapshot.EndOffset;
        }

        while (offset < store.LogEndOffset)
        {
            foreach (var recordBatch in store.Read(offset, LogRecords.ChunkBytes))
            {
                var batch = QuorumBatches.ToLogBatch(recordBatch);
                voters = batch.Voters ?? voters;
                offset = batch.EndOffset;
                foreach (var record in QuorumBatches.Decode(recordBatch))
                {
                    replay.Replay(record);
                }
            }
        }

        return (replay.Build(offset - 1), voters);
    }

    private static ControllerDecision<RecoverClusterReply> Decide(MetadataImage image, int survivorId, long nowMs)
    {
        var command = new RecoverClusterCommand(survivorId);
        if (!image.Brokers.ContainsKey(survivorId))
        {
            // A controller without partitions: the quorum is all there is to recover.
            return new([], new RecoverClusterReply(ErrorCode.None, null, [], []));
        }

        var controller = new ClusterController(new ControllerOptions(), new Random());
        controller.Activate(image, nowMs);
        return controller.Decide(command, nowMs);
    }

    private enum Step
    {
        /// <summary>Only say what would be.</summary>
        Plan,

        Recover,
    }
}
