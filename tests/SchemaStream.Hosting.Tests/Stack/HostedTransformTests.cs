using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SchemaStream.Hosting.Transforming;
using SchemaStream.Registry.Client;
using SchemaStream.TestKit;

namespace SchemaStream.Hosting.Tests.Stack;

public sealed class HostedTransformTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private const int Count = 30;

    [Fact]
    public async Task WhatAFunctionMakesOfEachRecord_IsWrittenOnce()
    {
        var (orders, payments) = (await fixture.NewTopicAsync<OrderPlaced>("orders"), await fixture.NewTopicAsync<PaymentReceived>("payments"));
        await fixture.FillAsync(orders, Orders(Count));
        using var host = fixture.Host((_, stream) => stream
            .AddTransform(orders, payments, fixture.NewName("billing"), order =>
                order.Value.Cents % 2 == 0 ? new OutgoingRecord<string, PaymentReceived>(order.Key, new PaymentReceived(order.Value.OrderId)) : null)
            .AddHealthChecks());

        await host.StartAsync();

        (await fixture.TakeAsync(payments, Count / 2)).Select(payment => payment.PaymentId)
            .ShouldBe(Enumerable.Range(0, Count).Where(n => n % 2 == 0).Select(n => $"{n}"), "odd ones give nothing");
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
        await host.StopAsync();
    }

    [Fact]
    public async Task ATransformMadeOfServices_HasAScopePerRecord()
    {
        var (orders, payments) = (await fixture.NewTopicAsync<OrderPlaced>("orders"), await fixture.NewTopicAsync<PaymentReceived>("payments"));
        await fixture.FillAsync(orders, Orders(3));
        var seen = new Seen();
        using var host = fixture.Host((services, stream) =>
        {
            services.AddSingleton(seen);
            stream.AddTransform<Billing>(orders, payments, fixture.NewName("billing"));
        });

        await host.StartAsync();

        (await fixture.TakeAsync(payments, 3)).Select(payment => payment.PaymentId).ShouldBe(["0", "1", "2"]);
        seen.Handlers.Distinct().Count().ShouldBe(seen.Handlers.Count, "a transform per record");
        await host.StopAsync();
    }

    [Fact]
    public async Task AHandlerOfTransactions_WritesToSeveralTopics()
    {
        var orders = await fixture.NewTopicAsync<OrderPlaced>("orders");
        var targets = new Targets(await fixture.NewTopicAsync<PaymentReceived>("payments"), await fixture.NewTopicAsync<OrderPlaced>("copies"));
        await fixture.FillAsync(orders, Orders(3));
        using var host = fixture.Host((services, stream) =>
        {
            services.AddSingleton(targets);
            stream.AddTransform<Splitting>(orders, fixture.NewName("splitting"));
        });

        await host.StartAsync();

        (await fixture.TakeAsync(targets.Payments, 6)).Select(payment => payment.PaymentId)
            .ShouldBe(["0a", "0b", "1a", "1b", "2a", "2b"]);
        (await fixture.TakeAsync(targets.Copies, 3)).ShouldBe(Orders(3));
        await host.StopAsync();
    }

    [Fact]
    public async Task WhenTheHostStops_TheRecordInHandIsFinished_AndNothingIsDoneTwice()
    {
        var (orders, payments) = (await fixture.NewTopicAsync<OrderPlaced>("orders"), await fixture.NewTopicAsync<PaymentReceived>("payments"));
        await fixture.FillAsync(orders, Orders(Count));
        var group = fixture.NewName("billing");
        var first = new Seen { Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        using (var host = HostOf(first))
        {
            await host.StartAsync();
            await first.UntilAsync(1);
            var stopping = host.StopAsync();
            first.Gate.SetResult();
            await stopping;
        }

        var second = new Seen();
        using (var host = HostOf(second))
        {
            await host.StartAsync();
            (await fixture.TakeAsync(payments, Count)).Select(payment => payment.PaymentId).ShouldBe(Enumerable.Range(0, Count).Select(n => $"{n}"));
            await host.StopAsync();
        }

        (first.Handlers.Count + second.Handlers.Count).ShouldBe(Count, "what the first has handled was committed");

        IHost HostOf(Seen seen) => fixture.Host((services, stream) =>
        {
            services.AddSingleton(seen);
            stream.AddTransform<Billing>(orders, payments, group);
        });
    }

    [Fact]
    public async Task ATransformThatThrows_StopsTheHost_WithNothingOfItsTransaction()
    {
        var (orders, payments) = (await fixture.NewTopicAsync<OrderPlaced>("orders"), await fixture.NewTopicAsync<PaymentReceived>("payments"));
        var group = fixture.NewName("billing");
        await fixture.FillAsync(orders, Orders(3));
        using (var host = HostOf(order => order.Value.OrderId == "2" ? throw new InvalidOperationException("no such customer") : Paid(order)))
        {
            var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult);

            await host.StartAsync();

            await stopped.Task.WaitAsync(TestTime.Limit);
            var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
            report.Status.ShouldBe(HealthStatus.Unhealthy);
            report.Entries["schemastream"].Description.ShouldNotBeNull()
                .ShouldContain($"The transform of {orders.Name} as {group} has failed: no such customer");
        }

        using (var mended = HostOf(Paid))
        {
            await mended.StartAsync();
            (await fixture.TakeAsync(payments, 3)).Select(payment => payment.PaymentId).ShouldBe(["0", "1", "2"]);
            await mended.StopAsync();
        }

        IHost HostOf(Func<ConsumedRecord<string, OrderPlaced>, OutgoingRecord<string, PaymentReceived>?> map) => fixture.Host((_, stream) => stream
            .AddTransform(orders, payments, group, map, transform => transform.Timeout = TimeSpan.FromSeconds(10))
            .AddHealthChecks());
    }

    /// <summary>As when the other topic's schema is asked for while the registry is away.</summary>
    [Fact]
    public async Task WhatMayPassByItself_IsWaitedFor_AndNothingIsWrittenTwice()
    {
        var (orders, payments) = (await fixture.NewTopicAsync<OrderPlaced>("orders"), await fixture.NewTopicAsync<PaymentReceived>("payments"));
        await fixture.FillAsync(orders, Orders(3));
        var attempts = 0;
        using var host = fixture.Host((_, stream) => stream
            .AddTransform(orders, payments, fixture.NewName("billing"), order => order.Value.OrderId == "2" && ++attempts < 3
                ? throw new RegistryUnreachableException("not now")
                : Paid(order))
            .AddHealthChecks());

        await host.StartAsync();

        (await fixture.TakeAsync(payments, 3)).Select(payment => payment.PaymentId).ShouldBe(["0", "1", "2"]);
        attempts.ShouldBeGreaterThanOrEqualTo(3);
        await StackFixture.UntilHealthIsAsync(host, HealthStatus.Healthy);
        await host.StopAsync();
    }

    /// <summary>Trying again would not mend it: brokers allow a quarter of an hour.</summary>
    [Fact]
    public async Task ASettingThatTheBrokersRefuse_StopsTheHost()
    {
        var (orders, payments) = (await fixture.NewTopicAsync<OrderPlaced>("orders"), await fixture.NewTopicAsync<PaymentReceived>("payments"));
        var group = fixture.NewName("billing");
        using var host = fixture.Host(
            (_, stream) => stream.AddTransform(orders, payments, group, Paid).AddHealthChecks(), ($"Transforms:{group}:Timeout", "10:00:00"));
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult);

        await host.StartAsync();

        await stopped.Task.WaitAsync(TestTime.Limit);
        (await StackFixture.UntilHealthIsAsync(host, HealthStatus.Unhealthy)).Description.ShouldNotBeNull().ShouldContain("INVALID_TRANSACTION_TIMEOUT");
    }

    [Fact]
    public async Task TwoTransformsOfOneTransactionalId_FailTheHostsStart()
    {
        var (orders, payments) = (Topic.Avro<string, OrderPlaced>("orders"), Topic.Avro<string, PaymentReceived>("payments"));
        using var host = fixture.Host(
            (_, stream) => stream.AddTransform(orders, payments, "billing", Paid).AddTransform(orders, payments, "paying", Paid),
            ("Transforms:billing:TransactionalId", "one"),
            ("Transforms:paying:TransactionalId", "one"));

        (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync()))
            .Message.ShouldContain("Transforms:paying:TransactionalId is 'one', which another transform of this host has; one of its own was expected");
    }

    [Fact]
    public void ATransformOfOtherTypes_IsRefusedWhereItIsAdded()
    {
        var (orders, payments) = (Topic.Avro<string, OrderPlaced>("orders"), Topic.Avro<string, PaymentReceived>("payments"));

        Should.Throw<ArgumentException>(() => fixture.Host((_, stream) => stream.AddTransform<Billing>(orders, orders, "billing"))).Message.ShouldContain(
            "Billing cannot transform topic 'orders' into 'orders': an ITopicTransform<String, OrderPlaced, String, OrderPlaced> was expected");
        Should.Throw<ArgumentException>(() => fixture.Host((_, stream) => stream.AddTransform<Splitting>(payments, "billing"))).Message.ShouldContain(
            "Splitting cannot handle topic 'payments' in transactions: an ITransactionHandler<String, PaymentReceived> was expected");
    }

    private static OrderPlaced[] Orders(int count) => [.. Enumerable.Range(0, count).Select(n => new OrderPlaced($"{n}", n))];

    private static OutgoingRecord<string, PaymentReceived>? Paid(ConsumedRecord<string, OrderPlaced> order) =>
        new(order.Key, new PaymentReceived(order.Value.OrderId));

    private sealed record Targets(Topic<string, PaymentReceived> Payments, Topic<string, OrderPlaced> Copies);

    /// <summary>What transforms have seen, and how they behave.</summary>
    private sealed class Seen
    {
        private readonly SemaphoreSlim _begun = new(0);

        public ConcurrentQueue<object> Handlers { get; } = [];

        public TaskCompletionSource? Gate { get; init; }

        public void Note(object handler)
        {
            Handlers.Enqueue(handler);
            _begun.Release();
        }

        public async Task UntilAsync(int count)
        {
            for (var n = 0; n < count; n++)
            {
                (await _begun.WaitAsync(TestTime.Limit)).ShouldBeTrue($"only {n} of {count} records were begun");
            }
        }
    }

    private sealed class Billing(Seen seen) : ITopicTransform<string, OrderPlaced, string, PaymentReceived>
    {
        public async ValueTask<OutgoingRecord<string, PaymentReceived>?> TransformAsync(
            ConsumedRecord<string, OrderPlaced> record, CancellationToken cancellationToken)
        {
            seen.Note(this);
            if (seen.Gate is { } gate)
            {
                await gate.Task.WaitAsync(TestTime.Limit, cancellationToken);
            }

            return Paid(record);
        }
    }

    private sealed class Splitting(Targets targets) : ITransactionHandler<string, OrderPlaced>
    {
        public async ValueTask HandleAsync(
            ConsumedRecord<string, OrderPlaced> record, ITransaction transaction, CancellationToken cancellationToken)
        {
            var (key, order) = (record.Key, record.Value);
            await transaction.EnqueueAsync(targets.Payments, key, new PaymentReceived(order.OrderId + "a"), cancellationToken: cancellationToken);
            await transaction.EnqueueAsync(targets.Payments, key, new PaymentReceived(order.OrderId + "b"), cancellationToken: cancellationToken);
            await transaction.EnqueueAsync(targets.Copies, key, order, cancellationToken: cancellationToken);
        }
    }
}
