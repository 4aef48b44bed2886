using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/tables.md</c>.</summary>
public sealed class TablesPage(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Table_HoldsTheLatestOfEveryKey()
    {
        await using var client = shop.Stack.CreateClient();
        await client.EnsureTopicAsync(Topics.Customers, new TopicSpecification
        {
            PartitionCount = 4,
            Settings = new Dictionary<string, string> { ["cleanup.policy"] = "compact" },
        });

        await using var producer = await client.CreateProducerAsync(Topics.Customers);
        await producer.SendAsync("customer-7", new Customer("Ada", "London"));

        await using var customers = await client.CreateTableAsync(Topics.Customers);
        if (customers.TryGet("customer-7", out var customer))
        {
            Console.WriteLine($"{customer.Name} lives in {customer.City}");
        }

        var changes = customers.ReadChangesAsync();
        var written = await producer.SendAsync("customer-7", new Customer("Ada", "Paris"));
        await customers.WhenAppliedAsync(written);
        Console.WriteLine(customers["customer-7"].City); // Paris

        customers["customer-7"].City.ShouldBe("Paris");
        using var limit = new CancellationTokenSource(TestTime.Limit);
        await foreach (var change in changes.WithCancellation(limit.Token))
        {
            Console.WriteLine(change.IsDeleted ? $"{change.Key} is gone" : $"{change.Key} is now {change.Value}");
            change.Value.City.ShouldBe("Paris");
            break;
        }
    }

    public static class Topics
    {
        public static readonly Topic<string, Customer> Customers = Topic.Avro<string, Customer>("customers");
    }

    public sealed record Customer(string Name, string City);
}
