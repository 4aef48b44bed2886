using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Clusters;

/// <summary>A controller and a broker that are nodes of their own, and which listener serves what.</summary>
public sealed class SeparateRolesTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly int[] _ports = FreePorts.Take(2);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Broker_IsServedByAControllerThatIsNone()
    {
        await using var controller = await StartAsync(1, ("process.roles", "controller"), ("listeners", $"CONTROLLER://127.0.0.1:{_ports[0]}"));
        await using var broker = await StartAsync(2, ("process.roles", "broker"), ("listeners", $"PLAINTEXT://127.0.0.1:{_ports[1]}"));
        controller.BootstrapServers.ShouldBeEmpty();
        controller.ControllerAddress.ShouldBe($"127.0.0.1:{_ports[0]}");
        broker.ControllerAddress.ShouldBeNull();

        await using var client = await KafkaConnection.ConnectAsync("127.0.0.1", _ports[1]);
        await client.CreateTopicAsync("orders", partitions: 2);
        (await client.ProduceAsync("orders", Wire.Batch("a"))).ErrorCode.ShouldBe(ErrorCode.None);
        var metadata = await client.SendAsync(new MetadataRequest { Topics = [] }, 9);
        metadata.Brokers.ShouldHaveSingleItem().NodeId.ShouldBe(2);
        metadata.ControllerId.ShouldBe(2, "any broker passes on what the controller decides");
    }

    [Fact]
    public async Task ControllersListener_ServesNodesAndNoClients()
    {
        await using var node = await StartAsync(
            1, ("listeners", $"PLAINTEXT://127.0.0.1:{_ports[1]},CONTROLLER://127.0.0.1:{_ports[0]}"));
        await using var client = await KafkaConnection.ConnectAsync("127.0.0.1", _ports[0]);

        var served = (await client.SendAsync(new ApiVersionsRequest(), 0)).ApiKeys.Select(key => (ApiKey)key.ApiKey).ToList();
        served.ShouldContain(ApiKey.QuorumVote);
        served.ShouldContain(ApiKey.ControllerRegisterBroker);
        served.ShouldContain(ApiKey.DescribeQuorum);
        served.ShouldNotContain(ApiKey.Metadata);
        served.ShouldNotContain(ApiKey.Produce);
        await Should.ThrowAsync<KafkaConnectionClosedException>(client.SendAsync(new MetadataRequest { Topics = [] }, 9));
    }

    private Task<BrokerHost> StartAsync(int nodeId, params (string Key, string Value)[] settings)
    {
        var all = settings.ToDictionary(setting => setting.Key, setting => setting.Value);
        all["node.id"] = $"{nodeId}";
        all["cluster.id"] = "separate-roles";
        all["log.dirs"] = Path.Combine(_directory.Path, $"node-{nodeId}");
        all["controller.quorum.voters"] = $"1@127.0.0.1:{_ports[0]}";
        return BrokerHost.StartAsync(new BrokerOptions { Settings = all }, new LogCollector(), TimeProvider.System, CancellationToken.None)
            .WaitAsync(TestTime.Limit);
    }
}
