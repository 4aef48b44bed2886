using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication;

/// <summary>What a leader does: append, hear of its followers, commit, and ask for another ISR.</summary>
public sealed partial class Partition
{
    /// <summary>
    /// Appends as the leader. Refused before anything is written when the caller wants all in-sync replicas to have it
    /// and there are fewer than min.insync.replicas.
    /// </summary>
    /// <param name="currentLeaderEpoch">The leader epoch the writer knows, or -1.</param>
    /// <param name="requireInSync">True for acks=all.</param>
    /// <param name="transactionVersion">Of the producer whose transaction ends, where the batch is a marker.</param>
    public AppendOutcome Append(
        ReadOnlyMemory<byte> batches,
        AppendOrigin origin,
        int currentLeaderEpoch,
        bool requireInSync,
        long nowMs,
        short transactionVersion = 0)
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

        var result = _log.AppendAsLeader(batches, LeaderEpoch, nowMs, origin, transactionVersion);
        if (!result.IsSuccess)
        {
            return AppendOutcome.Failed(result.Error, _log.LogStartOffset, result.Fault);
        }

        // A duplicate of an idempotent producer is answered like the original and appends nothing.
        if (!result.IsDuplicate)
        {
            NoteAppended(result.BaseOffset, batches.Length);
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
        else if (!HasEnoughInSync)
        {
            waiter.Complete(ErrorCode.NotEnoughReplicasAfterAppend);
        }
        else
        {
            PendingAcks.Add(nextOffset, deadlineMs, waiter);
        }
    }

    /// <summary>
    /// Finds what a follower can have, and takes note of how far it is, which may commit more. One whose log is not a
    /// beginning of this one is told where they part, or that its offset is out of range, and counts for nothing.
    /// </summary>
    /// <param name="minOneBatch">A first batch larger than <paramref name="maxBytes"/> is given whole.</param>
    public PartitionRead ReadForFollower(in FollowerFetch fetch, int maxBytes, bool minOneBatch, long nowMs)
    {
        _nowMs = Math.Max(_nowMs, nowMs);
        var error = CheckLeader(fetch.CurrentLeaderEpoch);
        if (error != ErrorCode.None)
        {
            return PartitionRead.Failed(error);
        }

        if (_replicas.Find(fetch.ReplicaId) is not { } follower)
        {
            // Its metadata, or this broker's, is behind: it asks again.
            return PartitionRead.Failed(ErrorCode.UnknownLeaderEpoch);
        }

        if (fetch.BrokerEpoch >= 0 && fetch.BrokerEpoch < follower.BrokerEpoch)
        {
            // Of a life that is over: the broker was registered anew since.
            return PartitionRead.Failed(ErrorCode.NotLeaderOrFollower);
        }

        if (DivergingEpoch(fetch.FetchOffset, fetch.LastFetchedEpoch) is { } diverging)
        {
            return Found(ErrorCode.None, null) with { DivergingEpoch = diverging };
        }

        error = Find(fetch.FetchOffset, maxBytes, _log.LogEndOffset, minOneBatch, out var slice);
        if (error != ErrorCode.None)
        {
            return Found(error, null);
        }

        follower.OnFetch(fetch.FetchOffset, fetch.LogStartOffset, fetch.BrokerEpoch, _log.LogEndOffset, _nowMs);
        AdvanceHighWatermark();
        return Found(ErrorCode.None, slice) with
        {
            IsrMayGrow = _replicas.IsAboutToJoin(
                follower, _log.LogEndOffset, JoinOffset, _nowMs, ReplicaLagTimeMaxMs),
        };
    }

    /// <summary>
    /// Looks at who is in sync: called now and then, at most a few times within replica.lag.time.max.ms, and when a read said
    /// that the ISR may grow. What is returned goes to the controller; its answer, or that there was none, comes to
    /// <see cref="IsrAnswered"/>. One is under way at a time.
    /// </summary>
    public IsrProposal? ProposeIsr(long nowMs, IIsrEligibility eligibility)
    {
        _nowMs = Math.Max(_nowMs, nowMs);
        if (!IsLeader)
        {
            return null;
        }

        var proposal = _replicas.Propose(
            new ProposalContext(LeaderEpoch, PartitionEpoch, LocalBrokerEpoch, _nowMs, ReplicaLagTimeMaxMs),
            _log.LogEndOffset,
            JoinOffset,
            eligibility);

        // Whoever the watermark waited for may have given up joining.
        AdvanceHighWatermark();
        return proposal;
    }

    /// <summary>What the controller made of a proposal.</summary>
    /// <param name="error">REQUEST_TIMED_OUT or another error of the way there when it is not known.</param>
    /// <param name="accepted">Without an error: the partition as it is now.</param>
    /// <returns>False when it is too late: other news came, and the answer was not looked at.</returns>
    public bool IsrAnswered(IsrProposal proposal, ErrorCode error, LeaderAndIsr? accepted, long nowMs)
    {
        _nowMs = Math.Max(_nowMs, nowMs);
        if (!IsLeader || !_replicas.IsUnderWay(proposal))
        {
            return false;
        }

        if (error != ErrorCode.None || accepted is null)
        {
            return _replicas.Failed(proposal, error, nowMs);
        }

        if (accepted.PartitionEpoch <= PartitionEpoch || accepted.LeaderEpoch < LeaderEpoch)
        {
            // Granted, it would be newer: no answer to this question. The same is asked again.
            return _replicas.Failed(proposal, ErrorCode.UnknownServerError, nowMs);
        }

        Apply(accepted, nowMs);
        return true;
    }

    /// <summary>The log was flushed: what waited for that is committed.</summary>
    public void Flushed()
    {
        if (IsLeader)
        {
            AdvanceHighWatermark();
        }
    }

    /// <summary>What a follower needs to be let into the ISR: all that is committed, and all of this epoch's beginning.</summary>
    private long JoinOffset => Math.Max(HighWatermark, LeaderEpochStartOffset);

    /// <summary>Committed, but by fewer replicas than were promised: the ISR shrank after the append.</summary>
    private ErrorCode CommitError() => HasEnoughInSync ? ErrorCode.None : ErrorCode.NotEnoughReplicasAfterAppend;

    private void NoteAppended(long startOffset, int bytes)
    {
        _uncommitted.Add(startOffset, _log.LogEndOffset, bytes);
        _unstable.Add(startOffset, _log.LogEndOffset, bytes);
        _appendedBytes += bytes;
        PendingReplicaFetches.NotifyReadable(bytes);
    }

    private void AdvanceIfLeader()
    {
        if (IsLeader)
        {
            OnIsrChanged();
        }
    }

    private void OnIsrChanged()
    {
        // A smaller ISR may be all that the watermark waited for.
        AdvanceHighWatermark();
        if (!HasEnoughInSync)
        {
            // Nothing is committed until more are in sync; whoever waits is told now rather than at its deadline.
            PendingAcks.FailAll(ErrorCode.NotEnoughReplicasAfterAppend);
        }
    }

    /// <summary>
    /// What all of the ISR has is committed, if the ISR is large enough: with fewer than min.insync.replicas nothing is
    /// (KIP-966), or the last replicas standing could not be relied on to have it.
    /// </summary>
    private void AdvanceHighWatermark()
    {
        if (!HasEnoughInSync)
        {
            return;
        }

        var inSync = _replicas.CommittedEnd(_log.LogEndOffset, _nowMs, ReplicaLagTimeMaxMs);
        var isHeld = MaxUnflushedRecords < long.MaxValue
            && inSync > HighWatermark
            && inSync - _log.RecoveryPoint >= MaxUnflushedRecords;
        var committed = isHeld ? Math.Min(inSync, _log.RecoveryPoint) : inSync;
        if (committed > HighWatermark)
        {
            MoveHighWatermark(committed);
            PendingAcks.Advance(committed);
        }

        if (isHeld)
        {
            FlushWanted?.Invoke();
        }
    }
}
