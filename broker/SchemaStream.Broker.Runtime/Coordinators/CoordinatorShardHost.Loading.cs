using System.Buffers;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Compression;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Coordinators;

internal abstract partial class CoordinatorShardHost<TShard, TDecision, TTimerKey>
{
    private Task _loaded = Task.CompletedTask;

    public Task Loaded => Volatile.Read(ref _loaded);

    private void BeginLoading(int leaderEpoch) =>
        Volatile.Write(ref _loaded, Lane.RunBesideAsync(this, () => LoadAsync(leaderEpoch)));

    /// <summary>
    /// On the lane, with all of the log replayed: what was there when this broker came to lead has to be committed before
    /// anyone is told of it, or a next leader could tell another story.
    /// </summary>
    private void ActivateOnceCommitted(TShard shard) => OnceCommitted(() => Activate(shard));

    /// <summary>Replays the log piece by piece: only finding a piece is the lane's work, so it serves others meanwhile.</summary>
    private async Task LoadAsync(int leaderEpoch)
    {
        try
        {
            var shard = CreateShard();
            var records = new List<LogRecord>();
            var offset = -1L;
            while (await NextPieceAsync(shard, leaderEpoch, offset).ConfigureAwait(false) is { } piece)
            {
                using (piece.Slice)
                {
                    records.Clear();
                    offset = await ReadAsync(piece, records).ConfigureAwait(false);
                }

                foreach (var record in records)
                {
                    if (record.Ends is { } commit)
                    {
                        EndTransaction(shard, record.ProducerId, commit);
                    }
                    else if (Replay(shard, record) is { } skipped)
                    {
                        Logger.RecordSkipped(Partition.Name, record.Offset, skipped);
                    }
                }
            }
        }
        catch (Exception broken) when (
            broken is LogStorageException or CorruptRecordException or CompressionException or InvariantException)
        {
            Logger.LoadingFailed(Name, broken);
            await GiveUpLoadingAsync(leaderEpoch).ConfigureAwait(false);
        }
    }

    /// <summary>On the lane: the next piece; or null, once the shard has everything and serves, or leadership is gone.</summary>
    private ValueTask<PartitionRead?> NextPieceAsync(TShard shard, int leaderEpoch, long offset) =>
        Lane.RunAsync(new LaneCall<PartitionRead?>(this, _ =>
        {
            if (LeaderEpoch != leaderEpoch || Partition.Replica is not { } replica)
            {
                return null;
            }

            // Only this shard appends here, and it does not before it is loaded: the end stays where it is.
            var from = Math.Max(offset, replica.LogStartOffset);
            if (from >= replica.LogEndOffset)
            {
                ActivateOnceCommitted(shard);
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

    private async Task GiveUpLoadingAsync(int leaderEpoch)
    {
        await Lane.RunAsync(new LaneCall<bool>(this, _ =>
        {
            if (LeaderEpoch == leaderEpoch)
            {
                _unavailable = ErrorCode.CoordinatorNotAvailable;
            }

            return true;
        })).ConfigureAwait(false);
    }
}
