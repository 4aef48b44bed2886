using SchemaStream.Avro;
using SchemaStream.Testing;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/first-steps.md</c>.</summary>
public sealed class FirstStepsPage(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task TheProgramOnThePage_ReadsWhatItWrites()
    {
        await using var client = shop.Stack.CreateClient();

        (await FirstProgramAsync(client)).ShouldBe("customer-7 ordered order-1 for 12.50");
    }

    [Fact]
    public async Task ATestWithoutAnyServer_AsThePageHasIt()
    {
        var cluster = new InMemoryCluster();
        await using var client = cluster.CreateClient();

        (await FirstProgramAsync(client)).ShouldBe("customer-7 ordered order-1 for 12.50");
    }

    [Fact]
    public async Task AProgramWithAnotherType_IsRefused_AsThePageSays()
    {
        await using var client = shop.Stack.CreateClient();
        await client.EnsureTopicAsync(Topics.Orders);

        var refusal = await Should.ThrowAsync<TopicContractException>(
            () => client.CreateProducerAsync(Topic.Avro<string, Refund>("orders")));

        refusal.Message.ShouldContain("OrderPlaced");
        refusal.Message.ShouldContain("Refund");
    }

    /// <summary>Compiled, not run: a page's addresses are those of <c>schemastream up</c>.</summary>
    internal static SchemaStreamClient ClientOfThePage()
    {
        var client = new SchemaStreamClient(new()
        {
            BootstrapServers = "127.0.0.1:9092",
            RegistryUrl = new Uri("http://127.0.0.1:8081"),
        });

        return client;
    }

    private static async Task<string> FirstProgramAsync(SchemaStreamClient client)
    {
        await client.EnsureTopicAsync(Topics.Orders);
        await using var producer = await client.CreateProducerAsync(Topics.Orders);
        await producer.SendAsync("customer-7", new OrderPlaced("order-1", 12.50m));

        await using var consumer = await client.CreateConsumerAsync(Topics.Orders, "billing");
        await foreach (var record in consumer.ReadAllAsync())
        {
            var line = FormattableString.Invariant($"{record.Key} ordered {record.Value.OrderId} for {record.Value.Amount}");
            Console.WriteLine(line);
            return line;
        }

        throw new InvalidOperationException("The topic ended.");
    }

    private static class Topics
    {
        public static readonly Topic<string, OrderPlaced> Orders = Topic.Avro<string, OrderPlaced>("orders");
    }

    public sealed record OrderPlaced(string OrderId, [property: AvroDecimal(18, 2)] decimal Amount);

    public sealed record Refund(string OrderId);
}
