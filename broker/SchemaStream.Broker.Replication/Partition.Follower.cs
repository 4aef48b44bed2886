using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Replication;

/// <summary>What a follower does with its leader's answers.</summary>
public sealed partial class Partition
{
    /// <summary>What to ask the leader for next.</summary>
    public FollowerPosition FollowerPosition =>
        new(_log.LogEndOffset, _log.LatestEpoch, _log.LogStartOffset, LeaderEpoch);

    /// <summary>
    /// Appends what the leader sent, as it is. Batches of a later leader than the one asked are left out, with all behind
    /// them: that leader has to be asked whether what is here is a beginning of its log.
    /// </summary>
    /// <param name="asked">The position that was asked for.</param>
    /// <param name="batches">Empty when there was nothing new but, maybe, the offsets.</param>
    /// <param name="nowMs">Wall clock, for the log.</param>
    public FollowerAppend AppendAsFollower(
        in FollowerPosition asked,
        ReadOnlyMemory<byte> batches,
        long leaderHighWatermark,
        long leaderLogStartOffset,
        long nowMs)
    {
        if (!IsStillAt(asked))
        {
            return new FollowerAppend(FollowerOutcome.Stale, ErrorCode.None, 0);
        }

        var appended = 0;
        if (!batches.IsEmpty)
        {
            var startOffset = _log.LogEndOffset;
            var result = _log.AppendAsFollower(batches, LeaderEpoch, nowMs);
            if (!result.IsSuccess)
            {
                return new FollowerAppend(FollowerOutcome.Refused, result.Error, 0, result.Fault);
            }

            appended = result.Bytes;
            if (appended > 0)
            {
                NoteAppended(startOffset, appended);
            }
        }

        // All that is committed there and is here too.
        var committed = Math.Min(leaderHighWatermark, _log.LogEndOffset);
        if (committed > HighWatermark)
        {
            MoveHighWatermark(committed);
        }

        _log.AdvanceLogStartOffset(Math.Min(leaderLogStartOffset, HighWatermark));
        return new FollowerAppend(FollowerOutcome.Taken, ErrorCode.None, appended);
    }

    /// <summary>
    /// The leader's log and this one part somewhere: goes back to the end of the newest epoch that both may have. Where
    /// this log does not have the epoch that the leader named, the next answer may say to go back further (KIP-279).
    /// </summary>
    /// <param name="leaders">The newest epoch of the leader's that is not newer than the one asked with, and its end there.</param>
    public FollowerTruncation TruncateForDivergence(in FollowerPosition asked, EpochEndOffset leaders)
    {
        if (!IsStillAt(asked))
        {
            return Truncation(FollowerOutcome.Stale, _log.LogEndOffset, HighWatermark);
        }

        var end = leaders.EndOffset;
        if (_log.EndOffsetForEpoch(leaders.LeaderEpoch) is { EndOffset: >= 0 } own)
        {
            end = Math.Min(end, own.EndOffset);
        }

        var cutsNothing = end >= _log.LogEndOffset && _log.LatestEpoch <= leaders.LeaderEpoch;
        if (leaders.LeaderEpoch < 0 || end < 0 || cutsNothing)
        {
            // It asks for nothing to be cut: following that would ask the same question for ever.
            return Truncation(FollowerOutcome.Refused, _log.LogEndOffset, HighWatermark);
        }

        return CutBack(PlantedBug.TruncateToHighWatermark ? Math.Min(HighWatermark, _log.LogEndOffset) : end);
    }

    /// <summary>
    /// The offset asked for is out of the leader's range. Either the leader begins behind all that is here, and so does
    /// this log from now on; or this log is empty and lies beyond the leader's, and begins where that does.
    /// </summary>
    public FollowerTruncation RestartAt(in FollowerPosition asked, long leaderLogStartOffset)
    {
        if (!IsStillAt(asked))
        {
            return Truncation(FollowerOutcome.Stale, _log.LogEndOffset, HighWatermark);
        }

        var isEmpty = _log.LogStartOffset == _log.LogEndOffset;
        if (leaderLogStartOffset < 0 || (leaderLogStartOffset <= _log.LogEndOffset && !isEmpty))
        {
            // A log with records has an epoch to be compared by: that, and not its offset, says what goes.
            return Truncation(FollowerOutcome.Refused, _log.LogEndOffset, HighWatermark);
        }

        var (end, highWatermark) = (_log.LogEndOffset, HighWatermark);
        _log.TruncateFullyAndStartAt(leaderLogStartOffset);
        OnTruncated();
        if (leaderLogStartOffset > highWatermark)
        {
            // What went was deleted on purpose, after it was committed.
            HighWatermark = leaderLogStartOffset;
        }

        return Truncation(FollowerOutcome.Taken, end, highWatermark);
    }

    // The offset alone does not tell: the log may have been cut and grown to it again. With the epoch of what is before it,
    // it does.
    private bool IsStillAt(in FollowerPosition asked) =>
        Role == PartitionRole.Follower
        && asked.LeaderEpoch == LeaderEpoch
        && asked.FetchOffset == _log.LogEndOffset
        && asked.LastFetchedEpoch == _log.LatestEpoch;

    private FollowerTruncation CutBack(long offset)
    {
        var (end, highWatermark) = (_log.LogEndOffset, HighWatermark);
        _log.TruncateTo(offset);
        OnTruncated();
        return Truncation(FollowerOutcome.Taken, end, highWatermark);
    }

    private void OnTruncated()
    {
        _uncommitted.TruncateTo(_log.LogEndOffset);
        _unstable.TruncateTo(_log.LogEndOffset);
        _log.CommittedTo(HighWatermark);
        if (HighWatermark > _log.LogEndOffset)
        {
            // Only a leader that was not in sync takes back what was committed. Readers must not wait for what is gone.
            HighWatermark = _log.LogEndOffset;
            InterruptReaders();
        }
    }

    private FollowerTruncation Truncation(FollowerOutcome outcome, long formerEndOffset, long formerHighWatermark) =>
        new(outcome, formerEndOffset, _log.LogEndOffset, formerHighWatermark);
}
