using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;

namespace SchemaStream.Simulation.Quorum;

/// <summary>What must hold after every step, whatever happened.</summary>
internal sealed class QuorumInvariants
{
    private readonly Dictionary<int, NodeId> _leaders = [];
    private readonly Dictionary<NodeId, long> _highWatermarks = [];
    private readonly Dictionary<NodeId, long> _checked = [];
    private readonly Dictionary<long, LogBatch> _committed = [];
    private readonly Dictionary<long, long> _acknowledged = [];

    public int Acknowledged => _acknowledged.Count;

    public long CommittedEnd { get; private set; }

    /// <summary>A node that starts anew learns the high watermark again, from its snapshot on.</summary>
    public void Started(SimulatedNode node)
    {
        _highWatermarks[node.Id] = node.Machine!.HighWatermark;
        _checked[node.Id] = 0; // all of its disk is looked at again
    }

    public void Installed(SimulatedNode node) =>
        (node.Machine!.HighWatermark <= CommittedEnd).ShouldBeTrue("a snapshot holds committed records only");

    public void Check(SimulatedNode node, Ready ready)
    {
        if (ready.Leader == node.Id)
        {
            _leaders.TryAdd(ready.LeaderEpoch, node.Id);
            _leaders[ready.LeaderEpoch].ShouldBe(node.Id, $"two leaders in epoch {ready.LeaderEpoch}");
        }

        ready.HighWatermark.ShouldBeGreaterThanOrEqualTo(_highWatermarks[node.Id], $"the high watermark of node {node.Id} went back");
        _highWatermarks[node.Id] = ready.HighWatermark;
        var from = node.Log.Count;
        while (from > 0 && node.Log[from - 1].EndOffset > _checked[node.Id])
        {
            from--;
        }

        _checked[node.Id] = ready.HighWatermark;
        foreach (var batch in node.Log.Skip(from).TakeWhile(batch => batch.EndOffset <= ready.HighWatermark))
        {
            if (_committed.TryAdd(batch.BaseOffset, batch))
            {
                CommittedEnd = Math.Max(CommittedEnd, batch.EndOffset);
                continue;
            }

            var committed = _committed[batch.BaseOffset];
            (committed.LeaderEpoch, committed.EndOffset).ShouldBe((batch.LeaderEpoch, batch.EndOffset), $"node {node.Id} committed another batch at {batch.BaseOffset}");
            committed.Payload.Span.SequenceEqual(batch.Payload.Span).ShouldBeTrue($"node {node.Id} committed other records at {batch.BaseOffset}");
        }
    }

    public void Acknowledge(long offset, long value)
    {
        _acknowledged.Add(offset, value);
        BitConverter.ToInt64(_committed[offset].Payload.Span).ShouldBe(value, $"what was acknowledged at {offset} is not what was committed");
    }
}
