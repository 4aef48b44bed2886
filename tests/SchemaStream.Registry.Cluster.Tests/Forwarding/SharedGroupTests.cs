using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Forwarding;

/// <summary>Two registries that someone has put into one group, though each keeps a log of its own.</summary>
public sealed class SharedGroupTests : IAsyncLifetime
{
    private const string OtherLog = "_other,_schemastream_contracts";

    private TestBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync();

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task Write_AtARegistryWhoseGroupAnotherLeads_GoesToNeitherLogAndSaysWhatToSet()
    {
        await using var first = await Instance.StartAsync(_broker.BootstrapServers);
        (await first.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);
        var logs = new LogCollector();
        await using var second = await Instance.StartAsync(_broker.BootstrapServers, WithOtherTopic, logs);

        var (status, body) = await second.RegisterAsync("b-value", Avro.Record("B"));

        status.ShouldBe(500);
        body.GetProperty("error_code").GetInt32().ShouldBe(50003);
        body.GetProperty("message").GetString()!.ShouldContain("schema.registry.group.id");
        await logs.WaitForAsync("give one of the registries another schema.registry.group.id");
        (await first.GetAsync("/subjects")).Body.ToString().ShouldBe("""["a-value"]""");
        (await second.GetAsync("/subjects")).Body.ToString().ShouldBe("[]");
    }

    [Fact]
    public async Task Forwarded_ByARegistryOfAnotherLog_IsRefused()
    {
        // As where a registry of Confluent's assigns the leader, and drops what it does not know of it.
        await using var leader = await Instance.StartAsync(_broker.BootstrapServers);
        (await leader.RegisterAsync("a-value", Avro.Record("A"))).Status.ShouldBe(200);

        var (status, body) = await leader.SendAsync(
            HttpMethod.Put, "/config", """{"compatibility":"NONE"}""", ("X-Forward", "true"), ("X-SchemaStream-Log", OtherLog));

        status.ShouldBe(500);
        body.GetProperty("error_code").GetInt32().ShouldBe(50003);
        body.GetProperty("message").GetString()!.ShouldContain(OtherLog);
    }

    [Fact]
    public async Task Registries_OfTwoGroupsOnOneCluster_LeadEachItsOwn()
    {
        await using var first = await Instance.StartAsync(_broker.BootstrapServers);
        await using var second = await Instance.StartAsync(
            _broker.BootstrapServers, WithOtherTopic, run: options => options with { GroupId = "other-registry" });

        (await first.RegisterAsync("a-value", Avro.Record("A"))).Body.GetProperty("id").GetInt32().ShouldBe(1);
        (await second.RegisterAsync("b-value", Avro.Record("B"))).Body.GetProperty("id").GetInt32().ShouldBe(1);
    }

    private static KafkaStoreOptions WithOtherTopic(KafkaStoreOptions store) => store with { Topic = "_other" };
}
