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

    private static ConsumedRecord<string, Purchase> Bought(string customer, decimal amount) =>
        new("purchases", 0, 0, DateTimeOffset.UnixEpoch, customer, new Purchase(amount), HasKey: true, IsTombstone: false, new RecordHeaders());

    public static class Topics
    {
        public static readonly Topic<string, Discount> Discounts = Topic.Avro<string, Discount>("discounts");
    }

    public sealed record Purchase(decimal Amount);

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
