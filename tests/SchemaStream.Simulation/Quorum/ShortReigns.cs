using SchemaStream.Broker.Raft.Messages;
using SchemaStream.Simulation.Schedules;

namespace SchemaStream.Simulation.Quorum;

/// <summary>
/// Leaders that hardly get to lead: each has appended a little and told nobody, or one other node, when its power goes, and it
/// comes back while another leads. What such leaders leave behind, entries of old epochs on a minority that a later
/// leader spreads, is where counting copies goes wrong (figure 8 of the Raft paper); chance alone hardly gets there.
/// </summary>
internal sealed class ShortReigns
{
    private const long StormMs = 12_000;
    private const long CalmMs = 4_000;

    private readonly Schedule _schedule;
    private readonly SimulatedQuorum _quorum;
    private readonly Dictionary<(int Node, int Life), int> _answersLeft = [];
    private int _lastEpoch;

    private ShortReigns(Schedule schedule, int voters)
    {
        _schedule = schedule;
        _quorum = new SimulatedQuorum(schedule, voters, observers: 0, new Weather(Loss: 0.01, Duplication: 0.01, Delay: 0.01), peril: 0.0005)
        {
            MaxBatches = 1,
            Elected = OnElected,
            Sent = OnSent,
        };
        schedule.At(400, LongReign);
    }

    public static int Run(Schedule schedule, int voters)
    {
        var reigns = new ShortReigns(schedule, voters);
        schedule.RunUntil(StormMs);
        reigns._quorum.CalmDown();
        schedule.RunUntil(StormMs + CalmMs);
        QuorumStorm.MustHaveSettled(reigns._quorum);
        return reigns._quorum.Acknowledged;
    }

    private void OnElected(SimulatedNode node)
    {
        var epoch = node.Machine!.LeaderEpoch;
        if (_schedule.IsCalm || epoch <= _lastEpoch)
        {
            return;
        }

        _lastEpoch = epoch;
        if (_schedule.Chance(0.1))
        {
            return; // one that leads for longer, so that something is committed
        }

        var life = node.Life;
        _answersLeft[(node.Id.Value, life)] = _schedule.Between(0, 2);
        for (var i = _schedule.Between(0, 2); i > 0; i--)
        {
            _schedule.At(0, () => ProposeIn(node, life));
        }

        _schedule.At(_schedule.Between(20, 250), () => End(node, life));
    }

    /// <summary>Once it has given its few answers with records, it is alone.</summary>
    private void OnSent(SimulatedNode node, RaftMessage message)
    {
        if (_schedule.IsCalm || message is not FetchResponse { Batches.Count: > 0 } || !_answersLeft.TryGetValue((node.Id.Value, node.Life), out var left))
        {
            return;
        }

        if (left == 0)
        {
            _quorum.Network.Isolate(node.Id.Value, _quorum.Nodes.Select(other => other.Id.Value), bothWays: false);
        }

        _answersLeft[(node.Id.Value, node.Life)] = left - 1;
    }

    private void ProposeIn(SimulatedNode node, int life)
    {
        if (node.Life == life)
        {
            _quorum.Propose(node);
        }
    }

    private void End(SimulatedNode node, int life)
    {
        if (!node.IsUp || node.Life != life || _schedule.IsCalm)
        {
            return;
        }

        _quorum.Crash(node, "as its reign ends");
        _quorum.Network.Heal();
        _schedule.At(_schedule.Between(50, 1_200), () => Return(node));
    }

    private void Return(SimulatedNode node)
    {
        if (!node.IsUp && !_schedule.IsCalm)
        {
            _quorum.Start(node);
        }
    }

    /// <summary>Someone who leads for longer is written to, and ends some time; who lost power elsewhere comes back.</summary>
    private void LongReign()
    {
        foreach (var node in _quorum.Nodes)
        {
            if (node.Machine is { IsLeader: true } && !_answersLeft.ContainsKey((node.Id.Value, node.Life)))
            {
                _quorum.Propose(node);
                if (_schedule.Mishap(0.1))
                {
                    End(node, node.Life);
                }
            }
            else if (!node.IsUp && _schedule.Mishap(0.05))
            {
                Return(node);
            }
        }

        _schedule.At(_schedule.Between(10, 60), LongReign);
    }
}
