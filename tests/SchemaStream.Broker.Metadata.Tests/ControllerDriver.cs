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
    }

    public ClusterController Controller { get; }

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
        var encoded = decision.Records.Select(MetadataRecordFormat.Encode).ToArray();
        Log.AddRange(encoded);
        if (encoded.Length > 0)
        {
            Controller.Replay(encoded.Select(MetadataRecordFormat.Decode), Log.Count - 1);
        }

        return decision.Reply;
    }

    public long Start(int brokerId, string? rack = null)
    {
        var registered = Submit(Registration(brokerId, rack));
        registered.ErrorCode.ShouldBe(ErrorCode.None);
        Submit(new UnfenceBrokerCommand(brokerId, registered.BrokerEpoch)).ErrorCode.ShouldBe(ErrorCode.None);
        return registered.BrokerEpoch;
    }

    public void Fence(int brokerId) =>
        Submit(new FenceBrokerCommand(brokerId, Image.Brokers[brokerId].BrokerEpoch)).ErrorCode.ShouldBe(ErrorCode.None);

    public static RegisterBrokerCommand Registration(int brokerId, string? rack = null, Guid? incarnation = null) => new(
        brokerId, incarnation ?? Guid.NewGuid(), [new BrokerEndpoint("PLAINTEXT", $"broker{brokerId}", 9092)], rack) { PreviousShutdownWasClean = true };

    public CreatedTopic Create(NewTopic topic) => Submit(new CreateTopicsCommand([topic])).Topics.Single();

    public PartitionRegistration Partition(string topic, int partition) => Image.Partition(topic, partition).ShouldNotBeNull();

    /// <summary>The same log read by another process.</summary>
    public ControllerDriver Restart()
    {
        var restarted = new ControllerDriver(_options);
        restarted.Log.AddRange(Log);
        restarted.Controller.Replay(Log.Select(MetadataRecordFormat.Decode), Log.Count - 1);
        return restarted;
    }
}
