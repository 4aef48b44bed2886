using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Raft;
using SchemaStream.Protocol;
using SchemaStream.Simulation.Schedules;

namespace SchemaStream.Simulation.Cluster;

/// <summary>A cluster begins, lives through a storm, and comes to rest; what it has to look like then.</summary>
internal sealed class ClusterStorm
{
    private const long BeginMs = 2_500;
    private const long StormMs = 9_000;
    private const long CalmMs = 9_000;
    private const long EndOfProducingMs = 4_000;
    private const int FirstClient = 100;

    private readonly Schedule _schedule;
    private readonly ClusterWorld _world;
    private readonly List<SimulatedProducer> _producers = [];
    private readonly Mood _mood;

    private ClusterStorm(Schedule schedule, int nodes, Mood mood)
    {
        _schedule = schedule;
        _mood = mood;
        schedule.IsCalm = true;
        _world = new ClusterWorld(schedule, nodes, mood.Weather, mood.Peril) { ReplicaLagTimeMaxMs = mood.ReplicaLagTimeMaxMs };
        if (mood.PartsWhoJoins)
        {
            _ = new Partings(_world);
        }
    }

    public static int Run(Schedule schedule, int nodes, Mood mood)
    {
        var storm = new ClusterStorm(schedule, nodes, mood);
        storm.CreateTopics();
        schedule.RunUntil(BeginMs);
        storm.BeginClients();
        schedule.IsCalm = false;
        schedule.At(1, storm.Disturb);
        schedule.RunUntil(BeginMs + StormMs);
        storm.CalmDown();
        schedule.RunUntil(BeginMs + StormMs + CalmMs - EndOfProducingMs);
        storm._producers.ForEach(producer => producer.End());
        schedule.RunUntil(BeginMs + StormMs + CalmMs);
        ClusterAtRest.Check(storm._world, storm._producers);
        return storm._world.AcknowledgedRecords;
    }

    private void CreateTopics()
    {
        foreach (var topic in _mood.Topics)
        {
            List<KeyValuePair<string, string?>> configs =
            [
                new("min.insync.replicas", topic.MinInSyncReplicas.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                new("unclean.leader.election.enable", topic.MayBeUnclean ? "true" : "false"),
            ];
            var command = new CreateTopicsCommand(
                [new NewTopic(topic.Name) { PartitionCount = topic.Partitions, ReplicationFactor = topic.Replicas, Configs = configs }]);
            _schedule.At(1_500, () => _world.Command(
                FirstClient, command, reply => reply.Topics[0].ErrorCode is ErrorCode.None or ErrorCode.TopicAlreadyExists));
        }
    }

    private void BeginClients()
    {
        var client = FirstClient;
        foreach (var history in _world.Metadata.Histories)
        {
            _producers.Add(new SimulatedProducer(_world, ++client, history.Key, acks: -1, window: _schedule.Between(1, 5)));
            if (_schedule.Chance(0.3))
            {
                _producers.Add(new SimulatedProducer(_world, ++client, history.Key, acks: (short)_schedule.Between(0, 1), window: 2));
            }

            if (_schedule.Chance(0.5))
            {
                _ = new SimulatedConsumer(_world, ++client, history.Key);
            }
        }
    }

    private void CalmDown()
    {
        _schedule.IsCalm = true;
        _world.Network.Heal();
        foreach (var node in _world.Nodes)
        {
            node.BusyUntilMs = 0;
        }

        Revive();

        void Revive()
        {
            foreach (var node in _world.Nodes)
            {
                _world.Start(node);
            }

            _schedule.At(200, Revive);
        }
    }

    private void Disturb()
    {
        if (_schedule.IsCalm)
        {
            return;
        }

        var node = _schedule.OneOf(_world.Nodes);
        var down = _world.Nodes.Count(other => other.Process is null);
        if (node.Process is null)
        {
            _world.Start(node);
        }
        else if (down < _world.Nodes.Count - 1)
        {
            Disturb(node, node.Process);
        }

        _schedule.At(_schedule.Between(1, _mood.DisturbEveryMs), Disturb);
    }

    private void Disturb(ClusterNode node, NodeProcess process)
    {
        switch (_schedule.OneOf(_mood.Disturbances))
        {
            case Disturbance.Crash:
                _world.Crash(node, losesPower: _schedule.Chance(0.7), "at some time");
                break;
            case Disturbance.CrashSeveral:
                foreach (var other in _world.Nodes.Where(other => other.Process is not null && _schedule.Chance(0.7)).ToList())
                {
                    _world.Crash(other, losesPower: true, "with others");
                }

                break;
            case Disturbance.Isolate:
                _world.Network.Isolate(node.Id, _world.Nodes.Select(other => other.Id), bothWays: _schedule.Chance(0.6));
                break;
            case Disturbance.Part:
                _world.Network.Isolate(node.Id, [_schedule.OneOf(_world.Nodes).Id], bothWays: true);
                break;
            case Disturbance.Heal:
                _world.Network.Heal();
                break;
            case Disturbance.Stall:
                node.BusyUntilMs = _schedule.NowMs + _schedule.Between(1, 1_500);
                break;
            case Disturbance.JumpClock:
                node.ClockAheadMs += _schedule.Between(1, 2_000);
                break;
            case Disturbance.Stop:
                process.Broker.IsStopping = true;
                break;
            case Disturbance.MoveController when process.Quorum.IsActive:
                process.Enter(() => process.Quorum.TransferLeadership(new NodeId(_schedule.OneOf(_world.Nodes).Id)));
                break;
            case Disturbance.ElectPreferred:
                _world.Command(FirstClient, new ElectLeadersCommand(ElectionType.Preferred, null), _ => true);
                break;
            case Disturbance.Reassign:
                Reassign();
                break;
        }
    }

    private void Reassign()
    {
        var topic = _schedule.OneOf(_mood.Topics);
        var nodes = _world.Nodes.Select(node => node.Id).ToArray();
        _schedule.Random.Shuffle(nodes);
        var reassignment = new PartitionReassignment(
            topic.Name, _schedule.Between(0, topic.Partitions - 1), _schedule.Chance(0.2) ? null : nodes[..topic.Replicas]);
        _world.Command(FirstClient, new AlterPartitionReassignmentsCommand([reassignment]), _ => true);
    }
}
