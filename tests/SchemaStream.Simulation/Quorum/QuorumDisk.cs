using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;

namespace SchemaStream.Simulation.Quorum;

/// <summary>
/// What a node of the quorum keeps: its state, its log and its newest snapshot. Writing is one thing, syncing another:
/// without power, what was not synced is there as far as chance wants it, in the order it was written.
/// </summary>
internal sealed class QuorumDisk(VoterSet initialVoters) : IQuorumLog
{
    private readonly List<LogOperation> _unsynced = [];
    private List<LogBatch> _durable = [];
    private List<LogBatch> _log = [];

    /// <summary>Asked before anything is written, synced or sent; may throw, as the power goes.</summary>
    public Action<string> Peril { get; set; } = static _ => { };

    public QuorumState State { get; private set; } = QuorumState.Initial;

    public IReadOnlyList<LogBatch> Log => _log;

    public EpochEnd? Snapshot { get; private set; }

    /// <summary>The snapshot's content: what those who write and read it make of it.</summary>
    public object? SnapshotContent { get; private set; }

    public VoterSet SnapshotVoters { get; private set; } = initialVoters;

    /// <summary>How many batches a read gives at most; asked for each.</summary>
    public Func<int> MaxBatches { get; set; } = static () => 4;

    /// <summary>A small file that is written beside the old one, synced and renamed: it is the old one or the new.</summary>
    public void Persist(QuorumState state)
    {
        Peril("before the state is written");
        State = state;
    }

    public void Append(LogBatch batch)
    {
        _log.Add(batch);
        _unsynced.Add(new LogOperation.Append(batch));
    }

    public void Truncate(long offset)
    {
        Cut(_log, offset);
        _unsynced.Add(new LogOperation.Truncate(offset));
    }

    public void Flush()
    {
        Peril("before the log is synced");
        foreach (var operation in _unsynced)
        {
            Apply(_durable, operation);
        }

        _unsynced.Clear();
        Peril("after the log is synced");
    }

    public IReadOnlyList<LogBatch> Read(long offset) => [.. ReadFrom(offset).Take(MaxBatches())];

    public IEnumerable<LogBatch> ReadFrom(long offset)
    {
        // Batches are in the order of their offsets: from the end it is a short way to what a follower lacks.
        var from = _log.Count;
        while (from > 0 && _log[from - 1].BaseOffset >= offset)
        {
            from--;
        }

        return _log.Skip(from);
    }

    /// <summary>Takes the place of everything below its end, or of the whole log where that ends before or parts from it.</summary>
    public void PutSnapshot(EpochEnd snapshot, VoterSet voters, object? content, bool replaceLog)
    {
        Flush();
        (Snapshot, SnapshotVoters, SnapshotContent) = (snapshot, voters, content);
        if (replaceLog)
        {
            _log.Clear();
        }
        else
        {
            _log.RemoveAll(batch => batch.EndOffset <= snapshot.EndOffset);
        }

        _durable = [.. _log];
    }

    public void LosePower(Random random)
    {
        foreach (var operation in _unsynced.Take(random.Next(_unsynced.Count + 1)))
        {
            Apply(_durable, operation);
        }

        _unsynced.Clear();
        _log = [.. _durable];
    }

    private static void Apply(List<LogBatch> log, LogOperation operation)
    {
        switch (operation)
        {
            case LogOperation.Append append:
                log.Add(append.Batch);
                break;
            case LogOperation.Truncate truncate:
                Cut(log, truncate.Offset);
                break;
        }
    }

    private static void Cut(List<LogBatch> log, long offset)
    {
        while (log.Count > 0 && log[^1].BaseOffset >= offset)
        {
            log.RemoveAt(log.Count - 1);
        }
    }
}

/// <summary>The power goes in the middle of something: whoever was at work finds itself gone.</summary>
internal sealed class PowerLostException(string when) : Exception(when);
