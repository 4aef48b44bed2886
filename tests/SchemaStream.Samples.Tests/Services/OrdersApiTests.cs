using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using SchemaStream.TestKit;
using Shop.Contracts;

namespace SchemaStream.Samples.Tests.Services;

/// <summary>From a request to the topic, and no second time.</summary>
public sealed class OrdersApiTests(ShopStack shop) : IClassFixture<ShopStack>
{
    [Fact]
    public async Task Order_AskedForTwice_IsOneOrder_AndAnotherUnderItsKeyIsRefused()
    {
        var api = await shop.SharedApiAsync();

        using var first = await api.OrderAsync("key-1", "sku-1", 2);
        using var again = await api.OrderAsync("key-1", "sku-1", 2);
        using var other = await api.OrderAsync("key-1", "sku-1", 3);

        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var order = await first.Content.ReadFromJsonAsync<JsonElement>();
        (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("orderId").GetGuid().ShouldBe(order.GetProperty("orderId").GetGuid());
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var found = await api.Http.GetFromJsonAsync<JsonElement>(first.Headers.Location);
        found.GetProperty("total").GetDecimal().ShouldBe(15.00m);
    }

    [Fact]
    public async Task Order_ThatIsNone_IsRefusedWithWhatIsWrong()
    {
        var api = await shop.SharedApiAsync();
        (string Key, string Sku, int Quantity, string Named)[] orders =
        [
            ("", "sku-1", 1, "Idempotency-Key"), ("key", "sku-99", 1, "sku-99"), ("key", "sku-1", 0, "quantity"), ("key", "sku-1", 101, "quantity"),
        ];
        foreach (var order in orders)
        {
            using var answer = await api.OrderAsync(order.Key, order.Sku, order.Quantity);

            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await answer.Content.ReadAsStringAsync()).ShouldContain(order.Named);
        }
    }

    [Theory]
    [InlineData("""{"customer": "customer-1", "lines": [null]}""")]
    [InlineData("""{"customer": "customer-1", "lines": [{}]}""")]
    [InlineData("""{"customer": "customer-1"}""")]
    [InlineData("""{"lines": [{"sku": "sku-1", "quantity": 1}]}""")]
    [InlineData("null")]
    [InlineData("[")]
    public async Task Body_ThatIsNoOrder_IsTheClientsFault(string body)
    {
        var api = await shop.SharedApiAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "orders") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", "of-no-order");

        using var answer = await api.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    /// <summary>Its new rows would take numbers that count as sent: better no order than one that is forgotten.</summary>
    [Fact]
    public async Task Outbox_OfADatabaseFromABackup_IsNotTakenForSent()
    {
        string backup;
        await using (var api = await shop.StartApiAsync("restored.db"))
        {
            (await api.OrderAsync("one", "sku-1", 1)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
            (await api.Program.StopAsync()).ShouldBe(0, api.Program.Written);
            backup = shop.Copy("restored.db", "backup.db");
        }

        await using var client = new SchemaStreamClient(new() { BootstrapServers = shop.Stack.BootstrapServers, RegistryUrl = new Uri(shop.Stack.RegistryUrl) });
        await using (var api = await shop.StartApiAsync("restored.db"))
        {
            (await api.OrderAsync("two", "sku-1", 1)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
            await api.Program.WroteAsync("The outbox is sent through row");
            await using var progress = await client.CreateTableAsync(Topics.OutboxProgress);
            await Eventually.TrueAsync(() => progress.TryGet(IdOf(backup), out var sent) && sent == 2, "both rows are sent");
        }

        await using var restored = shop.StartApi("backup.db");

        (await restored.Program.ExitCodeAsync()).ShouldNotBe(0, restored.Program.Written);
        restored.Program.Written.ShouldContain("The outbox is sent through row 2, but this database had 1 at its start");
    }

    /// <summary>Rows that were sent are not sent again, and those that were not are.</summary>
    [Fact]
    public async Task Outbox_OfAnApiThatIsKilledAgainAndAgain_IsSentOnce()
    {
        const int lives = 3;
        const int ordersPerLife = 20;
        var customer = $"customer-{Random.Shared.Next(1_000_000, 2_000_000)}";
        for (var life = 0; life < lives; life++)
        {
            await using var api = await shop.StartApiAsync("killed.db");
            for (var number = 0; number < ordersPerLife; number++)
            {
                using var answer = await api.OrderAsync($"life-{life}-{number}", "sku-2", 1 + number, customer);
                answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            }

            await api.Program.KillAsync(); // most likely amid a transaction
        }

        await using var last = await shop.StartApiAsync("killed.db");
        await using var client = new SchemaStreamClient(new() { BootstrapServers = shop.Stack.BootstrapServers, RegistryUrl = new Uri(shop.Stack.RegistryUrl) });
        await using var consumer = await client.CreateConsumerAsync(Topics.Orders, $"tests-{customer}");
        using var limit = new CancellationTokenSource(TestTime.Limit);
        using var marker = await last.OrderAsync("the-last", "sku-1", 100, customer);
        marker.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var quantities = new List<int>();
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            if (record.Key == customer)
            {
                quantities.Add(record.Value.Lines[0].Quantity);
            }

            if (record.Key == customer && record.Headers["idempotency-key"]?.AsText() == "the-last")
            {
                break;
            }
        }

        quantities.ShouldBe([.. Enumerable.Repeat(Enumerable.Range(1, ordersPerLife), lives).SelectMany(life => life), 100]);
    }

    /// <summary>The outbox's identity, as the file has it.</summary>
    private static string IdOf(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM identity";
        return (string)command.ExecuteScalar()!;
    }
}
