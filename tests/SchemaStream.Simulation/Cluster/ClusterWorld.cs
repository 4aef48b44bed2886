using SchemaStream.Broker.Metadata;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Simulation.Quorum;
using SchemaStream.Simulation.Schedules;

namespace SchemaStream.Simulation.Cluster;

/// <summary>A whole cluster in one seed: machines with disks, a network between them, and what must hold of it all.</summary>
internal sealed class ClusterWorld
{
    public static readonly ControllerOptions ControllerOptions = new()
    {
        BrokerSessionTimeout = TimeSpan.FromMilliseconds(900),
        LeaderImbalanceCheckInterval = TimeSpan.FromSeconds(2),
    };

    /// <summary>Small enough that segments roll and indexes have entries.</summary>
    public static readonly LogConfig LogConfig = new() { SegmentBytes = 6_000, SegmentIndexBytes = 2_048, IndexIntervalBytes = 256 };

    private readonly double _peril;
    private readonly List<(PartitionKey Key, long BaseOffset, List<SimulatedRecord> Records)> _acknowledged = [];
    private long _nextValue;

    /// <param name="schedule">The seed.</param>
    /// <param name="nodes">Machines, each a voter and a broker.</param>
    /// <param name="weather">The network's.</param>
    /// <param name="peril">How likely the power goes at any single write, sync or send.</param>
    public ClusterWorld(Schedule schedule, int nodes, Weather weather, double peril)
    {
        Schedule = schedule;
        Network = new SimulatedNetwork(schedule, weather);
        _peril = peril;
        Metadata.Changed = (key, _, now) => Trace(0, Schedule.IsTraced ? $"{key}: {MetadataWatch.Describe(now)}" : "");
        var voters = new VoterSet(Enumerable.Range(1, nodes).Select(id => new NodeId(id)));
        Nodes = [.. Enumerable.Range(1, nodes).Select(id => new ClusterNode(id, voters, new Guid(id, 1, 1, [1, 2, 3, 4, 5, 6, 7, 8])))];
        foreach (var node in Nodes)
        {
            node.QuorumDisk.Peril = when => Endanger(node, when);
            node.QuorumDisk.MaxBatches = () => schedule.Between(1, 4);
            node.Disk.Fault = (operation, path) =>
            {
                if (operation != DiskOperation.Read)
                {
                    Endanger(node, $"as it does {operation} on {path}");
                }

                return null;
            };
            Start(node);
        }
    }

    public Schedule Schedule { get; }

    public SimulatedNetwork Network { get; }

    public IReadOnlyList<ClusterNode> Nodes { get; }

    public QuorumInvariants QuorumInvariants { get; } = new();

    public MetadataWatch Metadata { get; } = new();

    public int ReplicaLagTimeMaxMs { get; init; } = 500;

    public int AcknowledgedRecords { get; private set; }

    public NodeProcess? Controller => Nodes.Select(node => node.Process).FirstOrDefault(process => process is { Quorum.IsActive: true });

    public void Start(ClusterNode node)
    {
        if (node.Process is not null)
        {
            return;
        }

        Trace(node.Id, "starts");
        try
        {
            node.Process = new NodeProcess(this, node);
        }
        catch (PowerLostException e)
        {
            Crash(node, losesPower: true, e.Message);
            return;
        }

        node.Process.Start();
    }

    /// <summary>The process is gone without a word; without power, what it had not synced is too.</summary>
    public void Crash(ClusterNode node, bool losesPower, string when)
    {
        Trace(node.Id, $"{(losesPower ? "loses power" : "is killed")} {when}");
        node.Process = null;
        if (losesPower)
        {
            node.QuorumDisk.LosePower(Schedule.Random);
            node.Disk.LosePower(Schedule.Random);
        }
        else
        {
            node.Disk.KillProcess();
        }
    }

    /// <summary>The process has stopped as it should.</summary>
    public void Stopped(NodeProcess process)
    {
        Trace(process.Id, "has stopped");
        process.Node.Process = null;
        process.Node.Disk.KillProcess();
    }

    public void Ask<TReply>(int from, int to, Action<NodeProcess, Action<TReply>> serve, Action<TReply> answered) => Network.Send(
        from, to, () => Deliver(to, process => serve(process, reply => Network.Send(to, from, () => answered(reply)))));

    public void Deliver(int to, Action<NodeProcess> action)
    {
        if (Nodes[to - 1].Process is { } process)
        {
            process.Enter(() => action(process));
        }
    }

    public void Endanger(ClusterNode node, string when)
    {
        if (node.Process is not null && Schedule.Mishap(_peril))
        {
            throw new PowerLostException(when);
        }
    }

    /// <summary>A producer with acks=all is told that its batch is committed. Whether it is, the logs are asked after the step.</summary>
    public void Acknowledged(PartitionKey key, int leaderEpoch, long baseOffset, long nextOffset, byte[] batch)
    {
        if (leaderEpoch < Metadata.History(key).RewrittenInEpoch)
        {
            return; // by a leader that has not heard of the unclean election after it
        }

        var records = new List<SimulatedRecord>();
        SimulatedRecord.Parse(batch, 0, nextOffset - baseOffset, records);
        _acknowledged.Add((key, baseOffset, records));
        AcknowledgedRecords += records.Count;
    }

    /// <summary>What must hold of a process after each of its steps.</summary>
    public void Check(NodeProcess process)
    {
        foreach (var replica in process.Broker.Replicas)
        {
            ReplicaCheck.Check(process.Id, replica, Metadata.History(replica.Key));
        }

        foreach (var (key, baseOffset, records) in _acknowledged)
        {
            foreach (var record in records)
            {
                Metadata.History(key).MustHave(baseOffset + record.Offset, record.Value, $"node {process.Id} has acknowledged");
            }
        }

        _acknowledged.Clear();
    }

    /// <summary>Sends a command to whoever is the controller; again and again, until it is answered or refused for good.</summary>
    public void Command<TReply>(int from, ControllerCommand<TReply> command, Func<TReply, bool> isAnswered)
        where TReply : class
    {
        var isDone = false;
        Try();

        void Try()
        {
            if (isDone)
            {
                return;
            }

            if (Controller is { } controller)
            {
                Ask<TReply>(from, controller.Id, (process, reply) => process.Quorum.Submit(command, reply), answer => isDone |= isAnswered(answer));
            }

            Schedule.At(300, Try);
        }
    }

    public long NextValue(int count) => (_nextValue += count) - count;

    /// <summary>Who leads, as any broker that is asked believes; null when no one is known to.</summary>
    public int? LeaderAsSomeoneKnows(PartitionKey key)
    {
        var asked = Schedule.OneOf(Nodes).Process;
        return asked?.Broker.Image.Partition(key.Topic, key.Index)?.Leader is { } leader and > 0 ? leader : null;
    }

    public void Trace(int node, string what)
    {
        if (Schedule.IsTraced)
        {
            Schedule.Trace($"[{node}] {what}");
        }
    }
}
