using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation.Quorum;

/// <summary>What must hold of a quorum after every step, whatever happened.</summary>
internal sealed class QuorumInvariants
{
    private readonly Dictionary<int, NodeId> _leaders = [];
    private readonly Dictionary<NodeId, long> _highWatermarks = [];
    private readonly Dictionary<NodeId, long> _checked = [];
    private readonly Dictionary<long, LogBatch> _committed = [];

    public int Acknowledged { get; private set; }

    public long CommittedEnd { get; private set; }

    /// <summary>A node that starts anew learns the high watermark again, from its snapshot on.</summary>
    public void Started(QuorumRaft machine)
    {
        _highWatermarks[machine.Id] = machine.HighWatermark;
        _checked[machine.Id] = 0; // all of its disk is looked at again
    }

    public void Installed(QuorumRaft machine) =>
        (machine.HighWatermark <= CommittedEnd).ShouldBeTrue("a snapshot holds committed records only");

    public void Check(QuorumRaft machine, QuorumDisk disk)
    {
        var id = machine.Id;
        if (machine.IsLeader)
        {
            _leaders.TryAdd(machine.LeaderEpoch, id);
            if (_leaders[machine.LeaderEpoch] != id)
            {
                throw new BrokenPromiseException($"two leaders in epoch {machine.LeaderEpoch}: nodes {_leaders[machine.LeaderEpoch]} and {id}");
            }
        }

        var highWatermark = machine.HighWatermark;
        if (highWatermark < _highWatermarks[id])
        {
            throw new BrokenPromiseException($"the high watermark of node {id} went back from {_highWatermarks[id]} to {highWatermark}");
        }

        _highWatermarks[id] = highWatermark;
        if (highWatermark <= _checked[id])
        {
            return;
        }

        foreach (var batch in disk.ReadFrom(_checked[id]).TakeWhile(batch => batch.EndOffset <= highWatermark))
        {
            Committed(id, batch);
        }

        _checked[id] = highWatermark;
    }

    public void Acknowledge(long offset, long value)
    {
        if (!_committed.TryGetValue(offset, out var batch) || BitConverter.ToInt64(batch.Payload.Span) != value)
        {
            throw new BrokenPromiseException($"what was acknowledged at {offset} is not what was committed");
        }

        Acknowledged++;
    }

    private void Committed(NodeId id, LogBatch batch)
    {
        if (_committed.TryAdd(batch.BaseOffset, batch))
        {
            CommittedEnd = Math.Max(CommittedEnd, batch.EndOffset);
            return;
        }

        var first = _committed[batch.BaseOffset];
        if (first.LeaderEpoch != batch.LeaderEpoch || first.EndOffset != batch.EndOffset || !first.Payload.Span.SequenceEqual(batch.Payload.Span))
        {
            throw new BrokenPromiseException(
                $"node {id} committed a batch of epoch {batch.LeaderEpoch} at {batch.BaseOffset}, where one of epoch {first.LeaderEpoch} was committed before");
        }
    }
}
