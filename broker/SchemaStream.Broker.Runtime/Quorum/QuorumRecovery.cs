using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Runtime.DataDirectories;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>What a recovered node goes on with.</summary>
/// <param name="ClusterId">The cluster, which stays the same.</param>
/// <param name="LeaderEpoch">The epoch of the recovery; the node leads in the next.</param>
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
    internal static QuorumRecoveryReport Recover(
        ILogDirectory root, int survivorId, TimeProvider timeProvider, ILoggerFactory loggers)
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
            var report = Recover(store, directory.Properties.ClusterId, survivorId, timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
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

    private static QuorumRecoveryReport Recover(QuorumStore store, string clusterId, int survivorId, long nowMs)
    {
        var (image, votersBefore) = ReadAll(store);
        var recovered = Decide(image, survivorId, nowMs);

        // The epoch first, with this node's vote: should it be interrupted, the same again does the rest.
        var survivor = new NodeId(survivorId);
        var leaderEpoch = store.State.LeaderEpoch + 1;
        store.Persist(new QuorumState(leaderEpoch, survivor, null));
        foreach (var records in recovered.Records.Chunk(RecordsPerBatch))
        {
            var payload = QuorumBatches.Build(store.LogEndOffset, leaderEpoch, records, nowMs);
            store.Append(new LogBatch(store.LogEndOffset, records.Length, leaderEpoch, payload));
        }

        // Last: only now may the node lead alone.
        var alone = new VoterSet([]).With(survivor, votersBefore?.EndpointOf(survivor));
        store.Append(new LogBatch(store.LogEndOffset, 1, leaderEpoch, ReadOnlyMemory<byte>.Empty, alone));
        store.Flush();
        return new QuorumRecoveryReport(
            clusterId,
            leaderEpoch,
            store.LogEndOffset,
            [.. (votersBefore?.Nodes ?? []).Select(node => node.Value)],
            [.. image.Brokers.Keys],
            recovered.Reply.Unclean,
            recovered.Reply.Lost);
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
}
