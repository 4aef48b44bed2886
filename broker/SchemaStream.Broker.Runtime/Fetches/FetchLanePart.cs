using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Fetches;

/// <summary>The part of a fetch that one lane does: one post for all of the fetch's partitions that live there.</summary>
internal sealed class FetchLanePart(FetchOperation fetch) : LaneCommand
{
    private int _next;
    private int _budget;
    private bool _isFirst;

    /// <summary>Places of this lane's partitions in the query.</summary>
    public List<int> Indices { get; } = [];

    /// <summary>Null while the part is not in use.</summary>
    public Lane? Target { get; set; }

    /// <summary>The partition that is looked at, so that a fault is charged to the right one.</summary>
    protected internal override ILaneOwner? Owner => _next < Indices.Count ? fetch.PartitionAt(Indices[_next]) : null;

    public void Begin(int maxBytes) => (_next, _budget, _isFirst) = (0, maxBytes, true);

    public void Clear()
    {
        Indices.Clear();
        Target = null;
    }

    protected internal override void Execute(Lane lane)
    {
        for (; _next < Indices.Count; _next++)
        {
            var found = fetch.LookOnLane(Indices[_next], _budget, _isFirst, lane);
            _budget = Math.Max(0, _budget - found);
            _isFirst &= found == 0;
        }

        fetch.PartDone(onLane: true);
    }

    protected internal override void Fail(Exception cause)
    {
        if (cause is LaneClosedException)
        {
            for (; _next < Indices.Count; _next++)
            {
                fetch.GiveUp(Indices[_next], ErrorCode.NotLeaderOrFollower);
            }

            fetch.PartDone(onLane: true);
            return;
        }

        if (_next == Indices.Count)
        {
            // All were looked at: it is the fetch that broke, and nothing is left to be done for it here.
            return;
        }

        // One partition broke. It is not looked at again: one that can only not be read from would break for ever.
        fetch.BrokeOnLane(Indices[_next++]);
        Target!.Post(this);
    }
}
