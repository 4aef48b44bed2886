using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Protocol;
using SchemaStream.Simulation.Quorum;

namespace SchemaStream.Simulation.Cluster;

/// <summary>
/// One life of a node: a voter of the quorum, perhaps the active controller, and a broker. It stands for the Runtime's
/// lanes, of which it has one.
/// </summary>
internal sealed class NodeProcess
{
    private const int TickMs = 15;
    private const int AnswerTimeoutMs = 400;

    public NodeProcess(ClusterWorld world, ClusterNode node)
    {
        World = world;
        Node = node;
        Random = new Random(world.Schedule.Random.Next());
        Quorum = new QuorumLane(this);
        Broker = new BrokerLane(this);
    }

    public ClusterWorld World { get; }

    public ClusterNode Node { get; }

    public int Id => Node.Id;

    public Random Random { get; }

    public QuorumLane Quorum { get; }

    public BrokerLane Broker { get; }

    public bool IsAlive => Node.Process == this;

    public long NowMs => World.Schedule.NowMs + Node.ClockAheadMs;

    public void Start()
    {
        Quorum.Start();
        Broker.Start();
        Tick();
    }

    /// <summary>The one way in: what happens to the process happens here, and is looked at afterwards.</summary>
    public void Enter(Action action)
    {
        if (!IsAlive)
        {
            return;
        }

        var busyMs = Node.BusyUntilMs - World.Schedule.NowMs;
        if (busyMs > 0)
        {
            World.Schedule.At(busyMs, () => Enter(action));
            return;
        }

        try
        {
            action();
        }
        catch (PowerLostException e)
        {
            World.Crash(Node, losesPower: true, e.Message);
            return;
        }

        if (IsAlive)
        {
            World.Check(this);
        }
    }

    /// <summary>Asks another process, or this one. Whoever is not answered waits for nothing: it asks again in its own time.</summary>
    public void Ask<TReply>(int to, Action<NodeProcess, Action<TReply>> serve, Action<TReply> answered) =>
        World.Ask(Id, to, serve, reply => Enter(() => answered(reply)));

    /// <summary>Sends a command to the controller, as far as this node knows who that is. One answer, perhaps a refusal.</summary>
    public void Command<TReply>(ControllerCommand<TReply> command, Action<TReply> answered)
        where TReply : class
    {
        var isAnswered = false;
        if (Quorum.Machine.Leader is { } controller)
        {
            Ask<TReply>(controller.Value, (process, reply) => process.Quorum.Submit(command, reply), Answer);
        }

        World.Schedule.At(AnswerTimeoutMs, () => Enter(() => Answer(command.Refused(ErrorCode.RequestTimedOut, "no answer"))));

        void Answer(TReply reply)
        {
            if (!isAnswered)
            {
                isAnswered = true;
                answered(reply);
            }
        }
    }

    private void Tick()
    {
        if (!IsAlive)
        {
            return;
        }

        Enter(Quorum.Tick);
        Enter(Broker.Tick);
        World.Schedule.At(TickMs, Tick);
    }
}
