using SchemaStream.Protocol;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Producing;

/// <content>The topic's partitions, and who leads them.</content>
internal sealed partial class ProduceState
{
    private const int MostDoublings = 3;

    private Guid _topicId;
    private int _layoutsInVain;
    private long _layoutAtMs = long.MinValue / 2;
    private long? _unknownSinceMs;
    private bool _isLayoutAsked;

    /// <summary>Whether leaders are to be asked for before their time.</summary>
    public bool NeedsLayout { get; set; } = true;

    /// <summary>The topic's id, which newer brokers know it by; empty when they have none.</summary>
    public Guid TopicId => _topicId;

    /// <summary>Whether the leaders are to be asked for now, by the caller.</summary>
    public bool TakeLayoutChore(long nowMs) => !_isLayoutAsked && nowMs >= NextLayoutMs && (_isLayoutAsked = true);

    /// <summary>No broker could be asked.</summary>
    public void OnLayoutFailed(long nowMs)
    {
        (_isLayoutAsked, _layoutAtMs, NeedsLayout) = (false, nowMs, true);
        _layoutsInVain++;
    }

    /// <summary>The brokers have said what they know of the topic.</summary>
    public void OnLayout(TopicLayout layout, long nowMs)
    {
        (_isLayoutAsked, _layoutAtMs) = (false, nowMs);
        NeedsLayout = layout.Error != ErrorCode.None || layout.Leaders.Any(static leader => leader.NodeId < 0);
        _layoutsInVain = NeedsLayout ? _layoutsInVain + 1 : 0;
        if (layout.Error != ErrorCode.None)
        {
            OnLayoutError(layout.Error, nowMs);
            return;
        }

        _unknownSinceMs = null;
        var isAnother = _topicId != Guid.Empty && _topicId != layout.TopicId;
        _topicId = layout.TopicId;
        if (isAnother)
        {
            DropBeyond(layout.Leaders.Count);
        }

        foreach (var leader in layout.Leaders.OrderBy(leader => leader.Partition))
        {
            while (_queues.Count <= leader.Partition)
            {
                _queues.Add(new PartitionQueue(_queues.Count, settings.MaxInFlight, settings.IsIdempotent));
            }

            Learn(_queues[leader.Partition], leader.NodeId, leader.Epoch, isAnother);
        }

        PlaceAll();
    }

    private long NextLayoutMs => _isLayoutAsked ? long.MaxValue
        : _layoutAtMs + (NeedsLayout ? (long)settings.NeededMetadataIntervalMs << Math.Min(_layoutsInVain, MostDoublings) : settings.MetadataIntervalMs);

    /// <summary>A newer leader, or the first; one that is older than what is known comes from a broker that is behind.</summary>
    private static void Learn(PartitionQueue queue, int leader, int epoch, bool isAnother)
    {
        if (!isAnother && epoch >= 0 && epoch < queue.LeaderEpoch)
        {
            return;
        }

        if (leader != queue.LeaderId || epoch > queue.LeaderEpoch)
        {
            queue.RetryAtMs = 0; // whatever went wrong did so elsewhere
        }

        (queue.LeaderId, queue.LeaderEpoch) = (leader, epoch);
    }

    private void OnLayoutError(ErrorCode error, long nowMs)
    {
        switch (error)
        {
            case ErrorCode.TopicAuthorizationFailed or ErrorCode.InvalidTopicException:
                FailAll(BatchFailure.Of(error, null));
                break;
            case ErrorCode.UnknownTopicOrPartition:
                // It may have been made a moment ago, and not every broker knows.
                _unknownSinceMs ??= nowMs;
                if (nowMs - _unknownSinceMs >= settings.LongestUnknownMs)
                {
                    FailAll(BatchFailure.UnknownTopic);
                }

                break;
        }
    }

    /// <summary>The topic was made anew, with fewer partitions.</summary>
    private void DropBeyond(int count)
    {
        while (_queues.Count > count)
        {
            var gone = _queues[^1];
            _queues.RemoveAt(_queues.Count - 1);
            FailAll(gone, BatchFailure.UnknownPartition);
        }

        _sticky = -1;
    }

    private void PlaceAll()
    {
        while (_queues.Count > 0 && _unplaced.TryDequeue(out var record))
        {
            if (IsPartition(record.Record.Partition))
            {
                Place(record.Record, record.Size, record.Delivery, record.TimestampMs, record.CameAtMs, out _);
            }
            else
            {
                Settle(record, BatchFailure.UnknownPartition);
            }
        }
    }

    /// <summary>Any partition that has a leader; any at all when none has.</summary>
    private int ChooseSticky()
    {
        var from = random(_queues.Count);
        for (var index = 0; index < _queues.Count; index++)
        {
            var partition = (from + index) % _queues.Count;
            if (_queues[partition].LeaderId >= 0)
            {
                return partition;
            }
        }

        return from;
    }
}
