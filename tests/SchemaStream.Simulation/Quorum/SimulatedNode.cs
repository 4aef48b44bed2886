using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;

namespace SchemaStream.Simulation.Quorum;

/// <summary>One node: its disk, which outlives it, and the machine that runs on it while it is up.</summary>
internal sealed class SimulatedNode(NodeId id, VoterSet initialVoters)
{
    public NodeId Id { get; } = id;

    public QuorumDisk Disk { get; } = new(initialVoters);

    public QuorumRaft? Machine { get; private set; }

    public bool IsUp => Machine is not null;

    /// <summary>Grows with each start: what was meant for an earlier life is not for this one.</summary>
    public int Life { get; private set; }

    /// <summary>How far its clock is ahead of the world's.</summary>
    public long ClockAheadMs { get; set; }

    /// <summary>Its disk is slow: until then it does nothing, and what reaches it waits.</summary>
    public long BusyUntilMs { get; set; }

    /// <summary>Proposals of this leader that wait for their offset to be committed in its epoch.</summary>
    public List<(long EndOffset, int LeaderEpoch, long Value)> Waiting { get; } = [];

    public void Start(RaftOptions options, Random random, long nowMs)
    {
        Life++;
        Machine = new QuorumRaft(
            Id, options, Disk.State, Disk.SnapshotVoters, Disk.Snapshot, Disk.Log, random, nowMs + ClockAheadMs);
    }

    /// <summary>Takes the power away: what was synced stays, of the rest what chance leaves.</summary>
    public void Crash(Random random)
    {
        Machine = null;
        Waiting.Clear();
        Disk.LosePower(random);
    }

    /// <summary>Snapshots everything committed and cuts the log's beginning off.</summary>
    public void TakeSnapshot()
    {
        var committed = Disk.Log.TakeWhile(batch => batch.EndOffset <= Machine!.HighWatermark).ToList();
        if (committed.Count == 0)
        {
            return;
        }

        var end = new EpochEnd(committed[^1].LeaderEpoch, committed[^1].EndOffset);
        var voters = committed.LastOrDefault(batch => batch.Voters is not null)?.Voters ?? Disk.SnapshotVoters;
        Disk.PutSnapshot(end, voters, null, replaceLog: false);
        Machine!.SnapshotTaken(end, end.EndOffset);
    }

    /// <summary>Replaces the log by another node's snapshot.</summary>
    public void Install(EpochEnd snapshot, VoterSet voters, long nowMs)
    {
        if (Machine!.Awaits(snapshot))
        {
            Disk.PutSnapshot(snapshot, voters, null, replaceLog: true);
        }

        Machine.InstallSnapshot(snapshot, voters, nowMs + ClockAheadMs);
    }

    public override string ToString() => Machine?.ToString() ?? $"node {Id} is down";
}
