using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>
/// A partition that is fetched from one leader in one leader epoch: where its fetch goes on, and the command that takes an
/// answer to its lane. Only one of its fetches or answers is under way at a time, so that one object does for all.
/// </summary>
internal sealed class FollowedPartition : LaneCommand
{
    private readonly LeaderFetcher _fetcher;
    private readonly FetchRequest.FetchPartition _wanted;
    private FetchedFrame? _frame;
    private ReadOnlyMemory<byte> _records;
    private ErrorCode _error;
    private ErrorCode _takenError;
    private EpochEndOffset? _diverging;
    private long _highWatermark = -1;
    private long _leaderHighWatermark = -1;
    private long _leaderLogStartOffset = -1;

    public FollowedPartition(LeaderFetcher fetcher, in Following following, int maxBytes)
    {
        _fetcher = fetcher;
        Hosted = following.Partition;
        LeaderEpoch = following.LeaderEpoch;
        Position = following.Position;
        _wanted = new FetchRequest.FetchPartition { Partition = Hosted.Id.Partition, PartitionMaxBytes = maxBytes };
    }

    public enum Stage
    {
        /// <summary>The next fetch asks for it.</summary>
        Ready,

        /// <summary>A fetch that asks for it is under way; or, within a session, the next poll asks for it as the last one did.</summary>
        Fetched,

        /// <summary>Its lane has the answer.</summary>
        Appending,

        /// <summary>Left alone until <see cref="DelayedUntilMs"/>.</summary>
        Delayed,

        /// <summary>Not followed in this epoch any more.</summary>
        Gone,
    }

    public HostedPartition Hosted { get; }

    public int LeaderEpoch { get; }

    /// <summary>Under the fetcher's gate, as all below.</summary>
    public Stage At { get; set; }

    /// <summary>The request that asks, or asked last, for it.</summary>
    public FetchTurn? Turn { get; set; }

    /// <summary>Whether the leader's session has it, as it was asked for last.</summary>
    public bool IsInSession { get; set; }

    /// <summary>Whether it is among those that the next poll has something to say of.</summary>
    public bool IsTouched { get; set; }

    /// <summary>In the fetcher's order.</summary>
    public int Place { get; set; }

    public FollowerPosition Position { get; set; }

    public long DelayedUntilMs { get; set; }

    /// <summary>The delay of the next error that a newer image may mend; it doubles with each.</summary>
    public long RetryMs { get; set; } = LeaderFetcher.FirstRetryMs;

    /// <summary>Whether the leader had nothing committed that is not here, when it last answered.</summary>
    public bool IsCaughtUp => Position.FetchOffset >= _leaderHighWatermark && _leaderHighWatermark >= 0;

    public bool IsThrottled => (Hosted.Throttled & ThrottledSides.Follower) != 0;

    protected internal override ILaneOwner? Owner => Hosted;

    public FetchRequest.FetchPartition Wanted()
    {
        _wanted.FetchOffset = Position.FetchOffset;
        _wanted.LastFetchedEpoch = Position.LastFetchedEpoch;
        _wanted.LogStartOffset = Position.LogStartOffset;
        _wanted.CurrentLeaderEpoch = LeaderEpoch;
        _wanted.HighWatermark = Hosted.ServesConsumersAsFollower ? _highWatermark : long.MaxValue;
        return _wanted;
    }

    /// <summary>Whether the answer has something that the replica does not know yet.</summary>
    public bool IsNews(FetchResponse.PartitionData answer) =>
        answer.ErrorCode != ErrorCode.None
        || answer.DivergingEpoch is { EndOffset: >= 0 }
        || answer.Records is { Length: > 0 }
        || answer.HighWatermark != _leaderHighWatermark
        || answer.LogStartOffset != _leaderLogStartOffset;

    /// <summary>Takes the answer; it is to be posted next.</summary>
    public void Take(FetchResponse.PartitionData answer, FetchedFrame frame)
    {
        frame.Hold();
        _frame = frame;
        _error = answer.ErrorCode;
        _records = answer.Records ?? default;
        _diverging = answer.DivergingEpoch is { EndOffset: >= 0 } end ? new EpochEndOffset(end.Epoch, end.EndOffset) : null;
        _leaderHighWatermark = answer.HighWatermark;
        _leaderLogStartOffset = answer.LogStartOffset;
    }

    protected internal override void Execute(Lane lane)
    {
        _takenError = _frame is not null && Hosted.Replica is { } replica ? Apply(replica, lane) : ErrorCode.None;
        Release();
        if (!Hosted.HoldBack(this))
        {
            GoOn();
        }
    }

    /// <summary>On the lane: nothing keeps it from asking the leader on, unless there is nothing here to ask for.</summary>
    public void GoOn()
    {
        if (Hosted.Replica is not { } replica)
        {
            End(ErrorCode.NotLeaderOrFollower, Position, isGone: true);
        }
        else if (!Hosted.TryBringOnline())
        {
            // Asking on would say that all is here, and well: what was written last may not be on the disk, or nothing more
            // can be written, and the leader would take it into the ISR and wait for it in vain.
            End(ErrorCode.KafkaStorageError, Position, isGone: Hosted.Log is not { NeedsReopening: false });
        }
        else
        {
            End(_takenError, replica.FollowerPosition, isGone: false);
        }
    }

    private ErrorCode Apply(Partition replica, Lane lane)
    {
        var asked = Position;
        var (outcome, error) = _error == ErrorCode.OffsetOutOfRange
            ? Report(replica.RestartAt(asked, _leaderLogStartOffset))
            : _diverging is { } leaders
                ? Report(replica.TruncateForDivergence(asked, leaders))
                : Append(replica, asked, lane);

        // A stale answer is one to a question of before: the question of now is asked.
        return outcome == FollowerOutcome.Refused ? error : ErrorCode.None;
    }

    /// <summary>The partition is offline, or its log cannot be written to: that may pass.</summary>
    protected internal override void Fail(Exception cause)
    {
        Release();
        _takenError = ErrorCode.KafkaStorageError;
        if (cause is LaneClosedException)
        {
            End(ErrorCode.KafkaStorageError, Position, isGone: true);
        }
        else
        {
            GoOn();
        }
    }

    private (FollowerOutcome Outcome, ErrorCode Error) Append(Partition replica, in FollowerPosition asked, Lane lane)
    {
        var appended = replica.AppendAsFollower(
            asked, _records, _leaderHighWatermark, _leaderLogStartOffset, lane.Clock.WallMs);
        if (appended.AppendedBytes > 0)
        {
            Hosted.Counts?.Replicated(received: appended.AppendedBytes);
            Hosted.FlushAsConfigured();
        }

        return (appended.Outcome, appended.Error);
    }

    private (FollowerOutcome Outcome, ErrorCode Error) Report(in FollowerTruncation truncation)
    {
        if (truncation.Outcome == FollowerOutcome.Taken)
        {
            _fetcher.OnTruncated(Hosted, truncation);
        }

        return (truncation.Outcome, ErrorCode.UnknownServerError);
    }

    private void End(ErrorCode error, in FollowerPosition position, bool isGone)
    {
        if (error != ErrorCode.None)
        {
            // Whatever the next answer says is news.
            (_leaderHighWatermark, _leaderLogStartOffset) = (-1, -1);
        }

        _highWatermark = Hosted.Replica?.HighWatermark ?? -1;
        _fetcher.OnAppended(this, error, position, isGone);
    }

    private void Release()
    {
        var frame = _frame;
        (_frame, _records) = (null, default);
        frame?.Release();
    }
}
