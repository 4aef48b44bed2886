using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication;

public sealed partial class Partition
{
    /// <summary>
    /// Appends as the leader. Refused before anything is written when the caller wants all in-sync replicas to have it
    /// and there are fewer than min.insync.replicas.
    /// </summary>
    /// <param name="currentLeaderEpoch">The leader epoch the writer knows, or -1.</param>
    /// <param name="requireInSync">True for acks=all.</param>
    public AppendOutcome Append(
        ReadOnlyMemory<byte> batches, AppendOrigin origin, int currentLeaderEpoch, bool requireInSync, long nowMs)
    {
        var error = CheckLeader(currentLeaderEpoch);
        if (error != ErrorCode.None)
        {
            return AppendOutcome.Failed(error);
        }

        if (requireInSync && !HasEnoughInSync)
        {
            return AppendOutcome.Failed(ErrorCode.NotEnoughReplicas);
        }

        var result = _log.AppendAsLeader(batches, LeaderEpoch, nowMs, origin);
        if (!result.IsSuccess)
        {
            return AppendOutcome.Failed(result.Error, _log.LogStartOffset, result.Fault);
        }

        // A duplicate of an idempotent producer is answered like the original and appends nothing.
        if (!result.IsDuplicate)
        {
            _uncommitted.Add(_log.LogEndOffset, batches.Length);
            _appendedBytes += batches.Length;
            PendingReplicaFetches.NotifyReadable(batches.Length);
            AdvanceHighWatermark();
        }

        return new AppendOutcome(
            ErrorCode.None, result.BaseOffset, result.LastOffset + 1, result.LogAppendTimeMs, result.LogStartOffset);
    }

    /// <summary>
    /// Has the waiter told when everything below <paramref name="nextOffset"/> is committed; at once when it already is.
    /// </summary>
    public void AwaitCommit(long nextOffset, long deadlineMs, IAcknowledgement waiter)
    {
        if (!IsLeader)
        {
            waiter.Complete(ErrorCode.NotLeaderOrFollower);
        }
        else if (nextOffset <= HighWatermark)
        {
            waiter.Complete(CommitError());
        }
        else
        {
            PendingAcks.Add(nextOffset, deadlineMs, waiter);
        }
    }

    /// <summary>Committed, but by fewer replicas than were promised: the ISR shrank after the append.</summary>
    private ErrorCode CommitError() => HasEnoughInSync ? ErrorCode.None : ErrorCode.NotEnoughReplicasAfterAppend;

    /// <summary>What all of the ISR has is committed.</summary>
    private void AdvanceHighWatermark()
    {
        var committed = _log.LogEndOffset;
        foreach (var id in _isr)
        {
            if (id == _localId || PlantedBug.AdvanceWithoutWholeIsr)
            {
                continue;
            }

            // One that is in the ISR and has not fetched in this epoch yet holds the watermark where it is.
            committed = _followers.TryGetValue(id, out var follower) ? Math.Min(committed, follower.LogEndOffset) : -1;
        }

        if (committed <= HighWatermark)
        {
            return;
        }

        Invariant.That(committed <= _log.LogEndOffset, "the high watermark is not beyond the log's end");
        HighWatermark = committed;
        PendingAcks.Advance(committed, CommitError());
        var bytes = _uncommitted.TakeBelow(committed);
        if (bytes > 0)
        {
            _committedBytes += bytes;
            PendingFetches.NotifyReadable(bytes);
        }
    }
}
