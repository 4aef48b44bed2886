using System.Buffers;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Coordination;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Compression;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Groups;

internal sealed partial class GroupShardHost
{
    /// <summary>How soon a log with too few replicas in sync is looked at again.</summary>
    private const long RecheckMs = 100;

    private readonly LaneTimer _loadTimer;
    private Task _loaded = Task.CompletedTask;
    private GroupShard? _loadedShard;

    /// <summary>Completes when the shard is loaded, or is not to be. Any thread.</summary>
    public Task Loaded => Volatile.Read(ref _loaded);

    private void BeginLoading(int leaderEpoch) =>
        Volatile.Write(ref _loaded, Lane.RunBesideAsync(this, () => LoadAsync(leaderEpoch)));

    /// <summary>
    /// On the lane, with all of the log replayed: what was there when this broker came to lead has to be committed before
    /// anyone is told of it, or a next leader could tell another story.
    /// </summary>
    private void ActivateOnceCommitted()
    {
        if (_loadedShard is not { } shard || Partition.Replica is not { } replica)
        {
            return;
        }

        if (replica.HighWatermark < replica.LogEndOffset)
        {
            replica.AwaitCommit(replica.LogEndOffset, long.MaxValue, new LoadedCommit(this));
            return;
        }

        _loadedShard = null;
        Activate(shard);
    }

    /// <summary>The end of waiting for what was replayed: committed, or to be waited for again once more are in sync.</summary>
    private void OnLoadedCommitted(ErrorCode error)
    {
        if (error == ErrorCode.None)
        {
            ActivateOnceCommitted();
        }
        else if (_loadedShard is not null)
        {
            _loadTimer.Arm(Lane.Clock.SteadyMs + RecheckMs);
        }
    }

    /// <summary>Replays the log piece by piece: only finding a piece is the lane's work, so it serves others meanwhile.</summary>
    private async Task LoadAsync(int leaderEpoch)
    {
        try
        {
            var shard = new GroupShard(_options);
            var records = new List<LogRecord>();
            var offset = -1L;
            while (await NextPieceAsync(shard, leaderEpoch, offset).ConfigureAwait(false) is { } piece)
            {
                using (piece.Slice)
                {
                    records.Clear();
                    offset = await ReadAsync(piece, records).ConfigureAwait(false);
                }

                Replay(shard, records);
            }
        }
        catch (Exception broken) when (
            broken is LogStorageException or CorruptRecordException or CompressionException or InvariantException)
        {
            LoadingFailed(Partition.Name, broken);
            await GiveUpLoadingAsync(leaderEpoch).ConfigureAwait(false);
        }
    }

    /// <summary>On the lane: the next piece; or null, once the shard has everything and serves, or leadership is gone.</summary>
    private ValueTask<PartitionRead?> NextPieceAsync(GroupShard shard, int leaderEpoch, long offset) =>
        Lane.RunAsync(new LaneCall<PartitionRead?>(this, _ =>
        {
            if (_leaderEpoch != leaderEpoch || Partition.Replica is not { } replica)
            {
                return null;
            }

            // Only this shard appends here, and it does not before it is loaded: the end stays where it is.
            var from = Math.Max(offset, replica.LogStartOffset);
            if (from >= replica.LogEndOffset)
            {
                _loadedShard = shard;
                ActivateOnceCommitted();
                return null;
            }

            var read = replica.Read(from, LogRecords.ChunkBytes, minOneBatch: true, leaderEpoch, ReadBound.LogEnd);
            Invariant.That(read.Slice is not null, "a shard's log can be read to its end");
            return read;
        }));

    private static async ValueTask<long> ReadAsync(PartitionRead piece, List<LogRecord> records)
    {
        var slice = piece.Slice!;
        var buffer = ArrayPool<byte>.Shared.Rent(slice.Length);
        try
        {
            var length = await slice.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false);
            return length == 0 ? slice.BaseOffset : LogRecords.Read(buffer.AsMemory(0, length), slice.BaseOffset, records);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Replay(GroupShard shard, List<LogRecord> records)
    {
        foreach (var record in records)
        {
            if (record.Key is not { } key)
            {
                RecordSkipped(Partition.Name, record.Offset, "it has no key");
            }
            else if (GroupRecordFormat.TryDecode(key, record.Value, out var decoded, out var skipped))
            {
                shard.Replay(decoded);
            }
            else
            {
                RecordSkipped(Partition.Name, record.Offset, skipped);
            }
        }
    }

    private async Task GiveUpLoadingAsync(int leaderEpoch)
    {
        await Lane.RunAsync(new LaneCall<bool>(this, _ =>
        {
            if (_leaderEpoch == leaderEpoch)
            {
                _unavailable = ErrorCode.CoordinatorNotAvailable;
            }

            return true;
        })).ConfigureAwait(false);
    }

    private sealed class LoadedCommit(GroupShardHost shard) : IAcknowledgement
    {
        public void Complete(ErrorCode error) => shard.OnLoadedCommitted(error);
    }

    [LoggerMessage(EventId = 1302, Level = LogLevel.Error, Message = "The groups of {Partition} could not be loaded and are not available")]
    private partial void LoadingFailed(string partition, Exception cause);

    [LoggerMessage(EventId = 1303, Level = LogLevel.Warning, Message = "Skipped record {Offset} of {Partition}: {Why}")]
    private partial void RecordSkipped(string partition, long offset, string why);
}
