using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/migrating.md</c>.</summary>
public sealed class MigratingPage(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task TheSuccessor_HoldsWhatTheTopicHeld_AndWhatItIsGivenMeanwhile()
    {
        await using var client = shop.Stack.CreateClient();
        await client.CreateTopicAsync(Topics.Orders, new TopicSpecification { PartitionCount = 1 });
        await using var producer = await client.CreateProducerAsync(Topics.Orders);
        await producer.SendAsync("customer-7", new OrderPlaced("o-1", 1250));

        await client.MigrateAsync(
            Topics.Orders,
            Topics.OrdersV2,
            order => new OutgoingRecord<string, OrderPlacedV2>(
                order.Key, new OrderPlacedV2(order.Value.OrderId, order.Value.Cents / 100m)));

        using var stop = new CancellationTokenSource();
        var stopping = stop.Token;
        static OutgoingRecord<string, OrderPlacedV2>? map(ConsumedRecord<string, OrderPlaced> order) =>
            new(order.Key, new OrderPlacedV2(order.Value.OrderId, order.Value.Cents / 100m));
        var following = client.MigrateAsync(Topics.Orders, Topics.OrdersV2, map, new MigrationOptions { Follow = true }, stopping);
        await producer.SendAsync("customer-7", new OrderPlaced("o-2", 300));

        await using var consumer = await client.CreateConsumerAsync(Topics.OrdersV2, "readers");
        using var limit = new CancellationTokenSource(TestTime.Limit);
        var amounts = new List<decimal>();
        await foreach (var order in consumer.ReadAllAsync(limit.Token))
        {
            amounts.Add(order.Value.Amount);
            if (amounts.Count == 2)
            {
                break;
            }
        }

        amounts.ShouldBe([12.5m, 3m]);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => following.WaitAsync(TestTime.Limit));
    }

    public static class Topics
    {
        public static readonly Topic<string, OrderPlaced> Orders = Topic.Avro<string, OrderPlaced>("sales");

        public static readonly Topic<string, OrderPlacedV2> OrdersV2 = Topic.Avro<string, OrderPlacedV2>("sales.v2");
    }

    public sealed record OrderPlaced(string OrderId, long Cents);

    public sealed record OrderPlacedV2(string OrderId, decimal Amount);
}
