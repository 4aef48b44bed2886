namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/producing.md</c>.</summary>
public sealed class ProducingPage(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Records_GoOutInEveryWay()
    {
        await using var client = shop.Stack.CreateClient();
        await client.CreateTopicAsync(Topics.Orders, new TopicSpecification { PartitionCount = 1 });
        var placedAt = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        OrderPlaced[] orders = [new("o-5", 1), new("o-6", 2)];

        await using var producer = await client.CreateProducerAsync(Topics.Orders);
        var position = await producer.SendAsync("customer-7", new OrderPlaced("o-1", 1250));
        Console.WriteLine($"{position.Topic}[{position.Partition}] at offset {position.Offset}");

        var positions = await producer.SendManyAsync(
        [
            new("customer-7", new OrderPlaced("o-2", 300)),
            new("customer-8", new OrderPlaced("o-3", 990), new RecordOptions { Headers = new RecordHeaders().Add("source", "web") }),
        ]);
        positions.Select(each => each.Offset).ShouldBe([1, 2]);

        foreach (var order in orders)
        {
            await producer.EnqueueAsync(order.OrderId, order);
        }

        await producer.FlushAsync();
        await producer.SendTombstoneAsync("customer-7");
        await producer.SendAsync("customer-9", new OrderPlaced("o-4", 40), new RecordOptions { Partition = 0, Timestamp = placedAt });

        producer.PendingCount.ShouldBe(0);
        (await producer.SendAsync("customer-7", orders[0])).Offset.ShouldBe(7);
    }

    public static class Topics
    {
        public static readonly Topic<string, OrderPlaced> Orders = Topic.Avro<string, OrderPlaced>("produced-orders");
    }

    public sealed record OrderPlaced(string OrderId, long Cents);
}
