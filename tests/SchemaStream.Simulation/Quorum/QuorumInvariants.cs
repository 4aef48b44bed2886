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
    private readonly Dictionary<long, long> _acknowledged = [];

    public int Acknowledged => _acknowledged.Count;

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

    /// <summary>A client was told; that what it was told is so, a look at the logs says now or later.</summary>
    public void Acknowledge(long offset, long value)
    {
        _acknowledged.Add(offset, value);
        if (_committed.TryGetValue(offset, out var batch))
        {
            MustBe(value, batch);
        }
    }

    /// <summary>After a calm everything that was acknowledged has been seen committed.</summary>
    public void CheckAcknowledged()
    {
        foreach (var (offset, _) in _acknowledged.Where(entry => !_committed.ContainsKey(entry.Key) && entry.Key < CommittedEnd))
        {
            throw new BrokenPromiseException($"what was acknowledged at {offset} was never committed there");
        }

        if (_acknowledged.Count > 0 && _acknowledged.Keys.Max() >= CommittedEnd)
        {
            throw new BrokenPromiseException($"{_acknowledged.Keys.Max()} was acknowledged, the log is committed up to {CommittedEnd}");
        }
    }

    private void Committed(NodeId id, LogBatch batch)
    {
        if (_committed.TryAdd(batch.BaseOffset, batch))
        {
            CommittedEnd = Math.Max(CommittedEnd, batch.EndOffset);
            if (_acknowledged.TryGetValue(batch.EndOffset - 1, out var value))
            {
                MustBe(value, batch);
            }

            return;
        }

        var first = _committed[batch.BaseOffset];
        if (first.LeaderEpoch != batch.LeaderEpoch || first.EndOffset != batch.EndOffset || !first.Payload.Span.SequenceEqual(batch.Payload.Span))
        {
            throw new BrokenPromiseException(
                $"node {id} committed a batch of epoch {batch.LeaderEpoch} at {batch.BaseOffset}, where one of epoch {first.LeaderEpoch} was committed before");
        }
    }

    private static void MustBe(long value, LogBatch batch)
    {
        if (batch.Payload.Length != sizeof(long) || BitConverter.ToInt64(batch.Payload.Span) != value)
        {
            throw new BrokenPromiseException($"what was acknowledged at {batch.EndOffset - 1} is not what was committed");
        }
    }
}
