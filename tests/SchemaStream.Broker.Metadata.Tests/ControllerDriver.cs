using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests;

/// <summary>What Runtime does with the controller, with a list for a log: records go through their form on disk.</summary>
internal sealed class ControllerDriver
{
    private readonly ControllerOptions _options;

    public ControllerDriver(ControllerOptions? options = null, int seed = 1)
    {
        _options = options ?? new ControllerOptions();
        Controller = new ClusterController(_options, new Random(seed));
        Controller.Activate(MetadataImage.Empty, NowMs);
    }

    public ClusterController Controller { get; private set; }

    public List<ReadOnlyMemory<byte>> Log { get; } = [];

    public MetadataImage Image => Controller.Image;

    public long NowMs { get; set; }

    /// <summary>A controller with brokers 1..count that live, in racks if any are named.</summary>
    public static ControllerDriver WithBrokers(int count, ControllerOptions? options = null, params string[] racks)
    {
        var driver = new ControllerDriver(options);
        driver.Submit(new InitializeClusterCommand("cluster-1"));
        for (var id = 1; id <= count; id++)
        {
            driver.Start(id, racks.Length > 0 ? racks[(id - 1) % racks.Length] : null);
        }

        return driver;
    }

    public TReply Submit<TReply>(ControllerCommand<TReply> command)
        where TReply : class
    {
        var before = Image;
        var decision = Controller.Decide(command, NowMs);
        Image.ShouldBeSameAs(before, "a decision changes nothing");
        Append(decision.Records);
        return decision.Reply;
    }

    /// <summary>Time goes on, and the controller does what it does of its own accord.</summary>
    /// <returns>How many times it had something to do.</returns>
    public int Tick(long elapsedMs = 0)
    {
        NowMs += elapsedMs;
        var rounds = 0;
        while (Controller.Tick(NowMs) is { Count: > 0 } records)
        {
            Append(records);
            (++rounds).ShouldBeLessThan(1_000, "it comes to an end");
        }

        return rounds;
    }

    /// <summary>A broker comes, catches up and is unfenced.</summary>
    public long Start(int brokerId, string? rack = null)
    {
        var registered = Submit(Registration(brokerId, rack));
        registered.ErrorCode.ShouldBe(ErrorCode.None);
        Heartbeat(brokerId).IsFenced.ShouldBeFalse();
        return registered.BrokerEpoch;
    }

    public BrokerHeartbeatReply Heartbeat(int brokerId, bool wantFence = false, bool wantShutDown = false, long? metadataOffset = null)
    {
        var reply = Submit(new BrokerHeartbeatCommand(
            brokerId, Epoch(brokerId), metadataOffset ?? Image.Offset, wantFence, wantShutDown));
        reply.ErrorCode.ShouldBe(ErrorCode.None);
        reply.IsFenced.ShouldBe(Image.Brokers[brokerId].Fenced);
        return reply;
    }

    public void Fence(int brokerId) => Heartbeat(brokerId, wantFence: true);

    /// <summary>The process is killed and comes back on its directory, which it had no time to close.</summary>
    public void KillAndRegister(int brokerId) => Submit(Registration(brokerId) with { PreviousShutdownWasClean = false })
        .ErrorCode.ShouldBe(ErrorCode.None);

    public long Epoch(int brokerId) => Image.Brokers[brokerId].BrokerEpoch;

    public static RegisterBrokerCommand Registration(int brokerId, string? rack = null, Guid? incarnation = null) =>
        new(brokerId, incarnation ?? Guid.NewGuid(), [new BrokerEndpoint("PLAINTEXT", $"broker{brokerId}", 9092)], rack)
        {
            PreviousShutdownWasClean = true,
            DirectoryId = Directory(brokerId),
        };

    public static Guid Directory(int brokerId) => new(brokerId, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]);

    public CreatedTopic Create(NewTopic topic) => Submit(new CreateTopicsCommand([topic])).Topics.Single();

    /// <summary>A topic with one partition on these brokers.</summary>
    public Guid Create(string name, int[] replicas, params KeyValuePair<string, string?>[] configs)
    {
        var created = Create(new NewTopic(name) { Assignments = [new PartitionAssignment(0, replicas)], Configs = configs });
        created.ErrorCode.ShouldBe(ErrorCode.None);
        return created.TopicId;
    }

    public TopicResult Configure(string topic, string key, string? value) => Submit(new AlterTopicConfigsCommand(
        [new TopicConfigAlteration(topic, [new ConfigChange(key, value is null ? ConfigOperation.Delete : ConfigOperation.Set, value)])])).Topics.Single();

    /// <summary>The leader proposes an ISR, on the newest state unless told otherwise.</summary>
    public AlteredPartition Propose(string topic, int[] isr, Func<PartitionAlteration, PartitionAlteration>? change = null, int? leader = null)
    {
        var partition = Partition(topic, 0);
        var proposal = new PartitionAlteration(
            Image.TopicsByName[topic].TopicId, 0, partition.LeaderEpoch, partition.PartitionEpoch, [.. isr.Select(id => new IsrMember(id, Epoch(id)))]);
        var proposer = leader ?? partition.Leader;
        var reply = Submit(new AlterPartitionCommand(proposer, Epoch(proposer), [change?.Invoke(proposal) ?? proposal]));
        reply.ErrorCode.ShouldBe(ErrorCode.None);
        return reply.Partitions.Single();
    }

    public PartitionRegistration Partition(string topic, int partition = 0) => Image.Partition(topic, partition).ShouldNotBeNull();

    /// <summary>Leader, ISR, ELR and last known leader in one line: <c>1 [1,2] elr[3] last[]</c>.</summary>
    public string State(string topic)
    {
        var partition = Partition(topic);
        return $"{partition.Leader} [{string.Join(',', partition.Isr)}] elr[{string.Join(',', partition.Elr)}] last[{string.Join(',', partition.LastKnownElr)}]";
    }

    /// <summary>The same log read by another process.</summary>
    public ControllerDriver Restart()
    {
        var restarted = new ControllerDriver(_options);
        restarted.Log.AddRange(Log);
        restarted.Controller.Replay(Log.Select(MetadataRecordFormat.Decode), Log.Count - 1);
        return restarted;
    }

    /// <summary>Another controller takes over.</summary>
    public void FailOver()
    {
        var image = Image;
        Controller = new ClusterController(_options, new Random(Log.Count));
        Controller.Activate(image, NowMs);
    }

    private void Append(IReadOnlyList<IRecordMessage> records)
    {
        var encoded = records.Select(MetadataRecordFormat.Encode).ToArray();
        Log.AddRange(encoded);
        if (encoded.Length > 0)
        {
            Controller.Replay(encoded.Select(MetadataRecordFormat.Decode), Log.Count - 1);
        }
    }
}
