using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SchemaStream.Hosting.Consuming;
using SchemaStream.TestKit;

namespace SchemaStream.Hosting.Tests.Stack;

public sealed class HostedTableTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private static readonly OrderPlaced Order = new("1", 100);

    [Fact]
    public async Task ATableIsAService_ThatIsKeptUpToDate()
    {
        var topic = await fixture.NewTopicAsync<OrderPlaced>("orders");
        await fixture.FillAsync(topic, Order);
        using var host = fixture.Host((_, stream) => stream.AddTable(topic).AddProducer(topic));
        await host.StartAsync();

        var table = host.Services.GetRequiredService<ITopicTable<string, OrderPlaced>>();
        await table.WhenReadyAsync().WaitAsync(TestTime.Limit);
        table["1"].ShouldBe(Order);
        var written = await host.Services.GetRequiredService<ITopicProducer<string, OrderPlaced>>().SendAsync("2", new OrderPlaced("2", 200));
        await table.WhenAppliedAsync(written).WaitAsync(TestTime.Limit);

        table.TryGet("2", out var second).ShouldBeTrue();
        second.ShouldBe(new OrderPlaced("2", 200));
        (table.IsReady, table.Count, table.Topic).ShouldBe((true, 2, topic));
        table.Positions.ShouldBe([new RecordPosition(topic.Name, 0, 2)]);
        table.Select(row => row.Key).Order().ShouldBe(["1", "2"]);
        host.Services.GetRequiredKeyedService<ITopicTable<string, OrderPlaced>>(topic.Name).ShouldBeSameAs(table);
        await host.StopAsync();
    }

    [Fact]
    public async Task BeforeTheTableIsCaughtUp_LookupsThrow_AndTheHealthCheckSaysWhoIsWaitedFor()
    {
        var topic = await fixture.NewTopicAsync<OrderPlaced>("orders");
        using var host = fixture.Host((_, stream) => stream.AddTable(topic).AddHealthChecks());
        var table = host.Services.GetRequiredService<ITopicTable<string, OrderPlaced>>();
        var changes = table.ReadChangesAsync().GetAsyncEnumerator();
        var first = changes.MoveNextAsync();

        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Entries["schemastream"].Description.ShouldBe($"Not running yet: the table of {topic.Name}.");
        table.IsReady.ShouldBeFalse();
        table.Positions.ShouldBeEmpty();
        Should.Throw<InvalidOperationException>(() => table.TryGet("1", out _)).Message.ShouldContain(topic.Name);
        Should.Throw<InvalidOperationException>(() => table.Count);

        var ready = table.WhenReadyAsync();
        await host.StartAsync();
        await ready.WaitAsync(TestTime.Limit);
        table.Count.ShouldBe(0);
        await StackFixture.UntilHealthIsAsync(host, HealthStatus.Healthy);
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();

        (await first.AsTask().WaitAsync(TestTime.Limit)).ShouldBeFalse("the stream ends with the table");
    }

    [Fact]
    public async Task ATopicThatIsNotThereYet_IsWaitedFor_AndConsumersWaitForItsTable()
    {
        var customers = Topic.Avro<string, OrderPlaced>(fixture.NewName("late-customers"));
        var orders = await fixture.NewTopicAsync<PaymentReceived>("payments");
        await fixture.FillAsync(orders, new PaymentReceived("1"));
        var found = new Found();
        using var host = fixture.Host((services, stream) =>
        {
            services.AddSingleton(found);
            stream.AddConsumer<LookingUp>(orders, fixture.NewName("billing")).AddTable(customers).AddHealthChecks();
        });
        await host.StartAsync();
        var waiting = await StackFixture.UntilHealthIsAsync(host, HealthStatus.Unhealthy);
        waiting.Data.Count(part => part.Value is "not running yet").ShouldBe(1, "the consumer");

        await fixture.CreateAsync(customers);

        (await found.Orders.Task.WaitAsync(TestTime.Limit)).ShouldBeNull("the table is empty, and answers");
        await StackFixture.UntilHealthIsAsync(host, HealthStatus.Healthy);
        await host.StopAsync();
    }

    /// <summary>Services stop in the opposite order: the table's first.</summary>
    [Fact]
    public async Task WhenTheHostStops_HandlersThatStillRun_StillLookUp()
    {
        var customers = await fixture.NewTopicAsync<OrderPlaced>("customers");
        var orders = await fixture.NewTopicAsync<PaymentReceived>("payments");
        await fixture.FillAsync(customers, Order);
        await fixture.FillAsync(orders, new PaymentReceived("1"));
        var found = new Found { Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        var (stopped, table) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), default(ITopicTable<string, OrderPlaced>));
        using (var host = fixture.Host((services, stream) =>
        {
            services.AddSingleton(found);
            stream.AddConsumer<LookingUp>(orders, fixture.NewName("billing"));
            services.AddHostedService(_ => new Between(stopped));
            stream.AddTable(customers);
        }))
        {
            table = host.Services.GetRequiredService<ITopicTable<string, OrderPlaced>>();
            await host.StartAsync();
            await found.Begun.Task.WaitAsync(TestTime.Limit);
            var stopping = host.StopAsync();
            await stopped.Task.WaitAsync(TestTime.Limit);
            found.Gate.SetResult();
            await stopping;
        }

        (await found.Orders.Task.WaitAsync(TestTime.Limit)).ShouldBe(Order);
        Should.Throw<InvalidOperationException>(() => table.Count, "it was disposed with the host");
    }

    [Fact]
    public async Task ATopicOfOtherTypes_StopsTheHost_AndWhoWaitsIsToldWhy()
    {
        var topic = await fixture.NewTopicAsync<OrderPlaced>("orders");
        using var host = fixture.Host((_, stream) => stream.AddTable(Topic.Avro<string, PaymentReceived>(topic.Name)));
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult);

        await host.StartAsync();

        await stopped.Task.WaitAsync(TestTime.Limit);
        var table = host.Services.GetRequiredService<ITopicTable<string, PaymentReceived>>();
        await Should.ThrowAsync<TopicContractException>(() => table.WhenReadyAsync().WaitAsync(TestTime.Limit));
    }

    /// <summary>Written by a program that knows nothing of schemas.</summary>
    [Fact]
    public async Task ARecordThatCannotBeRead_StopsTheHost_AndLookupsSayWhy()
    {
        var topic = await fixture.NewTopicAsync<OrderPlaced>("orders");
        using var host = fixture.Host((_, stream) => stream.AddTable(topic).AddHealthChecks());
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult);
        await host.StartAsync();
        var table = host.Services.GetRequiredService<ITopicTable<string, OrderPlaced>>();
        await table.WhenReadyAsync().WaitAsync(TestTime.Limit);

        using (var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = fixture.Stack.BootstrapServers }).Build())
        {
            await producer.ProduceAsync(topic.Name, new Message<string, string> { Key = "k", Value = "no schema" }).WaitAsync(TestTime.Limit);
        }

        await stopped.Task.WaitAsync(TestTime.Limit);
        Should.Throw<InvalidOperationException>(() => table.Count).InnerException.ShouldBeOfType<RecordDecodeException>();
        var health = await StackFixture.UntilHealthIsAsync(host, HealthStatus.Unhealthy);
        health.Description.ShouldNotBeNull().ShouldStartWith($"The table of {topic.Name} has failed: ");
    }

    [Fact]
    public void TwoTopicsOfTheSameTypes_AreToldApartByTheirNames()
    {
        var (paid, placed) = (Topic.Avro<string, OrderPlaced>("paid"), Topic.Avro<string, OrderPlaced>("placed"));
        using var host = fixture.Host((_, stream) => stream.AddTable(paid).AddTable(placed));

        host.Services.GetRequiredKeyedService<ITopicTable<string, OrderPlaced>>("paid").Topic.ShouldBe(paid);
        host.Services.GetRequiredKeyedService<ITopicTable<string, OrderPlaced>>("placed").Topic.ShouldBe(placed);
        Should.Throw<InvalidOperationException>(() => host.Services.GetRequiredService<ITopicTable<string, OrderPlaced>>())
            .Message.ShouldContain("ask for the table of one, as with [FromKeyedServices(\"placed\")]");
        Should.Throw<InvalidOperationException>(() => fixture.Host((_, stream) => stream.AddTable(paid).AddTable(paid)))
            .Message.ShouldContain("Topic 'paid' has a table already");
    }

    private sealed class Found
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<OrderPlaced?> Orders { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource? Gate { get; init; }
    }

    private sealed class LookingUp(Found found, ITopicTable<string, OrderPlaced> table) : ITopicHandler<string, PaymentReceived>
    {
        public async ValueTask HandleAsync(ConsumedRecord<string, PaymentReceived> record, CancellationToken cancellationToken)
        {
            found.Begun.TrySetResult();
            if (found.Gate is { } gate)
            {
                await gate.Task.WaitAsync(TestTime.Limit, cancellationToken);
            }

            found.Orders.TrySetResult(table.TryGet(record.Value.PaymentId, out var order) ? order : null);
        }
    }

    /// <summary>Told to stop when the table's service has stopped, and before the consumer's is told.</summary>
    private sealed class Between(TaskCompletionSource stopped) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            stopped.SetResult();
            return Task.CompletedTask;
        }
    }
}
