namespace SchemaStream.Registry.Tests.Topics;

/// <summary>Contracts where there is a cluster to ask about topics.</summary>
public sealed class TopicTypesTests : IAsyncLifetime
{
    private readonly KnownTopics _topics = new();
    private TestRegistry _registry = null!;

    public async Task InitializeAsync() =>
        _registry = await TestRegistry.StartAsync(change: options => options with { Topics = _topics });

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task Get_OfATopicThatStatesItsTypes_ShowsThemBound()
    {
        _topics.Add("orders", "uuid", "avro:com.acme.OrderPlaced");

        var contract = (await _registry.GetAsync("/contracts/topics/orders")).ShouldBeOk().Json;

        contract.GetProperty("key").GetProperty("format").GetString().ShouldBe("uuid");
        contract.GetProperty("value").GetProperty("type").GetString().ShouldBe("com.acme.OrderPlaced");
        contract.GetProperty("binding").GetString().ShouldBe("EXPLICIT");
        contract.GetProperty("boundBy").GetString().ShouldBe("the configs of topic orders");
    }

    [Fact]
    public async Task FirstSchemaAndPut_ComeAfterWhatTheTopicWasCreatedWith()
    {
        _topics.Add("orders", valueType: "avro:com.acme.OrderPlaced");
        _topics.Add("payments", valueType: "string");

        (await _registry.RegisterAsync("orders-value", Schemas.OrderCancelled)).ShouldBeRefused(409, 40910)
            .ShouldContain("by the configs of topic orders");
        (await _registry.PutAsync("/contracts/topics/payments", new { value = new { format = "bytes" } })).ShouldBeRefused(409, 40910);
        (await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced)).ShouldBeOk();
    }

    [Fact]
    public async Task Configs_ThatStateAnotherTypeThanIsBound_ChangeNothing()
    {
        (await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced)).ShouldBeOk();
        _topics.Add("orders", valueType: "avro:com.acme.OrderCancelled");

        (await _registry.PutAsync("/contracts/topics/orders", new { key = new { format = "uuid" } })).ShouldBeOk()
            .Json.GetProperty("value").GetProperty("type").GetString().ShouldBe("com.acme.OrderPlaced");
    }

    [Fact]
    public async Task Delete_AsksTheClusterWhetherTheTopicIsGone_WhateverIsForced()
    {
        _topics.Add("orders", valueType: "string");
        (await _registry.GetAsync("/contracts/topics/orders")).ShouldBeOk();

        (await _registry.DeleteAsync("/contracts/topics/orders?force=true")).ShouldBeRefused(422, 42206).ShouldContain("Delete the topic first");
        _topics.IsSilent = true;
        (await _registry.DeleteAsync("/contracts/topics/orders?force=true")).ShouldBeRefused(500, 50002).ShouldContain("no broker can be reached");
        _topics.IsSilent = false;
        _topics.All.Clear();
        (await _registry.DeleteAsync("/contracts/topics/orders")).ShouldBeOk();
        (await _registry.GetAsync("/contracts/topics/orders")).ShouldBeRefused(404, 40420);
    }

    [Fact]
    public async Task Successor_IsMadeOnTheClusterAsWell()
    {
        _topics.Add("orders", "uuid", "avro:com.acme.OrderPlaced");
        (await _registry.GetAsync("/contracts/topics/orders")).ShouldBeOk();
        var body = new { value = new { format = "AVRO", types = new[] { "com.acme.B", "com.acme.A" } } };

        _topics.IsSilent = true;
        (await _registry.PostAsync("/contracts/topics/orders/successor", body)).ShouldBeRefused(500, 50002).ShouldContain("Ask again");
        _topics.IsSilent = false;
        (await _registry.PostAsync("/contracts/topics/orders/successor", body)).ShouldBeOk();

        _topics.All["orders.v2"].ShouldBe(new("orders.v2", "uuid", "AVRO:com.acme.A|com.acme.B"));
    }

    [Fact]
    public async Task ASilentCluster_KeepsNobodyFromReadingAndRegistering()
    {
        _topics.IsSilent = true;

        (await _registry.RegisterAsync("orders-value", Schemas.OrderPlaced)).ShouldBeOk();
        (await _registry.GetAsync("/contracts/topics/orders")).ShouldBeOk();
        (await _registry.GetAsync("/contracts/topics/payments")).ShouldBeRefused(404, 40420);
    }
}
