using SchemaStream.TestKit;
using Shop.Contracts;

namespace SchemaStream.Samples.Tests.Services;

/// <summary>Each visit counts once, whatever happens to who counts.</summary>
public sealed class AnalyticsTests(ShopStack shop) : IClassFixture<ShopStack>
{
    private static readonly DateTimeOffset Minute = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Skus = [.. Products.All.Select(product => product.Sku)];

    [Fact]
    public async Task Visits_CountOnce_WhenPartitionsGoToAnotherMemberAndComeBack_AndWhenAllIsCountedAnew()
    {
        await using var client = new SchemaStreamClient(new() { BootstrapServers = shop.Stack.BootstrapServers, RegistryUrl = new Uri(shop.Stack.RegistryUrl) });
        await client.EnsureTopicAsync(Topics.Visits, Topics.Events);
        await client.EnsureTopicAsync(Topics.VisitsPerMinute, Topics.LatestPerKey);
        await using var counts = await client.CreateTableAsync(Topics.VisitsPerMinute);
        await using var visits = await client.CreateProducerAsync(Topics.Visits);

        await using (var analytics = shop.Start("Analytics"))
        {
            await VisitAsync(visits);
            await CountedAsync(counts, 1);

            await using (var guest = await client.CreateConsumerAsync(Topics.Visits, "analytics"))
            {
                await guest.WaitForAssignmentAsync(); // some partitions are the guest's, who reads nothing
            }

            await VisitAsync(visits); // they are back
            await CountedAsync(counts, 2);
            (await analytics.StopAsync()).ShouldBe(0, analytics.Written);
        }

        await using (var next = shop.Start("Analytics"))
        {
            await VisitAsync(visits);
            await CountedAsync(counts, 3);
            (await next.StopAsync()).ShouldBe(0, next.Written);
        }

        foreach (var told in await ToldAsync(client, counts.Positions[0].Offset))
        {
            told.ShouldBe([.. told.Order()], "nobody has seen a count shrink");
            told.ShouldBeUnique();
        }
    }

    private static async Task VisitAsync(ITopicProducer<string, Visit> visits) =>
        await visits.SendManyAsync(Skus.Select(sku => new OutgoingRecord<string, Visit>(sku, new Visit(Guid.NewGuid(), sku, "test", Minute.AddSeconds(3)))));

    private static Task CountedAsync(ITopicTable<string, VisitsPerMinute> counts, long each) =>
        Eventually.TrueAsync(() => counts.Count == Skus.Length && counts.All(count => count.Value.Count == each), $"{each} of each are counted");

    /// <summary>Per product all that was ever told of it, in order.</summary>
    private static async Task<IReadOnlyList<List<long>>> ToldAsync(SchemaStreamClient client, long end)
    {
        await using var consumer = await client.CreateConsumerAsync(Topics.VisitsPerMinute, "test");
        using var limit = new CancellationTokenSource(TestTime.Limit);
        var told = new List<VisitsPerMinute>();
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            told.Add(record.Value);
            if (record.Offset + 1 >= end)
            {
                break;
            }
        }

        return [.. told.GroupBy(count => count.Sku).Select(sku => sku.Select(count => count.Count).ToList())];
    }
}
