using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Fetching;

/// <content>Leaders, offsets, validation: what is asked besides records, and errors.</content>
internal sealed partial class FetchState
{
    private const int MostDoublings = 3;

    private readonly Dictionary<int, PartitionLeader> _leaders = [];
    private long _layoutAtMs = long.MinValue / 2;
    private bool _isLayoutAsked;
    private int _layoutsInVain;
    private ErrorCode _layoutError;

    /// <summary>Whether leaders are to be asked for before their time.</summary>
    public bool NeedsLayout { get; set; } = true;

    /// <summary>Whether the brokers' fetch has no way to say where logs part, so that they are asked (KIP-320).</summary>
    public bool AsksForEpochs { get; set; }

    /// <summary>How many partitions the topic has, as far as is known.</summary>
    public int PartitionCount => _leaders.Count;

    /// <summary>What the brokers said of the topic last.</summary>
    public ErrorCode LayoutError => _layoutError;

    /// <summary>Whether the leaders are to be asked for now, by the caller.</summary>
    public bool TakeLayoutChore(long nowMs)
    {
        if (_isLayoutAsked || nowMs < NextLayoutMs)
        {
            return false;
        }

        _isLayoutAsked = true;
        return true;
    }

    /// <summary>The partitions that need something, of those whose leader is known; the caller asks for it.</summary>
    /// <param name="stage">What they need.</param>
    /// <param name="nowMs">The time.</param>
    public List<PartitionCursor> TakeChores(PartitionCursor.Stage stage, long nowMs)
    {
        List<PartitionCursor>? chores = null;
        foreach (var cursor in _order)
        {
            if (cursor.At == stage && !cursor.IsAsked && cursor.RetryAtMs <= nowMs
                && (stage == PartitionCursor.Stage.Committed || cursor.LeaderId != PartitionCursor.None))
            {
                cursor.IsAsked = true;
                (chores ??= []).Add(cursor);
            }
        }

        return chores ?? [];
    }

    /// <summary>When there is something to do next, without news; far away when there is nothing.</summary>
    public long NextDeadlineMs(long nowMs)
    {
        var next = _isLayoutAsked ? long.MaxValue : NextLayoutMs;
        foreach (var cursor in _order)
        {
            if (!cursor.IsAsked && cursor.RetryAtMs > nowMs)
            {
                next = Math.Min(next, cursor.RetryAtMs);
            }
        }

        return next;
    }

    /// <summary>The brokers have said what they know of the topic.</summary>
    public void OnLayout(TopicLayout layout, long nowMs)
    {
        _isLayoutAsked = false;
        _layoutAtMs = nowMs;
        NeedsLayout = layout.Error != ErrorCode.None || layout.Leaders.Any(static leader => leader.NodeId < 0);
        _layoutsInVain = NeedsLayout ? _layoutsInVain + 1 : 0;
        if (layout.Error != ErrorCode.None)
        {
            if (_layoutError != layout.Error)
            {
                OnError(layout.Error);
            }

            _layoutError = layout.Error;
            return;
        }

        _layoutError = ErrorCode.None;
        if (_topicId != layout.TopicId)
        {
            // Made anew under the same name: its epochs begin anew too.
            _leaders.Clear();
            _topicId = layout.TopicId;
        }

        foreach (var leader in layout.Leaders)
        {
            Learn(leader);
        }
    }

    /// <summary>No broker could be asked.</summary>
    public void OnLayoutFailed(long nowMs)
    {
        _isLayoutAsked = false;
        _layoutAtMs = nowMs;
        _layoutsInVain++;
        NeedsLayout = true;
    }

    /// <summary>The group has said how far it is.</summary>
    /// <param name="cursor">The partition.</param>
    /// <param name="version">Its version when the group was asked.</param>
    /// <param name="offset">The offset; negative for none.</param>
    public void OnCommitted(PartitionCursor cursor, int version, long offset)
    {
        if (cursor.Version != version)
        {
            return;
        }

        cursor.IsAsked = false;
        if (offset >= 0)
        {
            BeginAt(cursor, cursor.Generation, offset);
        }
        else
        {
            Reset(cursor, "the group has committed none");
        }
    }

    /// <summary>A broker has said where a partition begins or ends.</summary>
    public void OnPosition(PartitionCursor cursor, int version, ErrorCode error, long offset, int epoch, long nowMs)
    {
        if (cursor.Version != version)
        {
            return;
        }

        if (error != ErrorCode.None || offset < 0)
        {
            OnAskedInVain(cursor, version, error, nowMs);
            return;
        }

        BeginAt(cursor, cursor.Generation, offset);
        cursor.OffsetEpoch = epoch;
    }

    /// <summary>A broker has said where the epoch of the last record ends in its log.</summary>
    public void OnValidated(PartitionCursor cursor, int version, ErrorCode error, int epoch, long endOffset, long nowMs)
    {
        if (cursor.Version != version)
        {
            return;
        }

        if (error != ErrorCode.None)
        {
            OnAskedInVain(cursor, version, error, nowMs);
            return;
        }

        cursor.IsAsked = false;
        cursor.At = PartitionCursor.Stage.Records;
        if (epoch < 0 || endOffset < 0 || endOffset < cursor.Offset)
        {
            OnDiverging(cursor, endOffset);
        }
    }

    /// <summary>What a partition needed could not be asked.</summary>
    public void OnAskedInVain(PartitionCursor cursor, int version, ErrorCode error, long nowMs)
    {
        if (cursor.Version == version)
        {
            HasNews = true;
            cursor.Delay(nowMs + (long)settings.RetryBackoff.TotalMilliseconds);
            NeedsLayout = true;
            if (error != ErrorCode.None)
            {
                OnError(error);
            }
        }
    }

    private long NextLayoutMs =>
        _layoutAtMs + (NeedsLayout
            ? (long)settings.NeededMetadataIntervalMs << Math.Min(_layoutsInVain, MostDoublings)
            : Math.Max(settings.NeededMetadataIntervalMs, (long)settings.MetadataInterval.TotalMilliseconds));

    /// <summary>A newer leader, or the first; one that is older than what is known comes from a broker that is behind.</summary>
    private void Learn(PartitionLeader leader)
    {
        if (_leaders.TryGetValue(leader.Partition, out var known) && leader.Epoch >= 0 && leader.Epoch < known.Epoch)
        {
            return;
        }

        _leaders[leader.Partition] = leader;
        if (_cursors.TryGetValue(leader.Partition, out var cursor))
        {
            Lead(cursor);
        }
    }

    private void Lead(PartitionCursor cursor)
    {
        if (!_leaders.TryGetValue(cursor.Index, out var leader))
        {
            NeedsLayout = true;
            return;
        }

        var isNew = leader.NodeId != cursor.LeaderId || leader.Epoch != cursor.LeaderEpoch;
        cursor.LeaderId = leader.NodeId < 0 ? PartitionCursor.None : leader.NodeId;
        cursor.LeaderEpoch = leader.Epoch;
        if (!isNew)
        {
            return;
        }

        HasNews = true;
        cursor.ReplicaId = PartitionCursor.None;
        if (!cursor.IsAsked)
        {
            cursor.RetryAtMs = 0;
        }

        if (AsksForEpochs && cursor.At == PartitionCursor.Stage.Records && cursor.OffsetEpoch >= 0 && leader.Epoch > cursor.OffsetEpoch)
        {
            cursor.At = PartitionCursor.Stage.Validation;
        }
    }

    private void OnError(FetchTurn turn, PartitionCursor cursor, FetchResponse.PartitionData answer, long nowMs)
    {
        var error = answer.ErrorCode;
        if (error == ErrorCode.OffsetOutOfRange)
        {
            OnOutOfRange(turn, cursor);
            return;
        }

        Delay(cursor, nowMs);
        switch (error)
        {
            case ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch:
                cursor.ReplicaId = PartitionCursor.None;
                if (answer.CurrentLeader is { LeaderId: >= 0, LeaderEpoch: >= 0 } leader && leader.LeaderEpoch > cursor.LeaderEpoch)
                {
                    // The broker knows the new one (KIP-951): it is asked at once, whatever others say.
                    cursor.RetryAtMs = 0;
                    Learn(new PartitionLeader(cursor.Index, leader.LeaderId, leader.LeaderEpoch));
                }

                NeedsLayout = true;
                break;
            case ErrorCode.UnknownLeaderEpoch or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId
                or ErrorCode.InconsistentTopicId or ErrorCode.LeaderNotAvailable or ErrorCode.ReplicaNotAvailable
                or ErrorCode.KafkaStorageError or ErrorCode.OffsetNotAvailable:
                cursor.ReplicaId = PartitionCursor.None;
                NeedsLayout = true;
                break;
            default:
                OnError(error);
                break;
        }
    }

    private void OnOutOfRange(FetchTurn turn, PartitionCursor cursor)
    {
        if (turn.NodeId != cursor.LeaderId)
        {
            // A follower may be behind or ahead: its leader says what is so.
            HasNews = true;
            cursor.ReplicaId = PartitionCursor.None;
            return;
        }

        if (settings.Reset is not null)
        {
            Told?.Invoke(ErrorCode.OffsetOutOfRange, $"{topic}[{cursor.Index}] has no offset {cursor.Offset} any more: resetting it");
        }

        Reset(cursor, $"offset {cursor.Offset} is out of range");
    }

    private void OnError(ErrorCode error)
    {
        if (error is ErrorCode.TopicAuthorizationFailed or ErrorCode.UnsupportedVersion)
        {
            Fail(error, error == ErrorCode.TopicAuthorizationFailed ? "Broker: Topic authorization failed" : "the brokers are too old");
        }
        else
        {
            Told?.Invoke(error, "fetching");
        }
    }
}
