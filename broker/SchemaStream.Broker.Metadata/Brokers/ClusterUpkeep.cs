using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Partitions;

namespace SchemaStream.Broker.Metadata.Brokers;

/// <summary>
/// What the active controller does of its own accord. It remembers whose partitions earlier decisions had no room for; that
/// is soft state, found anew from the image by the next controller.
/// </summary>
internal sealed class ClusterUpkeep(ControllerOptions options)
{
    private readonly SortedSet<int> _owed = [];
    private long _lastTickMs;
    private long _nextBalanceMs;

    /// <summary>A controller begins to lead: anything may have been left undone by the former one.</summary>
    public void Restart(MetadataImage image, long nowMs)
    {
        _owed.Clear();
        _owed.UnionWith(image.Brokers.Keys);
        _owed.UnionWith(image.TopicsByBroker.Keys);
        _lastTickMs = nowMs;
        _nextBalanceMs = nowMs + BalanceIntervalMs;
    }

    /// <summary>There is more to do for the broker's partitions than the decision had room for.</summary>
    public void Remember(int brokerId) => _owed.Add(brokerId);

    /// <summary>Whether the broker's partitions are not settled yet.</summary>
    public bool Owes(int brokerId) => _owed.Contains(brokerId);

    public void Tick(ControllerDraft draft)
    {
        if (draft.NowMs - _lastTickMs > options.BrokerSessionTimeout.TotalMilliseconds / 2)
        {
            draft.Sessions.Extend(draft.NowMs);
        }

        _lastTickMs = draft.NowMs;
        FenceTheSilent(draft);
        if (draft.Records.Count == 0)
        {
            Settle(draft);
        }

        if (draft.Records.Count == 0 && options.AutoLeaderRebalance && draft.NowMs >= _nextBalanceMs && LeaderBalance.Balance(draft))
        {
            _nextBalanceMs = draft.NowMs + BalanceIntervalMs;
        }
    }

    private long BalanceIntervalMs => (long)options.LeaderImbalanceCheckInterval.TotalMilliseconds;

    /// <summary>One broker at a time, but none that is silent too inherits anything.</summary>
    private static void FenceTheSilent(ControllerDraft draft)
    {
        BrokerRegistration? first = null;
        foreach (var broker in draft.Image.Brokers.Values)
        {
            if (!broker.Fenced && !draft.Sessions.IsValid(broker.BrokerId, draft.NowMs))
            {
                first ??= broker;
                draft.Leave(broker.BrokerId);
            }
        }

        if (first is not null)
        {
            BrokerLife.Fence(draft, first);
        }
    }

    private void Settle(ControllerDraft draft)
    {
        while (_owed.Count > 0 && draft.HasRoom)
        {
            var brokerId = _owed.Min;
            var isAll = draft.IsEligible(brokerId)
                ? PartitionUpkeep.LeadAgain(draft, brokerId)
                : PartitionUpkeep.MoveAway(draft, brokerId);
            if (!isAll)
            {
                return;
            }

            _owed.Remove(brokerId);
        }
    }
}
