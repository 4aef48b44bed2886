using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SchemaStream.Hosting;
using SchemaStream.Hosting.Consuming;
using SchemaStream.Hosting.Transforming;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/hosting.md</c>.</summary>
public sealed class HostingPage(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task TheProgramOnThePage_HandlesWhatItSends()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SchemaStream:BootstrapServers"] = shop.Stack.BootstrapServers,
            ["SchemaStream:RegistryUrl"] = shop.Stack.RegistryUrl.ToString(),
        });

        builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"))
            .AddTopic(Topics.Bills)
            .AddProducer(Topics.Bills)
            .AddConsumer<BillHandler>(Topics.Bills, "accounting", consumer => consumer.CommitMode = CommitMode.AfterHandling)
            .AddHealthChecks();

        builder.Services.AddSingleton<Ledger>();
        using var host = builder.Build();
        await host.StartAsync();
        var billing = ActivatorUtilities.CreateInstance<BillingService>(host.Services);
        await billing.BillAsync("customer-7", 12.50m);

        (await host.Services.GetRequiredService<Ledger>().FirstBill.Task.WaitAsync(TestTime.Limit)).Amount.ShouldBe(12.50m);
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        health.Status.ShouldBe(HealthStatus.Healthy);
        await host.StopAsync();
    }

    [Fact]
    public async Task TheTransformOnThePage_LooksCustomersUp_AndWritesReceipts()
    {
        await using (var client = shop.Stack.CreateClient())
        {
            await client.EnsureTopicAsync(Topics.Customers);
            await client.EnsureTopicAsync(Topics.Bills);
            await using var customers = await client.CreateProducerAsync(Topics.Customers);
            await customers.SendAsync("customer-8", new Customer("Ada"));
            await using var bills = await client.CreateProducerAsync(Topics.Bills);
            await bills.SendAsync("nobody", new BillSent(1));
            await bills.SendAsync("customer-8", new BillSent(12.50m));
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SchemaStream:BootstrapServers"] = shop.Stack.BootstrapServers,
            ["SchemaStream:RegistryUrl"] = shop.Stack.RegistryUrl.ToString(),
        });
        var stream = builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"));

        stream
            .AddTopic(Topics.Receipts)
            .AddTable(Topics.Customers)
            .AddTransform<Receipts>(Topics.Bills, Topics.Receipts, "receipts");

        stream.AddTransform(Topics.Bills, Topics.Amounts, "amounts", bill => new OutgoingRecord<string, decimal>(bill.Key, bill.Value.Amount));

        stream.AddTopic(Topics.Amounts);
        using var host = builder.Build();
        await host.StartAsync();

        await using (var client = shop.Stack.CreateClient())
        {
            using var limit = new CancellationTokenSource(TestTime.Limit);
            await using var receipts = await client.CreateConsumerAsync(Topics.Receipts, "test");
            await foreach (var receipt in receipts.ReadAllAsync(limit.Token))
            {
                receipt.Value.ShouldBe(new Receipt("Ada", 12.50m));
                break;
            }

            await using var amounts = await client.CreateConsumerAsync(Topics.Amounts, "test");
            await foreach (var amount in amounts.ReadAllAsync(limit.Token))
            {
                if (amount.Key == "customer-8")
                {
                    amount.Value.ShouldBe(12.50m);
                    break;
                }
            }
        }

        await host.StopAsync();
    }

    public static class Topics
    {
        public static readonly Topic<string, BillSent> Bills = Topic.Avro<string, BillSent>("bills");
        public static readonly Topic<string, Customer> Customers = Topic.Avro<string, Customer>("bills.customers");
        public static readonly Topic<string, Receipt> Receipts = Topic.Avro<string, Receipt>("bills.receipts");
        public static readonly Topic<string, decimal> Amounts = Topic.Json<string, decimal>("bills.amounts");
    }

    public sealed record Customer(string Name);

    public sealed record Receipt(string Customer, [property: Avro.AvroDecimal(18, 2)] decimal Amount);

    public sealed class Receipts(ITopicTable<string, Customer> customers) : ITopicTransform<string, BillSent, string, Receipt>
    {
        public ValueTask<OutgoingRecord<string, Receipt>?> TransformAsync(
            ConsumedRecord<string, BillSent> record, CancellationToken cancellationToken) => new(
                customers.TryGet(record.Key, out var customer)
                    ? new OutgoingRecord<string, Receipt>(record.Key, new Receipt(customer.Name, record.Value.Amount))
                    : null);
    }

    public sealed record BillSent([property: Avro.AvroDecimal(18, 2)] decimal Amount);

    /// <summary>What the handler's program would keep.</summary>
    public sealed class Ledger
    {
        public TaskCompletionSource<BillSent> FirstBill { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task AddAsync(string customer, BillSent bill)
        {
            FirstBill.TrySetResult(bill);
            return Task.CompletedTask;
        }
    }

    public sealed class BillHandler(Ledger ledger) : ITopicHandler<string, BillSent>
    {
        public async ValueTask HandleAsync(ConsumedRecord<string, BillSent> record, CancellationToken cancellationToken) =>
            await ledger.AddAsync(record.Key, record.Value);
    }

    public sealed class BillingService(ITopicProducer<string, BillSent> bills)
    {
        public async Task BillAsync(string customer, decimal amount) => await bills.SendAsync(customer, new BillSent(amount));
    }
}
