using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/exactly-once.md</c>.</summary>
public sealed class ExactlyOncePage(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task OrdersBecomeBills_ByHandAndByTheLoop()
    {
        await using var client = shop.Stack.CreateClient();
        await client.CreateTopicAsync(Topics.Orders, new TopicSpecification { PartitionCount = 1 });
        await client.CreateTopicAsync(Topics.Bills, new TopicSpecification { PartitionCount = 1 });
        await WriteBothAsync(client);
        await BillByHandAsync(client);

        using var stop = new CancellationTokenSource();
        var stopping = stop.Token;
        var billing = client.TransformAsync(
            Topics.Orders,
            Topics.Bills,
            groupId: "billing",
            transactionalId: "billing-1",
            order => new OutgoingRecord<string, BillSent>(order.Key, new BillSent(order.Value.OrderId, order.Value.Cents)),
            cancellationToken: stopping);

        await using var bills = await client.CreateConsumerAsync(Topics.Bills, "readers");
        using var limit = new CancellationTokenSource(TestTime.Limit);
        var read = 0;
        await foreach (var bill in bills.ReadAllAsync(limit.Token))
        {
            bill.Value.ShouldBe(new BillSent("o-1", 1250));
            if (++read == 3)
            {
                break;
            }
        }

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => billing.WaitAsync(TestTime.Limit));
    }

    private static async Task WriteBothAsync(SchemaStreamClient client)
    {
        await using var producer = await client.CreateTransactionalProducerAsync("billing-1");
        await using (var tx = await producer.BeginAsync())
        {
            await tx.EnqueueAsync(Topics.Orders, "customer-7", new OrderPlaced("o-1", 1250));
            await tx.EnqueueAsync(Topics.Bills, "customer-7", new BillSent("o-1", 1250));
            await tx.CommitAsync();
        }
    }

    private static async Task BillByHandAsync(SchemaStreamClient client)
    {
        await using var producer = await client.CreateTransactionalProducerAsync("billing-2");
        await using var consumer = await client.CreateConsumerAsync(
            Topics.Orders, "billing-by-hand", new ConsumerOptions { CommitMode = CommitMode.Manual });
        using var limit = new CancellationTokenSource(TestTime.Limit);
        await foreach (var order in consumer.ReadAllAsync(limit.Token))
        {
            await using var tx = await producer.BeginAsync();
            await tx.EnqueueAsync(Topics.Bills, order.Key, new BillSent(order.Value.OrderId, order.Value.Cents));
            await tx.AddPositionsAsync(consumer, [order.Position with { Offset = order.Offset + 1 }]);
            await tx.CommitAsync();
            break;
        }
    }

    public static class Topics
    {
        public static readonly Topic<string, OrderPlaced> Orders = Topic.Avro<string, OrderPlaced>("billed-orders");

        public static readonly Topic<string, BillSent> Bills = Topic.Avro<string, BillSent>("bills");
    }

    public sealed record OrderPlaced(string OrderId, long Cents);

    public sealed record BillSent(string OrderId, long Cents);
}
