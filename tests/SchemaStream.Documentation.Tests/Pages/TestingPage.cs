using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SchemaStream.Hosting;
using SchemaStream.Testing;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/testing.md</c>; its fixture is <see cref="Shop"/>, its host that of <see cref="HostingPage"/>.</summary>
public sealed class TestingPage
{
    [Fact]
    public async Task TestWithoutAServer_AsThePageHasIt()
    {
        var cluster = new InMemoryCluster();
        await using var client = cluster.CreateClient();
        await client.EnsureTopicAsync(Topics.Discounts);
        await using var producer = await client.CreateProducerAsync(Topics.Discounts);

        await new Discounts(producer).HandleAsync(Bought("customer-7", 250));

        await using var consumer = await client.CreateConsumerAsync(Topics.Discounts, "test");
        await foreach (var discount in consumer.ReadAllAsync())
        {
            discount.Value.ShouldBe(new Discount(25));
            break;
        }
    }

    [Fact]
    public async Task TypeThatTheTopicDoesNotCarry_IsRefused_AsInProduction()
    {
        var cluster = new InMemoryCluster();
        await using var client = cluster.CreateClient();
        await using var producer = await client.CreateProducerAsync(Topics.Discounts);

        await Should.ThrowAsync<TopicContractException>(() => client.CreateProducerAsync(Topic.Avro<string, Voucher>("discounts")));
    }

    [Fact]
    public async Task TestWithTheRealThing_AsThePageHasIt()
    {
        await using var stack = await SchemaStreamTestHost.StartAsync();
        await using var client = stack.CreateClient();
        await client.EnsureTopicAsync(Topics.Discounts);
        await using var producer = await client.CreateProducerAsync(Topics.Discounts);

        (await producer.SendAsync("customer-7", new Discount(25))).Topic.ShouldBe("discounts");
    }

    [Fact]
    public async Task HostWithoutAServer_AsThePageHasIt()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SchemaStream:BootstrapServers"] = "kafka.example:9092", ["SchemaStream:RegistryUrl"] = "http://registry.example",
        });
        builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"))
            .AddTopic(Topics.Purchases)
            .AddTopic(Topics.Discounts)
            .AddTransform(Topics.Purchases, Topics.Discounts, "discounts", purchase => purchase.Value.Amount >= 100
                ? new OutgoingRecord<string, Discount>(purchase.Key, new Discount(purchase.Value.Amount / 10))
                : null)
            .AddTable(Topics.Discounts)
            .AddProducer(Topics.Purchases)
            .AddHealthChecks();

        var cluster = new InMemoryCluster();
        await using var client = cluster.CreateClient();
        builder.Services.AddSingleton(client); // in the place of the one that configuration describes
        using var host = builder.Build();
        await host.StartAsync();

        var purchases = host.Services.GetRequiredService<ITopicProducer<string, Purchase>>();
        await purchases.SendAsync("customer-7", new Purchase(250));

        var discounts = host.Services.GetRequiredService<ITopicTable<string, Discount>>();
        await discounts.WhenAppliedAsync(new RecordPosition("discounts", 0, 0));
        discounts["customer-7"].ShouldBe(new Discount(25));

        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        await host.StopAsync();
    }

    private static ConsumedRecord<string, Purchase> Bought(string customer, decimal amount) =>
        new("purchases", 0, 0, DateTimeOffset.UnixEpoch, customer, new Purchase(amount), HasKey: true, IsTombstone: false, new RecordHeaders());

    public static class Topics
    {
        public static readonly Topic<string, Purchase> Purchases = Topic.Avro<string, Purchase>("purchases");
        public static readonly Topic<string, Discount> Discounts = Topic.Avro<string, Discount>("discounts");
    }

    public sealed record Purchase([property: Avro.AvroDecimal(18, 2)] decimal Amount);

    public sealed record Discount([property: Avro.AvroDecimal(18, 2)] decimal Amount);

    public sealed record Voucher(string Code);

    public sealed class Discounts(ITopicProducer<string, Discount> discounts)
    {
        public async Task HandleAsync(ConsumedRecord<string, Purchase> purchase)
        {
            if (purchase.Value.Amount >= 100)
            {
                await discounts.SendAsync(purchase.Key, new Discount(purchase.Value.Amount / 10));
            }
        }
    }
}
