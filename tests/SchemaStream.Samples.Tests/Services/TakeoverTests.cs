using System.Net;
using SchemaStream.TestKit;
using Shop.Contracts;

namespace SchemaStream.Samples.Tests.Services;

/// <summary>Two programs under one transactional id: the later one works on, the earlier one ends, and nothing counts twice.</summary>
public sealed class TakeoverTests(ShopStack shop) : IClassFixture<ShopStack>
{
    [Fact]
    public async Task Inventory_WhoseSuccessorIsStarted_StopsWithAFailure()
    {
        await using var api = await shop.StartApiAsync("inventory.db");
        await using var client = new SchemaStreamClient(new() { BootstrapServers = shop.Stack.BootstrapServers, RegistryUrl = new Uri(shop.Stack.RegistryUrl) });
        await client.EnsureTopicAsync(Topics.Stock, Topics.LatestPerKey);
        await using var stock = await client.CreateTableAsync(Topics.Stock);
        await using var first = shop.Start("Inventory.Worker");
        await OrderAsync(api, "first", 5);
        await Eventually.TrueAsync(() => SoldOf(stock) == 5, "the first one works");

        await using var second = shop.Start("Inventory.Worker");
        await second.WroteAsync("The stock of ");

        var number = 0;
        await Eventually.GetAsync(
            async () =>
            {
                await OrderAsync(api, $"more-{number++}", 1); // until one of them meets the first worker's partitions
                return first.HasExited;
            },
            hasExited => hasExited,
            "the first one has ended");
        (await first.ExitCodeAsync()).ShouldNotBe(0, first.Written);
        first.Written.ShouldContain("FENCED");
        await Eventually.TrueAsync(() => SoldOf(stock) == 5 + number, "each order is taken once");
        (await second.StopAsync()).ShouldBe(0, second.Written);
    }

    [Fact]
    public async Task Relay_WhoseSuccessorIsStarted_StopsItsApiWithAFailure()
    {
        await using var first = await shop.StartApiAsync("relay.db");
        await OrderAsync(first, "before", 3, "sku-6");
        await using var second = await shop.StartApiAsync("relay.db");
        await second.Program.WroteAsync("The outbox is sent through row");

        using var answer = await first.OrderAsync("after", "sku-6", 1);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await first.Program.ExitCodeAsync()).ShouldNotBe(0, first.Program.Written);
        first.Program.Written.ShouldContain("FENCED");
    }

    private static async Task OrderAsync(RunningApi api, string prefix, int count, string sku = "sku-3")
    {
        for (var number = 0; number < count; number++)
        {
            using var answer = await api.OrderAsync($"{prefix}-{number}", sku, 1, $"customer-{prefix}-{number}");
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }
    }

    private static int SoldOf(ITopicTable<string, StockLevel> stock) => stock.TryGet("sku-3", out var level) ? level.Sold : 0;
}
