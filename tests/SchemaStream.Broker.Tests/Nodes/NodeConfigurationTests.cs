using System.Net;
using SchemaStream.Broker.Configuration;
using SchemaStream.Broker.Nodes;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Cluster;

namespace SchemaStream.Broker.Tests.Nodes;

public sealed class NodeConfigurationTests
{
    private const string ThreeVoters = "1@a:9093,2@b:9093,3@c:9093";

    // What Kafka 4 ships as config/server.properties, setting for setting.
    private const string StockFile = """
        process.roles=broker,controller
        node.id=1
        controller.quorum.bootstrap.servers=localhost:9093
        listeners=PLAINTEXT://:9092,CONTROLLER://:9093
        inter.broker.listener.name=PLAINTEXT
        advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
        num.network.threads=3
        num.io.threads=8
        socket.send.buffer.bytes=102400
        socket.receive.buffer.bytes=102400
        socket.request.max.bytes=104857600
        log.dirs=/var/lib/kraft-combined-logs
        num.partitions=1
        num.recovery.threads.per.data.dir=1
        offsets.topic.replication.factor=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        log.retention.hours=168
        log.segment.bytes=1073741824
        log.retention.check.interval.ms=300000
        """;

    [Fact]
    public void KafkasOwnFile_MakesALoneNode()
    {
        var node = Read(StockFile);
        (node.NodeId, node.Roles).ShouldBe((1, ProcessRoles.Broker | ProcessRoles.Controller));
        node.Listeners.ShouldHaveSingleItem().ShouldBe(new NodeListener("PLAINTEXT", IPAddress.Any, 9092, "localhost", 9092));
        node.ControllerListener.ShouldBe(new NodeListener("CONTROLLER", IPAddress.Any, 9093, "localhost", 9093));
        node.Voters.ShouldBeEmpty();
        node.DataDirectory.ShouldBe(Path.GetFullPath("/var/lib/kraft-combined-logs"));
        node.Settings.Ignored.ShouldContain("num.network.threads");
    }

    [Fact]
    public void NodeOfThree_HasItsVotersAndListeners()
    {
        var node = Read(
            $"""
            node.id=2
            cluster.id=shop
            broker.rack=east
            log.dirs=data
            listeners=INTERNAL://127.0.0.1:9092,EXTERNAL://127.0.0.1:9094,CONTROLLER://127.0.0.1:9093
            advertised.listeners=INTERNAL://b:9092,EXTERNAL://kafka.example.com:19092
            listener.security.protocol.map=INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT
            inter.broker.listener.name=INTERNAL
            controller.quorum.voters={ThreeVoters}
            """);
        (node.NodeId, node.ClusterId, node.Rack, node.InterBrokerListenerName).ShouldBe((2, "shop", "east", "INTERNAL"));
        node.Voters.Select(voter => (voter.Key, voter.Value)).ShouldBe(
            [(1, new HostAndPort("a", 9093)), (2, new HostAndPort("b", 9093)), (3, new HostAndPort("c", 9093))]);
        node.Listeners.Select(listener => (listener.Name, listener.AdvertisedHost, listener.AdvertisedPort)).ShouldBe(
            [("INTERNAL", "b", 9092), ("EXTERNAL", "kafka.example.com", 19092)]);
    }

    [Fact]
    public void Controller_NeedsNoListenerForClients()
    {
        var node = Read($"process.roles=controller\nlog.dirs=d\nlisteners=CONTROLLER://127.0.0.1:9093\ncontroller.quorum.voters={ThreeVoters}");
        node.IsBroker.ShouldBeFalse();
        node.Listeners.ShouldBeEmpty();
        node.ControllerListener!.Port.ShouldBe(9093);
    }

    [Fact]
    public void Defaults_AreALoneNodeOnLoopback()
    {
        var node = NodeConfiguration.From(new BrokerOptions { DataDirectory = "data" });
        node.NodeId.ShouldBe(1);
        node.Listeners.ShouldHaveSingleItem().ShouldBe(new NodeListener("PLAINTEXT", IPAddress.Loopback, 9092, "127.0.0.1", null));
        node.ControllerListener.ShouldBeNull();
        node.InterBrokerListenerName.ShouldBe("PLAINTEXT");
    }

    [Theory]
    [InlineData("node.id=1", "'log.dirs': expected one directory, found none")]
    [InlineData("log.dirs=d\nlisteners=PLAINTEXT:9092", "broker.properties:2: Setting 'listeners': expected NAME://HOST:PORT")]
    [InlineData("log.dirs=d\nlisteners=PLAINTEXT://h:99999", "found 'PLAINTEXT://h:99999'")]
    [InlineData("log.dirs=d\nlisteners=PLAINTEXT://127.0.0.1:1,PLAINTEXT://127.0.0.1:2", "found PLAINTEXT twice")]
    [InlineData("log.dirs=d\nlisteners=PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:1", "found 1 twice")]
    [InlineData(
        "log.dirs=d\nlisteners=SSL://127.0.0.1:9093",
        "broker.properties:2: Setting 'listeners': expected PLAINTEXT://127.0.0.1:9093, for this broker has neither TLS nor SASL yet, found SSL://127.0.0.1:9093")]
    [InlineData(
        "listeners=OUT://127.0.0.1:9093\nlog.dirs=d\nlistener.security.protocol.map=OUT:SASL_SSL",
        "broker.properties:3: Setting 'listener.security.protocol.map': expected OUT:PLAINTEXT, for this broker has neither TLS nor SASL yet, found OUT:SASL_SSL")]
    [InlineData(
        "log.dirs=d\nlisteners=OUT://127.0.0.1:9093",
        "Setting 'listener.security.protocol.map': expected OUT:PLAINTEXT in it, for listeners has OUT, found nothing for it")]
    [InlineData("log.dirs=d\nlisteners=PLAINTEXT://0.0.0.0:9092", "'advertised.listeners': expected a name or address for PLAINTEXT")]
    [InlineData("log.dirs=d\nlisteners=CONTROLLER://127.0.0.1:1", "expected at least one listener for clients")]
    [InlineData("log.dirs=d\nadvertised.listeners=PLAINTEXT://h:1", "expected listeners beside it")]
    [InlineData("log.dirs=d\nlisteners=PLAINTEXT://127.0.0.1:1\nadvertised.listeners=EXTERNAL://h:1", "found EXTERNAL://h:1")]
    [InlineData("log.dirs=d\nprocess.roles=broker", "'controller.quorum.voters': expected the controllers of the cluster")]
    [InlineData("log.dirs=d\nprocess.roles=controller\nlisteners=PLAINTEXT://127.0.0.1:1", "found PLAINTEXT")]
    [InlineData("log.dirs=d\nprocess.roles=broker\ncontroller.quorum.voters=1@h:1", "its node.id, 1")]
    [InlineData("log.dirs=d\ncontroller.quorum.voters=1@h:1,2@i:1", "expected a listener named in controller.listener.names")]
    [InlineData("log.dirs=d\ncontroller.quorum.voters=h:1", "expected ID@HOST:PORT, found 'h:1'")]
    [InlineData("log.dirs=d\ncontroller.quorum.voters=1@h:1,1@i:1", "expected each voter")]
    [InlineData("log.dirs=d\ncontroller.quorum.bootstrap.servers=a:9093,b:9093", "the voters by id in controller.quorum.voters")]
    [InlineData("log.dirs=d\ninter.broker.listener.name=INTERNAL", "expected one of PLAINTEXT, found 'INTERNAL'")]
    [InlineData("log.dirs=d\nnode.id=1\nbroker.id=2", "'broker.id': expected it to be told once")]
    [InlineData("log.dirs=d\nbroker.session.timeout.ms=1000\nbroker.heartbeat.interval.ms=500", "at most a third of broker.session.timeout.ms (1000)")]
    [InlineData("log.dirs=d\nnum.partition=3", "broker.properties:2: Setting 'num.partition': expected a broker setting")]
    public void Mistake_IsToldWithItsSettingAndPlace(string text, string words) =>
        Should.Throw<BrokerStartException>(() => Read(text)).Message.ShouldContain(words);

    [Fact]
    public void OptionAndSetting_ThatBothSayIt_AreRefused()
    {
        var settings = new Dictionary<string, string> { ["listeners"] = "PLAINTEXT://127.0.0.1:9092" };
        Should.Throw<BrokerStartException>(() => NodeConfiguration.From(new BrokerOptions { DataDirectory = "d", Port = 0, Settings = settings }))
            .Message.ShouldContain("found both");
        settings = new Dictionary<string, string> { ["node.id"] = "2" };
        Should.Throw<BrokerStartException>(() => NodeConfiguration.From(new BrokerOptions { DataDirectory = "d", NodeId = 1, Settings = settings }))
            .Message.ShouldContain("'node.id=2' and '1' by NodeId");
    }

    private static NodeConfiguration Read(string text) =>
        NodeConfiguration.From(BrokerOptions.FromFile(BrokerConfigFile.Parse("broker.properties", text)));
}
