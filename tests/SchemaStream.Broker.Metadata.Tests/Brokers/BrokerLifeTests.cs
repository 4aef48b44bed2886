using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Brokers;

public sealed class BrokerLifeTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(3);

    [Fact]
    public void Initialize_HappensOnce()
    {
        _cluster.Image.ClusterId.ShouldBe("cluster-1");
        _cluster.Submit(new InitializeClusterCommand("cluster-1")).ErrorCode.ShouldBe(ErrorCode.None);
        var other = _cluster.Submit(new InitializeClusterCommand("cluster-2"));
        (other.ErrorCode, other.ClusterId).ShouldBe((ErrorCode.InconsistentClusterId, "cluster-1"));
    }

    [Fact]
    public void Register_BeginsFenced()
    {
        _cluster.Submit(ControllerDriver.Registration(4));
        _cluster.Image.Brokers[4].Fenced.ShouldBeTrue();
        _cluster.Image.IsLive(4).ShouldBeFalse();
        _cluster.Image.Brokers[4].Endpoint("PLAINTEXT")!.Host.ShouldBe("broker4");
        _cluster.Image.Brokers[4].Endpoint("SSL").ShouldBeNull();
    }

    [Fact]
    public void Register_OfTheSameIncarnation_KeepsItsEpoch()
    {
        var registration = ControllerDriver.Registration(4);
        var first = _cluster.Submit(registration).BrokerEpoch;
        _cluster.Heartbeat(4);
        var offset = _cluster.Image.Offset;

        _cluster.Submit(registration).BrokerEpoch.ShouldBe(first);
        _cluster.Image.Offset.ShouldBe(offset);
        _cluster.Submit(registration with { Rack = "r2" }).BrokerEpoch.ShouldBe(first);
        _cluster.Image.Brokers[4].Rack.ShouldBe("r2");
        _cluster.Image.IsLive(4).ShouldBeTrue();
    }

    [Fact]
    public void Register_OfANewIncarnation_FencesTheOldOne()
    {
        var old = _cluster.Image.Brokers[1].BrokerEpoch;
        var epoch = _cluster.Submit(ControllerDriver.Registration(1)).BrokerEpoch;

        epoch.ShouldBeGreaterThan(old);
        _cluster.Submit(new BrokerHeartbeatCommand(1, old, 100, false, false)).ErrorCode.ShouldBe(ErrorCode.StaleBrokerEpoch);
        _cluster.Submit(new BrokerHeartbeatCommand(9, 1, 100, false, false)).ErrorCode.ShouldBe(ErrorCode.StaleBrokerEpoch);
    }

    [Theory]
    [InlineData(-1, "host", 9092)]
    [InlineData(1, "", 9092)]
    [InlineData(1, "host", 0)]
    [InlineData(1, "host", 70000)]
    public void Register_OfABrokerThatCannotBeReached_IsInvalid(int id, string host, int port)
    {
        var command = new RegisterBrokerCommand(id, Guid.NewGuid(), [new BrokerEndpoint("PLAINTEXT", host, port)], null);
        _cluster.Submit(command).ErrorCode.ShouldBe(ErrorCode.InvalidRegistration);
        _cluster.Submit(command with { Endpoints = [] }).ErrorCode.ShouldBe(ErrorCode.InvalidRegistration);
    }

    [Fact]
    public void Restart_OfTheOnlyReplica_BringsANewLeaderEpoch()
    {
        var lone = ControllerDriver.WithBrokers(1);
        lone.Create(new NewTopic("a"));
        var restarted = lone.Restart();
        restarted.Submit(ControllerDriver.Registration(1));
        restarted.Partition("a", 0).Leader.ShouldBe(PartitionRegistration.NoLeader);
        restarted.Partition("a", 0).Isr.ShouldBeEmpty();
        restarted.Partition("a", 0).Elr.ShouldBe([1], "it alone has what was acknowledged");

        restarted.Heartbeat(1);
        restarted.Partition("a", 0).Leader.ShouldBe(1);
        restarted.Partition("a", 0).LeaderEpoch.ShouldBe(2);
    }

    [Fact]
    public void Fence_MovesLeadershipToTheNextInSync()
    {
        _cluster.Create(new NewTopic("a") { Assignments = [new PartitionAssignment(0, [1, 2, 3]), new PartitionAssignment(1, [2, 3, 1])] });
        _cluster.Fence(1);

        var led = _cluster.Partition("a", 0);
        (led.Leader, led.LeaderEpoch, led.PartitionEpoch).ShouldBe((2, 1, 1));
        led.Isr.ShouldBe([2, 3]);
        var followed = _cluster.Partition("a", 1);
        (followed.Leader, followed.LeaderEpoch, followed.PartitionEpoch).ShouldBe((2, 0, 1));
        followed.Isr.ShouldBe([2, 3]);
    }

    [Fact]
    public void Fence_OfAllReplicas_LeavesTheLastInSyncOnRecord()
    {
        _cluster.Create(new NewTopic("a") { Assignments = [new PartitionAssignment(0, [1, 2])] });
        _cluster.Fence(1);
        _cluster.Fence(2);
        _cluster.Partition("a", 0).Leader.ShouldBe(PartitionRegistration.NoLeader);
        _cluster.Partition("a", 0).Isr.ShouldBeEmpty();
        _cluster.Partition("a", 0).Elr.ShouldBe([2]);

        _cluster.Start(1);
        _cluster.Partition("a", 0).Leader.ShouldBe(PartitionRegistration.NoLeader, "1 may lack acknowledged records");
        _cluster.Start(2);
        _cluster.Partition("a", 0).Leader.ShouldBe(2);
    }

    [Fact]
    public void Unregister_TakesTheBrokerOut()
    {
        _cluster.Create(new NewTopic("a") { Assignments = [new PartitionAssignment(0, [1, 2])] });
        _cluster.Submit(new UnregisterBrokerCommand(1)).ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Image.Brokers.ContainsKey(1).ShouldBeFalse();
        _cluster.Partition("a", 0).Leader.ShouldBe(2);
        _cluster.Submit(new UnregisterBrokerCommand(1)).ErrorCode.ShouldBe(ErrorCode.BrokerIdNotRegistered);
    }

    [Fact]
    public void ProducerIds_AreGivenOutOnce()
    {
        var epoch = _cluster.Image.Brokers[1].BrokerEpoch;
        var first = _cluster.Submit(new AllocateProducerIdsCommand(1, epoch));
        (first.FirstProducerId, first.Count).ShouldBe((0, 1000));
        _cluster.Restart().Submit(new AllocateProducerIdsCommand(1, epoch)).FirstProducerId.ShouldBe(1000);
        _cluster.Submit(new AllocateProducerIdsCommand(1, epoch + 7)).ErrorCode.ShouldBe(ErrorCode.StaleBrokerEpoch);
    }
}
