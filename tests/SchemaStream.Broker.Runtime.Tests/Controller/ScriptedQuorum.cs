using System.Collections.Immutable;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Controller;

/// <summary>A quorum that does what a test says: its loop runs when it is told to, and what was proposed commits then.</summary>
internal sealed class ScriptedQuorum : IQuorum
{
    private readonly Queue<Action> _posted = new();
    private readonly Queue<(IReadOnlyList<IRecordMessage> Records, long LastOffset)> _proposed = new();
    private readonly TaskCompletionSource _fault = new();
    private IQuorumStateMachine _machine = null!;
    private long _endOffset;

    public QuorumView View { get; private set; } = new(1, null, 0, false, 0, ImmutableSortedDictionary<int, HostAndPort>.Empty);

    public Task Fault => _fault.Task;

    public long NowMs { get; set; } = 1_000_000;

    public int LargestBatch { get; set; } = int.MaxValue;

    public int ProposedCount => _proposed.Count;

    public bool HasStopped { get; set; }

    public void Begin(IQuorumStateMachine machine)
    {
        _machine = machine;
        _machine.LeadershipChanged(View);
    }

    public bool Post(Action work)
    {
        lock (_posted)
        {
            if (!HasStopped)
            {
                _posted.Enqueue(work);
            }

            return !HasStopped;
        }
    }

    public ValueTask<bool> PostAsync(Action work, CancellationToken cancellationToken) => new(Post(work));

    public long Propose(IReadOnlyList<IRecordMessage> records)
    {
        View.IsReady.ShouldBeTrue();
        if (records.Count > LargestBatch)
        {
            throw new ProtocolException("too large");
        }

        _endOffset += records.Count;
        _proposed.Enqueue((records, _endOffset - 1));
        return _endOffset - 1;
    }

    /// <summary>Runs what was posted; commits nothing.</summary>
    public void Run()
    {
        while (TryTake(out var work))
        {
            work();
        }
    }

    public void Lead(int leaderEpoch)
    {
        // The epoch's first record.
        _endOffset++;
        View = View with { LeaderId = 1, LeaderEpoch = leaderEpoch, IsReady = true };
        _machine.LeadershipChanged(View);
    }

    /// <summary>Another node leads, at this address.</summary>
    public void Follow(int leaderEpoch, HostAndPort leader)
    {
        View = View with { LeaderId = 2, LeaderEpoch = leaderEpoch, IsReady = false, Voters = View.Voters.SetItem(2, leader) };
        _machine.LeadershipChanged(View);
    }

    /// <summary>Another leads, who has none of what did not commit.</summary>
    public void Lose(int leaderEpoch)
    {
        _endOffset -= _proposed.Sum(batch => batch.Records.Count);
        _proposed.Clear();
        View = View with { LeaderId = 2, LeaderEpoch = leaderEpoch, IsReady = false };
        _machine.LeadershipChanged(View);
    }

    public void CommitOne()
    {
        var (records, lastOffset) = _proposed.Dequeue();
        _machine.Replay(records, lastOffset);
        _machine.Committed(lastOffset + 1);
    }

    public void CommitAll()
    {
        while (_proposed.Count > 0)
        {
            CommitOne();
        }
    }

    private bool TryTake(out Action work)
    {
        lock (_posted)
        {
            return _posted.TryDequeue(out work!);
        }
    }
}
