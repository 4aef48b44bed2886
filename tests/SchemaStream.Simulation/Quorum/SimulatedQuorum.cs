using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;
using SchemaStream.Simulation.Schedules;

namespace SchemaStream.Simulation.Quorum;

/// <summary>
/// A quorum in one seed: the production machine on simulated disks, over a network that loses, repeats, delays, reorders
/// and parts.
/// </summary>
internal sealed class SimulatedQuorum
{
    public static readonly RaftOptions Options = new(ElectionTimeoutMs: 300, FetchTimeoutMs: 600, FetchMaxWaitMs: 100, RetryMs: 100);

    private readonly Schedule _schedule;
    private readonly List<SimulatedNode> _nodes;
    private readonly QuorumInvariants _invariants = new();
    private readonly double _peril;
    private long _nextValue;

    /// <param name="schedule">The seed.</param>
    /// <param name="voters">Nodes 1 and up.</param>
    /// <param name="observers">The nodes behind them.</param>
    /// <param name="weather">The network's.</param>
    /// <param name="peril">How likely the power goes at any single write, sync or send.</param>
    public SimulatedQuorum(Schedule schedule, int voters, int observers, Weather weather, double peril)
    {
        _schedule = schedule;
        _peril = peril;
        Network = new SimulatedNetwork(schedule, weather);
        var initial = new VoterSet(Enumerable.Range(1, voters).Select(id => new NodeId(id)));
        _nodes = [.. Enumerable.Range(1, voters + observers).Select(id => new SimulatedNode(new NodeId(id), initial))];
        foreach (var node in _nodes)
        {
            node.Disk.Peril = when => Endanger(node, when);
            node.Disk.MaxBatches = () => schedule.Between(1, MaxBatches);
            Start(node);
            schedule.At(10, () => Tick(node));
        }
    }

    public SimulatedNetwork Network { get; }

    public IReadOnlyList<SimulatedNode> Nodes => _nodes;

    public int Acknowledged => _invariants.Acknowledged;

    /// <summary>How many batches a leader's answer carries, drawn for each.</summary>
    public int MaxBatches { get; init; } = 4;

    /// <summary>Told of each new leader.</summary>
    public Action<SimulatedNode> Elected { get; set; } = static _ => { };

    /// <summary>Told of each message that leaves a node.</summary>
    public Action<SimulatedNode, RaftMessage> Sent { get; set; } = static (_, _) => { };

    public void CheckAcknowledged() => _invariants.CheckAcknowledged();

    /// <summary>What was cut is joined, who is down starts; from now on everything has to go well.</summary>
    public void CalmDown()
    {
        _schedule.IsCalm = true;
        Network.Heal();
        foreach (var node in _nodes.Where(node => !node.IsUp))
        {
            Start(node);
        }
    }

    public void Start(SimulatedNode node)
    {
        node.Start(Options, new Random(_schedule.Random.Next()), _schedule.NowMs);
        Trace(node, "starts");
        _invariants.Started(node.Machine!);
        CarryOut(node);
    }

    public void Crash(SimulatedNode node, string when)
    {
        Trace(node, $"loses power {when}");
        node.Crash(_schedule.Random);
        if (_schedule.IsCalm)
        {
            Start(node);
        }
    }

    public void Propose(SimulatedNode leader)
    {
        var value = _nextValue++;
        if (leader.Machine?.Propose(BitConverter.GetBytes(value), 1, Now(leader)) is { } end)
        {
            leader.Waiting.Add((end, leader.Machine.LeaderEpoch, value));
            CarryOut(leader);
        }
    }

    /// <summary>The driver's promise: persist, then send, then complete; the power may go before, between and after.</summary>
    public void CarryOut(SimulatedNode node)
    {
        if (node.Machine is not { } machine)
        {
            return;
        }

        try
        {
            QuorumWork.CarryOut(machine.TakeReady(), node.Disk, new Outbox(this, node));
            _invariants.Check(machine, node.Disk);
            if (machine.IsLeader && machine.LogEndOffset - machine.HighWatermark > 0)
            {
                Elected(node);
            }
        }
        catch (PowerLostException e)
        {
            Crash(node, e.Message);
        }
    }

    public long Now(SimulatedNode node) => _schedule.NowMs + node.ClockAheadMs;

    private void Acknowledge(SimulatedNode node, QuorumRaft machine)
    {
        for (var i = node.Waiting.Count - 1; i >= 0; i--)
        {
            var (endOffset, leaderEpoch, value) = node.Waiting[i];
            if (machine.LeaderEpoch != leaderEpoch || !machine.IsLeader)
            {
                node.Waiting.RemoveAt(i); // its outcome is unknown to the client
            }
            else if (endOffset <= machine.HighWatermark)
            {
                node.Waiting.RemoveAt(i);
                _invariants.Acknowledge(endOffset - 1, value);
            }
        }
    }

    private void Send(SimulatedNode node, RaftMessage message)
    {
        Endanger(node, "before something is sent");
        Sent(node, message);
        Network.Send(message.From.Value, message.To.Value, () => Deliver(message));
    }

    private void Deliver(RaftMessage message)
    {
        var node = _nodes[message.To.Value - 1];
        if (node.Machine is not { } machine)
        {
            return;
        }

        if (node.BusyUntilMs > _schedule.NowMs)
        {
            _schedule.At(node.BusyUntilMs - _schedule.NowMs, () => Deliver(message));
            return;
        }

        if (_schedule.IsTraced)
        {
            Trace(node, $"gets {message}");
        }

        machine.Step(message, Now(node));
        CarryOut(node);
    }

    private void Tick(SimulatedNode node)
    {
        // A clock that stutters and jumps: most ticks are ten milliseconds apart, some a whole fetch time-out, and now
        // and then the node believes that seconds have gone by.
        if (_schedule.Mishap(0.0005))
        {
            node.ClockAheadMs += _schedule.Between(1, 3 * Options.FetchTimeoutMs);
        }

        if (node.BusyUntilMs <= _schedule.NowMs)
        {
            node.Machine?.Tick(Now(node));
            CarryOut(node);
        }

        _schedule.At(_schedule.Mishap(0.002) ? Options.FetchTimeoutMs : 10, () => Tick(node));
    }

    /// <summary>A download carries what the leader has by then; if it is gone, the follower's time-out tries again.</summary>
    private void Download(SimulatedNode node, int life, NodeId from)
    {
        var source = _nodes[from.Value - 1];
        if (!node.IsUp || node.Life != life)
        {
            return;
        }

        if (source is { IsUp: true, Disk.Snapshot: { } snapshot } && !Network.IsCut(from.Value, node.Id.Value))
        {
            try
            {
                node.Install(snapshot, source.Disk.SnapshotVoters, _schedule.NowMs);
            }
            catch (PowerLostException e)
            {
                Crash(node, e.Message);
                return;
            }

            _invariants.Installed(node.Machine!);
            CarryOut(node);
        }
        else if (!_schedule.IsCalm || source.IsUp)
        {
            _schedule.At(50, () => Download(node, life, from));
        }
    }

    private void Endanger(SimulatedNode node, string when)
    {
        if (node.IsUp && _schedule.Mishap(_peril))
        {
            throw new PowerLostException(when);
        }
    }

    private void Trace(SimulatedNode node, string what)
    {
        if (_schedule.IsTraced)
        {
            _schedule.Trace($"[{node.Id}] {what}; {node}");
        }
    }

    private sealed class Outbox(SimulatedQuorum quorum, SimulatedNode node) : IQuorumOutbox
    {
        public void Send(RaftMessage message) => quorum.Send(node, message);

        public void Download(NodeId leader, EpochEnd snapshot)
        {
            var life = node.Life;
            quorum._schedule.At(quorum._schedule.Between(1, 100), () => quorum.Download(node, life, leader));
        }

        public void Complete(Ready ready) => quorum.Acknowledge(node, node.Machine!);
    }
}
