using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Topics;

/// <summary>Contracts and the topics that they are for, on a real broker.</summary>
public sealed class ClusterTopicsTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private KafkaConnection _connection = null!;
    private Instance _registry = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _connection = await _broker.ConnectAsync();
        _registry = await Instance.StartAsync(_broker.BootstrapServers);
    }

    public async Task DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _connection.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Metadata_TellsTheClustersId()
    {
        var cluster = await _connection.SendAsync(new DescribeClusterRequest(), 0);

        var (_, metadata) = await _registry.GetAsync("/v1/metadata/id");

        metadata.GetProperty("scope").GetProperty("clusters").GetProperty("kafka-cluster").GetString().ShouldBe(cluster.ClusterId);
    }

    [Fact]
    public async Task ATopicsConfigs_AreItsContract()
    {
        await CreateAsync("orders", ("schemastream.key.type", "uuid"), ("schemastream.value.type", "avro:A|B"));

        var (refused, why) = await _registry.RegisterAsync("orders-value", Avro.Record("C"));
        var (_, contract) = await _registry.GetAsync("/contracts/topics/orders");

        refused.ShouldBe(409, why.ToString());
        contract.GetProperty("key").GetProperty("format").GetString().ShouldBe("uuid");
        contract.GetProperty("value").GetProperty("types").ToString().ShouldBe("""["A","B"]""");
        contract.GetProperty("boundBy").GetString().ShouldBe("the configs of topic orders");
    }

    [Fact]
    public async Task ATopicsConfigs_AreItsContract_AtAnInstanceThatDoesNotLeadAsWell()
    {
        (await _registry.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);
        await using var follower = await Instance.StartAsync(_broker.BootstrapServers);
        await CreateAsync("orders", ("schemastream.value.type", "string"));

        var (status, contract) = await follower.GetAsync("/contracts/topics/orders");

        status.ShouldBe(200, contract.ToString());
        contract.GetProperty("boundBy").GetString().ShouldBe("the configs of topic orders");
        (await follower.GetAsync("/contracts/topics")).Body.ToString().ShouldContain("\"orders\"");
    }

    [Fact]
    public async Task AContract_EndsOnceItsTopicIsGone()
    {
        await CreateAsync("orders", ("schemastream.value.type", "string"));
        (await _registry.GetAsync("/contracts/topics/orders")).Status.ShouldBe(200);

        var (refused, why) = await _registry.SendAsync(HttpMethod.Delete, "/contracts/topics/orders?force=true");
        await _connection.SendAsync(new DeleteTopicsRequest { TopicNames = ["orders"], TimeoutMs = 10_000 }, 4);

        refused.ShouldBe(422, why.ToString());
        await Eventually.GetAsync(
            async () => (await _registry.SendAsync(HttpMethod.Delete, "/contracts/topics/orders")).Status,
            status => status == 200,
            "the topic is gone and the contract with it");
        (await _registry.GetAsync("/contracts/topics/orders/history")).Body.GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task ASuccessor_IsATopicLikeTheOneBefore_ThatStatesItsTypes()
    {
        await CreateAsync("orders", ("schemastream.value.type", "string"), ("retention.ms", "-1"));
        (await _registry.GetAsync("/contracts/topics/orders")).Status.ShouldBe(200);

        var (status, body) = await _registry.SendAsync(
            HttpMethod.Post, "/contracts/topics/orders/successor", """{"value":{"format":"AVRO","type":"com.acme.Order"}}""");

        status.ShouldBe(200, body.ToString());
        var metadata = await Eventually.GetAsync(
            () => _connection.SendAsync(new MetadataRequest { Topics = [new() { Name = "orders.v2" }], AllowAutoTopicCreation = false }, 8),
            answer => answer.Topics.Single().ErrorCode == ErrorCode.None,
            "the successor is there");
        metadata.Topics.Single().Partitions.Count.ShouldBe(3);
        var configs = await _connection.SendAsync(
            new DescribeConfigsRequest
            {
                Resources = [new() { ResourceType = 2, ResourceName = "orders.v2", ConfigurationKeys = ["schemastream.value.type", "retention.ms"] }],
            },
            2);
        var values = configs.Results.Single().Configs.ToDictionary(config => config.Name, config => config.Value!);
        values["schemastream.value.type"].ToUpperInvariant().ShouldBe("AVRO:COM.ACME.ORDER");
        values["retention.ms"].ShouldBe("-1", "what is copied to it must be kept as long");
    }

    private async Task CreateAsync(string topic, params (string Name, string Value)[] configs)
    {
        var request = new CreateTopicsRequest { TimeoutMs = 10_000 };
        request.Topics.Add(new()
        {
            Name = topic,
            NumPartitions = 3,
            ReplicationFactor = 1,
            Configs = [.. configs.Select(config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Name, Value = config.Value })],
        });
        var answer = await _connection.SendAsync(request, 4);
        answer.Topics.Single().ErrorCode.ShouldBe(ErrorCode.None, answer.Topics.Single().ErrorMessage);
    }
}
