using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SchemaStream.Hosting;
using SchemaStream.Hosting.Consuming;
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

    public static class Topics
    {
        public static readonly Topic<string, BillSent> Bills = Topic.Avro<string, BillSent>("bills");
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
