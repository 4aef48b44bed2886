using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;

namespace SchemaStream.Simulation.Quorum;

/// <summary>
/// A quorum in one seed: the production machine on simulated disks, over a network that loses, repeats, delays, reorders
/// and parts. Everything is decided by the seed, so a failure replays.
/// </summary>
internal sealed class SimulatedQuorum
{
    private static readonly RaftOptions Options = new(ElectionTimeoutMs: 300, FetchTimeoutMs: 600, FetchMaxWaitMs: 100, RetryMs: 100);

    private readonly Random _random;
    private readonly List<SimulatedNode> _nodes;
    private readonly PriorityQueue<Action, (long AtMs, long Order)> _events = new();
    private readonly HashSet<(NodeId, NodeId)> _cut = [];
    private readonly QuorumInvariants _invariants = new();
    private long _order;
    private long _nextValue;
    private bool _isCalm;

    public SimulatedQuorum(int seed, int voters, int observers)
    {
        _random = new Random(seed);
        var initial = new VoterSet(Enumerable.Range(1, voters).Select(id => new NodeId(id)));
        _nodes = [.. Enumerable.Range(1, voters + observers).Select(id => new SimulatedNode(new NodeId(id), initial))];
        foreach (var node in _nodes)
        {
            Start(node);
            At(10, () => Tick(node));
        }
    }

    public long NowMs { get; private set; }

    public int Acknowledged => _invariants.Acknowledged;

    public long Committed => _invariants.CommittedEnd;

    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    /// <summary>Lets faults happen for a while, then heals everything and lets the quorum come to rest.</summary>
    public void Run(long stormMs, long calmMs)
    {
        At(20, Disturb);
        At(15, Propose);
        RunUntil(stormMs);
        _isCalm = true;
        _cut.Clear();
        foreach (var node in _nodes.Where(node => !node.IsUp))
        {
            Start(node);
        }

        RunUntil(stormMs + calmMs);
    }

    private void RunUntil(long endMs)
    {
        while (_events.TryPeek(out _, out var when) && when.AtMs <= endMs)
        {
            var action = _events.Dequeue();
            NowMs = when.AtMs;
            action();
        }

        NowMs = endMs;
    }

    private void At(long delayMs, Action action) => _events.Enqueue(action, (NowMs + delayMs, _order++));

    private void Start(SimulatedNode node)
    {
        node.Start(Options, new Random(_random.Next()), NowMs);
        _invariants.Started(node);
        CarryOut(node);
    }

    private void Tick(SimulatedNode node)
    {
        node.Machine?.Tick(NowMs);
        CarryOut(node);

        // A clock that stutters: most ticks are ten milliseconds apart, some a whole fetch time-out.
        At(_isCalm || !Chance(0.002) ? 10 : Options.FetchTimeoutMs, () => Tick(node));
    }

    private void Deliver(RaftMessage message)
    {
        var node = Node(message.To);
        if (node.IsUp && !_cut.Contains((message.From, message.To)))
        {
            node.Machine!.Step(message, NowMs);
            CarryOut(node);
        }
    }

    /// <summary>The driver's promise: persist, then send, then complete; it may be cut short before or between.</summary>
    private void CarryOut(SimulatedNode node)
    {
        if (node.Machine is not { } machine)
        {
            return;
        }

        var ready = machine.TakeReady();
        if (!_isCalm && Chance(0.0005))
        {
            Crash(node);
            return;
        }

        node.Persist(ready);
        if (!_isCalm && Chance(0.0005))
        {
            Crash(node);
            return;
        }

        foreach (var message in ready.Messages)
        {
            Send(node.Fill(message, maxBatches: 1 + _random.Next(4)));
        }

        if (ready.Download is { } download)
        {
            At(_random.Next(1, 100), () => Download(node, download.Leader));
        }

        _invariants.Check(node, ready);
        foreach (var (endOffset, leaderEpoch, value) in node.Waiting.ToArray())
        {
            if (machine.LeaderEpoch != leaderEpoch)
            {
                node.Waiting.Remove((endOffset, leaderEpoch, value)); // its outcome is unknown to the client
            }
            else if (endOffset <= ready.HighWatermark)
            {
                node.Waiting.Remove((endOffset, leaderEpoch, value));
                _invariants.Acknowledge(endOffset - 1, value);
            }
        }
    }

    private void Send(RaftMessage message)
    {
        if (!_isCalm && Chance(0.03))
        {
            return;
        }

        At(Delay(), () => Deliver(message));
        if (!_isCalm && Chance(0.03))
        {
            At(Delay() + _random.Next(500), () => Deliver(message));
        }
    }

    private int Delay() => !_isCalm && Chance(0.02) ? _random.Next(1_000) : _random.Next(1, 8);

    /// <summary>A download carries what the leader has by then; if it is gone, the follower's time-out tries again.</summary>
    private void Download(SimulatedNode node, NodeId from)
    {
        var source = Node(from);
        if (!node.IsUp)
        {
            return;
        }

        if (source is { IsUp: true, Snapshot: { } snapshot } && !_cut.Contains((from, node.Id)))
        {
            node.Install(snapshot, source.SnapshotVoters, NowMs);
            _invariants.Installed(node);
            CarryOut(node);
        }
        else if (!_isCalm || source.IsUp)
        {
            At(50, () => Download(node, from));
        }
    }

    private void Propose()
    {
        foreach (var leader in _nodes.Where(node => node.Machine is { IsLeader: true }))
        {
            var value = _nextValue++;
            var end = leader.Machine!.Propose(BitConverter.GetBytes(value), 1, NowMs)!.Value;
            leader.Waiting.Add((end, leader.Machine.LeaderEpoch, value));
            CarryOut(leader);
        }

        At(_random.Next(1, 40), Propose);
    }

    private void Disturb()
    {
        if (_isCalm)
        {
            return;
        }

        var node = _nodes[_random.Next(_nodes.Count)];
        switch (_random.Next(8))
        {
            case 0 when node.IsUp:
                Crash(node);
                break;
            case 1 or 2 when !node.IsUp:
                Start(node);
                break;
            case 3:
                Isolate(node, bothWays: Chance(0.5));
                break;
            case 4:
                _cut.Clear();
                break;
            case 5 when node.IsUp:
                node.TakeSnapshot();
                break;
            case 6 when node.Machine is { IsLeader: true } leader:
                leader.TransferLeadership(_nodes[_random.Next(_nodes.Count)].Id, NowMs);
                CarryOut(node);
                break;
            case 7 when node.Machine is { IsLeader: true } leader:
                ChangeVoters(leader);
                CarryOut(node);
                break;
        }

        At(_random.Next(1, 250), Disturb);
    }

    private void ChangeVoters(QuorumRaft leader)
    {
        var other = _nodes[_random.Next(_nodes.Count)].Id;
        if (!leader.Voters.Contains(other))
        {
            leader.ChangeVoters(leader.Voters.With(other), NowMs);
        }
        else if (leader.Voters.Nodes.Count > 3)
        {
            leader.ChangeVoters(leader.Voters.Without(other), NowMs);
        }
    }

    private void Isolate(SimulatedNode node, bool bothWays)
    {
        foreach (var other in _nodes.Where(other => other != node))
        {
            _cut.Add((node.Id, other.Id));
            if (bothWays)
            {
                _cut.Add((other.Id, node.Id));
            }
        }
    }

    private void Crash(SimulatedNode node)
    {
        node.Crash();
        if (_isCalm)
        {
            Start(node);
        }
    }

    private SimulatedNode Node(NodeId id) => _nodes[id.Value - 1];

    private bool Chance(double probability) => _random.NextDouble() < probability;
}
