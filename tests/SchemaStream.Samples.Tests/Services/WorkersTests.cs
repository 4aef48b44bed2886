using System.Globalization;
using System.Net;
using SchemaStream.Samples.Tests.Programs;
using SchemaStream.TestKit;
using Shop.Contracts;

namespace SchemaStream.Samples.Tests.Services;

/// <summary>Each worker for itself, with what it reads sent to it.</summary>
public sealed class WorkersTests(ShopStack shop) : IClassFixture<ShopStack>
{
    /// <summary>The table is the state: whoever comes back goes on where the one that was killed had committed.</summary>
    [Fact]
    public async Task Inventory_KilledAndStartedAgain_GoesOnWithTheStockThatItHad()
    {
        var api = await shop.SharedApiAsync();
        await using var client = new SchemaStreamClient(new() { BootstrapServers = shop.Stack.BootstrapServers, RegistryUrl = new Uri(shop.Stack.RegistryUrl) });
        await client.EnsureTopicAsync(Topics.Stock, Topics.LatestPerKey);
        await using var stock = await client.CreateTableAsync(Topics.Stock);

        await using (var first = shop.Start("Inventory.Worker"))
        {
            await OrderAsync(api, "first", 10);
            await Eventually.TrueAsync(() => SoldOf(stock) == 10, "ten items are sold");
            await first.KillAsync();
        }

        await OrderAsync(api, "second", 5);
        await using var next = shop.Start("Inventory.Worker");
        await Eventually.TrueAsync(() => SoldOf(stock) == 15, "fifteen items are sold");
        stock["sku-3"].ShouldBe(new StockLevel("sku-3", Products.InitialStock - 15, 15));
        (await next.StopAsync()).ShouldBe(0, next.Written);
    }

    /// <summary>Who sells what this worker has not heard of does not stop it for all the others.</summary>
    [Fact]
    public async Task Inventory_OfAnOrderForAProductThatItDoesNotKnow_GoesOn()
    {
        await shop.SharedApiAsync(); // it has made the topic
        await using var client = new SchemaStreamClient(new() { BootstrapServers = shop.Stack.BootstrapServers, RegistryUrl = new Uri(shop.Stack.RegistryUrl) });
        await client.EnsureTopicAsync(Topics.Stock, Topics.LatestPerKey);
        await using var stock = await client.CreateTableAsync(Topics.Stock);
        await using var producer = await client.CreateProducerAsync(Topics.Orders);
        var order = new OrderPlaced(Guid.NewGuid(), "customer-1", [new OrderLine("sku-new", 4, 1m), new OrderLine("sku-new", 3, 1m)], 7m, DateTimeOffset.UnixEpoch);

        await using (var first = shop.Start("Inventory.Worker"))
        {
            await producer.SendAsync("customer-1", order);
            await Eventually.TrueAsync(() => stock.TryGet("sku-new", out var level) && level.Sold == 7, "they are sold");
        }

        await using var next = shop.Start("Inventory.Worker"); // which finds it in the table, and nowhere else
        await producer.SendAsync("customer-1", order);
        await Eventually.TrueAsync(() => stock.TryGet("sku-new", out var level) && level.Sold == 14, "they are sold again");
        stock["sku-new"].ShouldBe(new StockLevel("sku-new", -14, 14));
        (await next.StopAsync()).ShouldBe(0, next.Written);
    }

    /// <summary>Where someone looks, the table is drawn over itself; a visit of five minutes ago is in its own row.</summary>
    [Fact]
    public async Task Analytics_OnATerminal_DrawsATable_WithLateVisitsInTheirOwnMinute()
    {
        var api = await shop.SharedApiAsync();
        (await api.Http.GetAsync("products/sku-1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var (exitCode, written) = await shop.RunPythonAsync("visits_producer.py", "--count", "6", "--minutes-ago", "5");
        exitCode.ShouldBe(0, written);

        // `script` gives it a terminal of its own.
        await using var analytics = RunningProgram.Start(
            "script", ["-q", "-e", "-c", SourceTree.Sample("Analytics"), "/dev/null"], shop.Environment(("TERM", "xterm")));

        await analytics.WroteAsync("minute (UTC)");
        await Eventually.TrueAsync(() => RowsOf(analytics.Written).Count >= 2, "two minutes are shown");
        RowsOf(analytics.Written).Select(row => row.Minute).Distinct().Count().ShouldBeGreaterThanOrEqualTo(2);
        RowsOf(analytics.Written)[0].Counts.ShouldAllBe(count => count <= 1, "one visit of each product, five minutes ago or six");
    }

    [Fact]
    public async Task Analytics_WithoutATerminal_WritesPlainLines()
    {
        var api = await shop.SharedApiAsync();
        (await api.Http.GetAsync("products/sku-4")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using var analytics = shop.Start("Analytics");

        await analytics.WroteAsync("Z sku-4 ");

        analytics.Written.ShouldNotContain("\e[");
        (await analytics.StopAsync()).ShouldBe(0, analytics.Written);
    }

    [Fact]
    public async Task Python_WithAnotherShape_IsRefusedBeforeItLeaves()
    {
        await shop.SharedApiAsync(); // it has bound the topic's type

        var (exitCode, written) = await shop.RunPythonAsync("visits_producer.py", "--count", "1", "--break");

        exitCode.ShouldBe(3, written);
        written.ShouldContain("'sku' is a required property");
    }

    [Fact]
    public async Task Payments_AreMadeOfOrders_InProtobuf()
    {
        var api = await shop.SharedApiAsync();
        await using var payments = shop.Start("Payments.Worker", ("Payments__Limit", "20"));
        var customer = "customer-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        using var small = await api.OrderAsync($"small-{customer}", "sku-1", 1, customer);
        using var large = await api.OrderAsync($"large-{customer}", "sku-5", 1, customer);

        await using var client = new SchemaStreamClient(new() { BootstrapServers = shop.Stack.BootstrapServers, RegistryUrl = new Uri(shop.Stack.RegistryUrl) });
        await client.EnsureTopicAsync(Topics.Payments, Topics.Events);
        await using var consumer = await client.CreateConsumerAsync(Topics.Payments, customer);
        using var limit = new CancellationTokenSource(TestTime.Limit);
        var found = new Dictionary<long, PaymentOutcome>();
        await foreach (var payment in consumer.ReadAllAsync(limit.Token))
        {
            if (payment.Value.Customer == customer)
            {
                found[payment.Value.Cents] = payment.Value.Outcome;
            }

            if (found.Count == 2)
            {
                break;
            }
        }

        (await payments.StopAsync()).ShouldBe(0, payments.Written);
        payments.Written.ShouldNotContain("librdkafka", customMessage: "nothing has happened that its log is for");
        found.ShouldBe(new Dictionary<long, PaymentOutcome> { [750] = PaymentOutcome.Taken, [5900] = PaymentOutcome.Declined }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("Orders.Api")]
    [InlineData("Payments.Worker")]
    [InlineData("Inventory.Worker")]
    [InlineData("Notifications.Worker")]
    [InlineData("Analytics")]
    public async Task Service_ThatIsToldToStopWhileItWaitsForBrokers_EndsWell(string service)
    {
        using var directory = new TempDirectory();
        await using var program = shop.Start(
            service,
            ("SchemaStream__BootstrapServers", "127.0.0.1:1"),
            ("SchemaStream__RegistryUrl", "http://127.0.0.1:1"),
            ("Orders__Database", Path.Combine(directory.Path, "orders.db")));
        await program.WroteAsync("The start waits for");

        (await program.StopAsync()).ShouldBe(0, program.Written);
    }

    private static async Task OrderAsync(RunningApi api, string prefix, int count)
    {
        for (var number = 0; number < count; number++)
        {
            using var answer = await api.OrderAsync($"{prefix}-{number}", "sku-3", 1);
            answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }
    }

    private static int SoldOf(ITopicTable<string, StockLevel> stock) => stock.TryGet("sku-3", out var level) ? level.Sold : 0;

    /// <summary>The rows of the table that was drawn last.</summary>
    private static List<(string Minute, int[] Counts)> RowsOf(string written)
    {
        var table = written[(written.LastIndexOf("minute (UTC)", StringComparison.Ordinal) + 1)..];
        return
        [
            .. table.Split('\n').Skip(1).Where(line => line.StartsWith("20", StringComparison.Ordinal))
                .Select(line => line.Replace("\e[K", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(cells => (cells[1], cells[2..].Select(cell => int.Parse(cell, CultureInfo.InvariantCulture)).ToArray())),
        ];
    }
}
