using Microsoft.Extensions.DependencyInjection;
using SchemaStream.TestKit;

namespace SchemaStream.Hosting.Tests.Stack;

public sealed class HostedProducerTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    [Fact]
    public async Task AProducerIsAService_MadeWhenTheHostStarts()
    {
        var topic = Topic.Avro<string, OrderPlaced>(fixture.NewName("orders"));
        using var host = fixture.Host((_, stream) => stream.AddTopic(topic, new() { PartitionCount = 1 }).AddProducer(topic));
        await host.StartAsync();

        var producer = host.Services.GetRequiredService<ITopicProducer<string, OrderPlaced>>();
        var position = await producer.SendAsync("k", new OrderPlaced("1", 100));

        position.ShouldBe(new RecordPosition(topic.Name, 0, 0));
        host.Services.GetRequiredKeyedService<ITopicProducer<string, OrderPlaced>>(topic.Name).ShouldBeSameAs(producer);
        await host.StopAsync();
    }

    [Fact]
    public async Task ATopic_HasThePartitionsThatConfigurationSays()
    {
        var topic = Topic.Avro<string, OrderPlaced>(fixture.NewName("orders"));
        using var host = fixture.Host(
            (_, stream) => stream.AddTopic(topic, new() { PartitionCount = 1 }).AddTable(topic), ($"Topics:{topic.Name}:PartitionCount", "3"));
        await host.StartAsync();

        var table = host.Services.GetRequiredService<ITopicTable<string, OrderPlaced>>();
        await table.WhenReadyAsync().WaitAsync(TestTime.Limit);

        table.Positions.Count.ShouldBe(3);
        await host.StopAsync();
    }

    [Fact]
    public async Task AProducer_WorksBeforeTheHostHasStarted()
    {
        var topic = Topic.Avro<string, OrderPlaced>(fixture.NewName("orders"));
        using var host = fixture.Host((_, stream) => stream.AddProducer(topic));
        await using (var client = fixture.Stack.CreateClient())
        {
            await client.CreateTopicAsync(topic);
        }

        var producer = host.Services.GetRequiredService<ITopicProducer<string, OrderPlaced>>();

        (await producer.SendAsync("k", new OrderPlaced("1", 100))).Offset.ShouldBe(0);
    }

    [Fact]
    public async Task WhatWasEnqueued_IsDeliveredWhenTheHostStops()
    {
        var topic = Topic.Avro<string, OrderPlaced>(fixture.NewName("orders"));
        var host = fixture.Host(
            (_, stream) => stream.AddTopic(topic).AddProducer(topic), ($"Producers:{topic.Name}:Linger", "00:00:02"));
        await host.StartAsync();
        await host.Services.GetRequiredService<ITopicProducer<string, OrderPlaced>>().EnqueueAsync("k", new OrderPlaced("1", 100));

        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();

        await using var client = fixture.Stack.CreateClient();
        await using var consumer = await client.CreateConsumerAsync(topic, fixture.NewName("readers"));
        using var limit = new CancellationTokenSource(TestTime.Limit);
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            record.Value.OrderId.ShouldBe("1");
            break;
        }
    }

    [Fact]
    public async Task ATopicOfOtherTypes_FailsTheHostsStart()
    {
        var name = fixture.NewName("orders");
        await using (var client = fixture.Stack.CreateClient())
        {
            await client.CreateTopicAsync(Topic.Avro<string, OrderPlaced>(name));
        }

        using var host = fixture.Host((_, stream) => stream.AddProducer(Topic.Avro<string, PaymentReceived>(name)));

        var refusal = await Should.ThrowAsync<TopicContractException>(() => host.StartAsync());
        refusal.Message.ShouldContain(name);
    }

    [Fact]
    public async Task BrokersThatAreNotThere_AreWaitedFor_AndThenFailTheStart()
    {
        var topic = Topic.Avro<string, OrderPlaced>(fixture.NewName("orders"));
        using var host = fixture.Host(
            (_, stream) => stream.AddProducer(topic), ("RegistryUrl", "http://127.0.0.1:1"), ("StartTimeout", "00:00:01"));

        var failure = await Should.ThrowAsync<Exception>(() => host.StartAsync());

        failure.Message.ShouldContain("http://127.0.0.1:1");
    }

    [Fact]
    public void TwoTopicsOfTheSameTypes_AreToldApartByTheirNames()
    {
        var (paid, placed) = (Topic.Avro<string, OrderPlaced>("paid"), Topic.Avro<string, OrderPlaced>("placed"));
        using var host = fixture.Host((_, stream) => stream.AddProducer(paid).AddProducer(placed));

        host.Services.GetRequiredKeyedService<ITopicProducer<string, OrderPlaced>>("paid").Topic.ShouldBe(paid);
        host.Services.GetRequiredKeyedService<ITopicProducer<string, OrderPlaced>>("placed").Topic.ShouldBe(placed);
        Should.Throw<InvalidOperationException>(() => host.Services.GetRequiredService<ITopicProducer<string, OrderPlaced>>())
            .Message.ShouldContain("[FromKeyedServices(\"placed\")]");
    }
}
