using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Replication;

/// <summary>
/// What a follower asks its leader for. It comes back with the answer: one to another position, or to a leader of another
/// epoch, is of no use any more.
/// </summary>
/// <param name="LastFetchedEpoch">Leader epoch of the last record here; -1 when there is none.</param>
public readonly record struct FollowerPosition(
    long FetchOffset, int LastFetchedEpoch, long LogStartOffset, int LeaderEpoch);

/// <summary>What became of a leader's answer.</summary>
public enum FollowerOutcome
{
    /// <summary>It was taken.</summary>
    Taken = 0,

    /// <summary>This replica is elsewhere by now, or follows someone else: the answer is dropped, ask again.</summary>
    Stale = 1,

    /// <summary>No sound leader says this: nothing was changed, wait a little before asking again.</summary>
    Refused = 2,
}

/// <summary>What became of an append by a follower.</summary>
/// <param name="Error">With <see cref="FollowerOutcome.Refused"/>: what was wrong.</param>
/// <param name="AppendedBytes">What the log grew by; less than was given where only a part was fit.</param>
/// <param name="Fault">With an error of a batch: what is wrong with it.</param>
public readonly record struct FollowerAppend(
    FollowerOutcome Outcome, ErrorCode Error, int AppendedBytes, RecordBatchFault Fault = RecordBatchFault.None);

/// <summary>What a follower gave up of its log's end, or all of it, because its leader's is another.</summary>
/// <param name="FormerEndOffset">The log's end before.</param>
/// <param name="EndOffset">And after.</param>
/// <param name="FormerHighWatermark">
/// Where it is above <paramref name="EndOffset"/>, committed records are gone: only an unclean election may do that, and
/// an operator should read of it.
/// </param>
public readonly record struct FollowerTruncation(
    FollowerOutcome Outcome, long FormerEndOffset, long EndOffset, long FormerHighWatermark)
{
    public bool LostCommitted => FormerHighWatermark > EndOffset;
}
