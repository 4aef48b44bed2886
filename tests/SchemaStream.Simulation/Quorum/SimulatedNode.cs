using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;

namespace SchemaStream.Simulation.Quorum;

/// <summary>One node: its disk, which outlives it, and the machine that runs on it while it is up.</summary>
internal sealed class SimulatedNode(NodeId id, VoterSet initialVoters)
{
    private readonly List<LogBatch> _log = [];
    private QuorumState _state = QuorumState.Initial;
    private EpochEnd? _snapshot;
    private VoterSet _snapshotVoters = initialVoters;

    public NodeId Id { get; } = id;

    public QuorumRaft? Machine { get; private set; }

    public bool IsUp => Machine is not null;

    /// <summary>What is on disk, oldest first.</summary>
    public IReadOnlyList<LogBatch> Log => _log;

    public EpochEnd? Snapshot => _snapshot;

    public VoterSet SnapshotVoters => _snapshotVoters;

    /// <summary>Proposals of this leader that wait for their offset to be committed in its epoch.</summary>
    public List<(long EndOffset, int LeaderEpoch, long Value)> Waiting { get; } = [];

    public void Start(RaftOptions options, Random random, long nowMs) =>
        Machine = new QuorumRaft(Id, options, _state, _snapshotVoters, _snapshot, _log, random, nowMs);

    /// <summary>Takes the power away: what was persisted stays.</summary>
    public void Crash()
    {
        Machine = null;
        Waiting.Clear();
    }

    public void Persist(Ready ready)
    {
        _state = ready.State ?? _state;
        foreach (var operation in ready.Log)
        {
            switch (operation)
            {
                case LogOperation.Append append:
                    _log.Add(append.Batch);
                    break;
                case LogOperation.Truncate truncate:
                    _log.RemoveAll(batch => batch.BaseOffset >= truncate.Offset);
                    break;
            }
        }
    }

    /// <summary>Fills a response from the log, a few batches at a time, as a driver would.</summary>
    public RaftMessage Fill(RaftMessage message, int maxBatches) => message is FetchResponse { Outcome: FetchOutcome.Records } response
        ? response with { Batches = [.. _log.Where(batch => batch.BaseOffset >= response.LogEnd.EndOffset).Take(maxBatches)] }
        : message;

    /// <summary>Snapshots everything committed and cuts the log's beginning off.</summary>
    public void TakeSnapshot()
    {
        var committed = _log.Where(batch => batch.EndOffset <= Machine!.HighWatermark).ToList();
        if (committed.Count == 0)
        {
            return;
        }

        _snapshotVoters = committed.LastOrDefault(batch => batch.Voters is not null)?.Voters ?? _snapshotVoters;
        _snapshot = new EpochEnd(committed[^1].LeaderEpoch, committed[^1].EndOffset);
        _log.RemoveRange(0, committed.Count);
        Machine!.SnapshotTaken(_snapshot.Value, _snapshot.Value.EndOffset);
    }

    /// <summary>Replaces the log by another node's snapshot.</summary>
    public void Install(EpochEnd snapshot, VoterSet voters, long nowMs)
    {
        if (snapshot.EndOffset > Machine!.HighWatermark)
        {
            _snapshot = snapshot;
            _snapshotVoters = voters;
            _log.Clear();
        }

        Machine.InstallSnapshot(snapshot, voters, nowMs);
    }
}
