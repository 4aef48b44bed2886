using Microsoft.Extensions.Logging;
using SchemaStream.Broker;
using SchemaStream.Broker.Configuration;
using SchemaStream.Broker.Nodes;
using SchemaStream.Cli.Up;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Up;

public sealed class ClusterLayoutTests : IDisposable
{
    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Prepare_WritesAFileForEachBroker_ThatMakesOneCluster()
    {
        var nodes = Nodes(Options(3, 19092));
        nodes.Select(node => node.NodeId).ShouldBe([1, 2, 3]);
        nodes.Select(node => node.Listeners.Single().Port).ShouldBe([19092, 19093, 19094]);
        nodes.Select(node => node.ClusterId).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
        foreach (var node in nodes)
        {
            node.Voters.Keys.ShouldBe([1, 2, 3]);
            node.ControllerListener!.Port.ShouldBe(node.Voters[node.NodeId].Port);
            node.DataDirectory.ShouldBe(Path.Combine(_data.Path, $"broker-{node.NodeId}", "data"));
            node.Settings.Int("default.replication.factor").ShouldBe(3);
            node.Settings.Value("min.insync.replicas").ShouldBe("2");
        }
    }

    [Fact]
    public void Prepare_Again_KeepsClusterControllersAndWhatWasAdded()
    {
        var first = Nodes(Options(3, 0));
        var path = Path.Combine(_data.Path, "broker-2", "broker.properties");
        File.AppendAllText(path, "# in the other room\nbroker.rack=west\n");

        var kept = Nodes(Options(3, 0));
        kept.Select(node => node.Listeners.Single().Port).ShouldBe(first.Select(node => node.Listeners.Single().Port));
        var moved = Nodes(Options(3, 29092, ("log.retention.hours", "5")));
        moved.Select(node => node.Listeners.Single().Port).ShouldBe([29092, 29093, 29094]);
        moved.Select(node => node.ClusterId).ShouldBe(first.Select(node => node.ClusterId));
        moved.Select(node => node.ControllerListener!.Port).ShouldBe(first.Select(node => node.ControllerListener!.Port));
        moved.ShouldAllBe(node => node.Settings.Value("log.retention.hours") == "5");
        moved[1].Rack.ShouldBe("west");
        File.ReadAllText(path).ShouldContain("# in the other room");
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    [InlineData(5, 5)]
    [InlineData(6, 5)]
    public void Controllers_AreAnOddNumber(int brokers, int controllers)
    {
        var nodes = Nodes(Options(brokers, 0));
        nodes.Count(node => node.IsController).ShouldBe(controllers);
        nodes.ShouldAllBe(node => node.Voters.Count == controllers && node.IsBroker);
    }

    [Fact]
    public void Cluster_ThatGrows_KeepsItsControllers()
    {
        var voters = Nodes(Options(3, 0))[0].Voters;
        var grown = Nodes(Options(4, 0));
        grown.ShouldAllBe(node => node.Voters.Count == 3 && node.Voters[1] == voters[1]);
        grown[3].IsController.ShouldBeFalse();
    }

    [Fact]
    public void Directory_ThatHoldsAnotherLayout_IsRefused()
    {
        ClusterLayout.Prepare(Options(3, 0));
        Should.Throw<BrokerStartException>(() => ClusterLayout.Prepare(Options(2, 0))).Message.ShouldContain("--brokers 3");
        Should.Throw<BrokerStartException>(() => ClusterLayout.RefuseAnotherLayout(Options(1, 0))).Message.ShouldContain("--brokers 3");
        Directory.CreateDirectory(Path.Combine(_data.Path, "alone", "broker"));
        var alone = Options(3, 0) with { DataDirectory = new DirectoryInfo(Path.Combine(_data.Path, "alone")) };
        Should.Throw<BrokerStartException>(() => ClusterLayout.Prepare(alone)).Message.ShouldContain("single broker");
    }

    [Theory]
    [InlineData("node.id", "4", "--set node.id")]
    [InlineData("listeners", "PLAINTEXT://:1", "--set listeners")]
    public void Setting_ThatIsEachBrokersOwn_IsRefused(string key, string value, string words) =>
        Should.Throw<BrokerStartException>(() => ClusterLayout.Prepare(Options(3, 0, (key, value)))).Message.ShouldContain(words);

    [Fact]
    public void Ports_ThatDoNotFit_AreRefused() =>
        Should.Throw<BrokerStartException>(() => ClusterLayout.Prepare(Options(3, 65534))).Message.ShouldContain("--kafka-port 65534");

    [Fact]
    public void ControllerPorts_AreTheOnesAskedFor_AndStay()
    {
        Nodes(Options(4, 0) with { ControllerPort = 19400 })
            .Select(node => node.ControllerListener?.Port).ShouldBe([19400, 19401, 19402, null]);
        Nodes(Options(4, 0) with { ControllerPort = 19500 })
            .Select(node => node.ControllerListener?.Port).ShouldBe([19400, 19401, 19402, null]);
        var elsewhere = Options(3, 0) with { ControllerPort = 65534, DataDirectory = new DirectoryInfo(Path.Combine(_data.Path, "new")) };
        Should.Throw<BrokerStartException>(() => ClusterLayout.Prepare(elsewhere)).Message.ShouldContain("--controller-port 65534");
    }

    [Fact]
    public void HttpListener_OfAllBrokers_HasToTakeFreePorts()
    {
        Should.Throw<BrokerStartException>(() => ClusterLayout.Prepare(Options(3, 0, ("schemastream.http.listener", "127.0.0.1:9644"))))
            .Message.ShouldContain("expected port 0");
        Nodes(Options(3, 0, ("schemastream.http.listener", "127.0.0.1:0"))).ShouldAllBe(node => node.HttpListener!.Port == 0);
    }

    private static List<NodeConfiguration> Nodes(StackOptions options) =>
    [
        .. ClusterLayout.Prepare(options)
            .Select(place => NodeConfiguration.From(BrokerOptions.FromFile(BrokerConfigFile.Load(place.ConfigPath)))),
    ];

    private StackOptions Options(int brokers, int kafkaPort, params (string Key, string Value)[] settings) => new(
        new DirectoryInfo(_data.Path),
        brokers,
        "127.0.0.1",
        kafkaPort,
        0,
        settings.ToDictionary(setting => setting.Key, setting => setting.Value),
        [],
        LogLevel.Information);
}
