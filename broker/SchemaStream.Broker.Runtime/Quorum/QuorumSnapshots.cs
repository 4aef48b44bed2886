using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>
/// Snapshots of this node: when one is taken, how a leader's comes here, how others read ours. Files are written and read
/// away from the loop; what follows from it is done on the loop.
/// </summary>
internal sealed class QuorumSnapshots(
    QuorumLoop loop,
    QuorumStore store,
    QuorumRaft raft,
    QuorumReplay replay,
    IQuorumStateMachine machine,
    QuorumDownload download,
    QuorumOptions options,
    TimeProvider timeProvider,
    ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _taking = Task.CompletedTask;
    private Task _downloading = Task.CompletedTask;
    private CancellationTokenSource? _downloadStop;
    private long _lastTakenMs = loop.NowMs;

    /// <summary>Takes a snapshot if there is enough that it would stand for. On the loop.</summary>
    public void TakeIfDue()
    {
        var isDue = replay.BytesSinceSnapshot >= options.MaxBytesBetweenSnapshots
            || (replay.BytesSinceSnapshot > 0 && loop.NowMs - _lastTakenMs >= options.MaxSnapshotInterval.TotalMilliseconds);
        if (!isDue || !_taking.IsCompleted)
        {
            return;
        }

        var end = replay.Applied;
        var voters = raft.VotersAt(end.EndOffset);
        var records = machine.WriteSnapshot();
        var wallMs = timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        replay.BytesSinceSnapshot = 0;
        _lastTakenMs = loop.NowMs;
        _taking = Task.Run(() => Take(end, voters, records, wallMs));
    }

    /// <summary>Begins to fetch a leader's snapshot; one that is under way for another ends. On the loop.</summary>
    public void Download(NodeId leader, EpochEnd snapshot)
    {
        _downloadStop?.Cancel();
        _downloadStop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var (previous, leaderEpoch, token) = (_downloading, raft.LeaderEpoch, _downloadStop.Token);
        _downloading = Task.Run(() => DownloadAsync(previous, leader, leaderEpoch, snapshot, token));
    }

    /// <summary>A part of one of this node's snapshots. On the loop.</summary>
    public FetchQuorumSnapshotResponse Read(FetchQuorumSnapshotRequest request)
    {
        var name = QuorumSnapshotFile.NameOf(new EpochEnd(request.Epoch, request.EndOffset));
        if (!QuorumSnapshotFile.TryParse(name, out _) || !store.Directory.Exists(name))
        {
            return new() { ErrorCode = ErrorCode.SnapshotNotFound };
        }

        using var file = store.Directory.Open(name);
        var size = file.Length;
        if (request.Position < 0 || request.Position >= size || request.MaxBytes <= 0)
        {
            return new() { ErrorCode = ErrorCode.PositionOutOfRange };
        }

        var bytes = new byte[Math.Min(Math.Min(request.MaxBytes, options.SnapshotChunkBytes), size - request.Position)];
        return file.Read(request.Position, bytes) == bytes.Length
            ? new() { SizeInBytes = size, Position = request.Position, Bytes = bytes }
            : new() { ErrorCode = ErrorCode.SnapshotNotFound };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_taking, _downloading).ConfigureAwait(false);
        _downloadStop?.Dispose();
        _stop.Dispose();
    }

    private void Take(EpochEnd end, VoterSet voters, IEnumerable<IReadOnlyList<IRecordMessage>> records, long wallMs)
    {
        try
        {
            QuorumSnapshotWriter.Write(store.Directory, end, voters, records, wallMs);
            loop.Post(() => Taken(end, voters));
        }
        catch (Exception cause)
        {
            // As with the log: a disk that does not take a snapshot is not one to go on with.
            loop.Fail(cause);
        }
    }

    private void Taken(EpochEnd end, VoterSet voters)
    {
        if (store.Snapshot is { } newer && newer.EndOffset >= end.EndOffset)
        {
            return; // a leader's came meanwhile, and this one goes with the next
        }

        raft.SnapshotTaken(end, store.Keep(end, voters));
        QuorumLog.SnapshotTaken(logger, end.EndOffset, end.LeaderEpoch, store.LogStartOffset);
    }

    private async Task DownloadAsync(Task previous, NodeId leader, int leaderEpoch, EpochEnd snapshot, CancellationToken cancellationToken)
    {
        await previous.ConfigureAwait(false);
        try
        {
            var voters = await download
                .RunAsync(leader, leaderEpoch, snapshot, () => loop.Post(() => raft.SnapshotProgressed(loop.NowMs)), cancellationToken)
                .ConfigureAwait(false);
            await loop.PostAsync(() => Install(snapshot, voters), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception failed) when (QuorumPeer.IsLoss(failed) || failed is CorruptRecordException)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                QuorumLog.DownloadFailed(logger, snapshot.EndOffset, leader.Value, failed.Message);
                await loop.PostAsync(() => raft.SnapshotFailed(loop.NowMs), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception cause)
        {
            loop.Fail(cause);
        }
    }

    private void Install(EpochEnd snapshot, VoterSet voters)
    {
        var part = QuorumDownload.PartOf(snapshot);
        if (!raft.Awaits(snapshot))
        {
            store.Directory.Delete(part);
            return;
        }

        // In this order a crash in between leaves a snapshot that the next start fits the log to.
        store.Directory.Rename(part, QuorumSnapshotFile.NameOf(snapshot));
        store.Directory.Sync();
        store.Install(snapshot, voters);
        replay.Forget();
        replay.Load(snapshot);
        raft.InstallSnapshot(snapshot, voters, loop.NowMs);
        _lastTakenMs = loop.NowMs;
        QuorumLog.SnapshotInstalled(logger, snapshot.EndOffset, snapshot.LeaderEpoch);
    }
}
