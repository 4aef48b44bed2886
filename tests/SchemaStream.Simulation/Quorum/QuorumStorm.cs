using SchemaStream.Broker.Raft;
using SchemaStream.Simulation.Schedules;
using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation.Quorum;

/// <summary>Anything at any time: crashes, parted networks, slow disks, snapshots, hand-overs, voters that come and go.</summary>
internal sealed class QuorumStorm
{
    private const long StormMs = 15_000;
    private const long CalmMs = 6_000;

    private readonly Schedule _schedule;
    private readonly SimulatedQuorum _quorum;

    private QuorumStorm(Schedule schedule, int voters, int observers)
    {
        _schedule = schedule;
        _quorum = new SimulatedQuorum(schedule, voters, observers, new Weather(), peril: 0.0005);
        schedule.At(20, Disturb);
        schedule.At(15, Propose);
    }

    public static int Run(Schedule schedule, int voters, int observers)
    {
        var storm = new QuorumStorm(schedule, voters, observers);
        schedule.RunUntil(StormMs);
        storm._quorum.CalmDown();
        schedule.RunUntil(StormMs + CalmMs);
        MustHaveSettled(storm._quorum);
        return storm._quorum.Acknowledged;
    }

    /// <summary>After a calm one node leads, and the others have what it has.</summary>
    public static void MustHaveSettled(SimulatedQuorum quorum)
    {
        var leaders = quorum.Nodes.Where(node => node.Machine!.IsLeader).ToList();
        if (leaders.Count != 1)
        {
            throw new BrokenPromiseException($"after the calm {leaders.Count} nodes lead: {string.Join("; ", quorum.Nodes)}");
        }

        foreach (var node in quorum.Nodes.Where(node => leaders[0].Machine!.HighWatermark - node.Machine!.HighWatermark > 100))
        {
            throw new BrokenPromiseException($"{node} has not caught up with {leaders[0]}");
        }

        quorum.CheckAcknowledged();
    }

    private void Propose()
    {
        foreach (var leader in _quorum.Nodes.Where(node => node.Machine is { IsLeader: true }))
        {
            _quorum.Propose(leader);
        }

        _schedule.At(_schedule.Between(1, 40), Propose);
    }

    private void Disturb()
    {
        if (_schedule.IsCalm)
        {
            return;
        }

        var node = _schedule.OneOf(_quorum.Nodes);
        switch (_schedule.Random.Next(9))
        {
            case 0 when node.IsUp:
                _quorum.Crash(node, "at some time");
                break;
            case 1 or 2 when !node.IsUp:
                _quorum.Start(node);
                break;
            case 3:
                _quorum.Network.Isolate(node.Id.Value, _quorum.Nodes.Select(other => other.Id.Value), bothWays: _schedule.Chance(0.5));
                break;
            case 4:
                _quorum.Network.Heal();
                break;
            case 5 when node.IsUp:
                TakeSnapshot(node);
                break;
            case 6 when node.Machine is { IsLeader: true } leader:
                leader.TransferLeadership(_schedule.OneOf(_quorum.Nodes).Id, _quorum.Now(node));
                _quorum.CarryOut(node);
                break;
            case 7 when node.Machine is { IsLeader: true } leader:
                ChangeVoters(leader, _quorum.Now(node));
                _quorum.CarryOut(node);
                break;
            case 8 when node.IsUp:
                node.BusyUntilMs = _schedule.NowMs + _schedule.Between(1, 800);
                break;
        }

        _schedule.At(_schedule.Between(1, 250), Disturb);
    }

    private void TakeSnapshot(SimulatedNode node)
    {
        try
        {
            node.TakeSnapshot();
        }
        catch (PowerLostException e)
        {
            _quorum.Crash(node, e.Message);
        }
    }

    private void ChangeVoters(QuorumRaft leader, long nowMs)
    {
        var other = _schedule.OneOf(_quorum.Nodes).Id;
        if (!leader.Voters.Contains(other))
        {
            leader.ChangeVoters(leader.Voters.With(other), nowMs);
        }
        else if (leader.Voters.Nodes.Count > 3)
        {
            leader.ChangeVoters(leader.Voters.Without(other), nowMs);
        }
    }
}
