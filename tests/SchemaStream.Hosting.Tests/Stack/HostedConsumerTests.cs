using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SchemaStream.Hosting.Consuming;
using SchemaStream.TestKit;

namespace SchemaStream.Hosting.Tests.Stack;

public sealed class HostedConsumerTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    [Fact]
    public async Task EachRecord_IsHandledInAScopeOfItsOwn()
    {
        var topic = await NewTopicAsync(records: 3);
        var seen = new Seen();
        using var host = HostOf(topic, fixture.NewName("billing"), seen);

        await host.StartAsync();
        await seen.UntilAsync(3);
        await host.StopAsync();

        seen.Orders.Select(order => order.OrderId).ShouldBe(["0", "1", "2"]);
        seen.Handlers.Distinct().Count().ShouldBe(3, "a handler per record");
    }

    [Fact]
    public async Task WhenTheHostStops_TheRunningHandlerFinishes_AndItsRecordIsCommitted()
    {
        const int count = 100;
        var topic = await NewTopicAsync(count);
        var group = fixture.NewName("billing");
        var first = new Seen { Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        using (var host = HostOf(topic, group, first))
        {
            await host.StartAsync();
            await first.UntilAsync(1);
            var stopping = host.StopAsync();
            first.Gate.SetResult();
            await stopping;
        }

        // How many more begin before the host has told its consumer to stop is not the test's to say.
        var second = new Seen();
        using (var host = HostOf(topic, group, second))
        {
            await host.StartAsync();
            await second.UntilAsync(count - first.Orders.Count);
            await host.StopAsync();
        }

        first.Orders.Concat(second.Orders).Select(order => order.OrderId)
            .ShouldBe(Enumerable.Range(0, count).Select(n => $"{n}"), "what the first has handled was committed, and nothing else");
    }

    [Fact]
    public async Task AHandlerThatThrows_WithTheDefaultPolicy_StopsTheHost_RatherThanItsPartitionInSilence()
    {
        var topic = await NewTopicAsync(records: 1);
        using var host = HostOf(topic, fixture.NewName("billing"), new Seen { Failure = new InvalidOperationException("no such customer") });
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult);

        await host.StartAsync();

        await stopped.Task.WaitAsync(TestTime.Limit);
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        report.Status.ShouldBe(HealthStatus.Unhealthy);
        report.Entries["schemastream"].Description.ShouldNotBeNull().ShouldContain("no such customer");
    }

    /// <summary>As when a commit fails because its coordinator is away.</summary>
    [Fact]
    public async Task TroubleWithBrokers_IsWaitedOut_ByJoiningAgain()
    {
        var topic = await NewTopicAsync(records: 3);
        var (seen, assignments, joined) = (new Seen(), 0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        using var host = fixture.Host((services, stream) =>
        {
            services.AddSingleton(seen);
            stream.AddConsumer<OrderHandler>(topic, fixture.NewName("billing"), consumer => consumer.Configure = options => options with
            {
                PartitionsAssigned = _ =>
                {
                    if (++assignments < 3)
                    {
                        throw new BrokerException("TRANSPORT", "the brokers are away");
                    }

                    joined.TrySetResult();
                    return ValueTask.CompletedTask;
                },
            }).AddHealthChecks();
        });

        await host.StartAsync();

        await joined.Task.WaitAsync(TestTime.Limit);
        await seen.UntilAsync(3);
        await StackFixture.UntilHealthIsAsync(host, HealthStatus.Healthy);
        await host.StopAsync();
    }

    /// <summary>What a handler throws is its policy's matter, whatever it is.</summary>
    [Fact]
    public async Task AHandlersOwnTroubleWithBrokers_StopsTheHost_ByTheDefaultPolicy()
    {
        var topic = await NewTopicAsync(records: 1);
        using var host = HostOf(topic, fixture.NewName("billing"), new Seen { Failure = new BrokerException("TRANSPORT", "another cluster's") });
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult);

        await host.StartAsync();

        await stopped.Task.WaitAsync(TestTime.Limit);
    }

    [Fact]
    public async Task Health_IsGoodOnceAllConsumersHaveJoined_AndBrokersAndRegistryAnswer()
    {
        var topic = await NewTopicAsync(records: 1);
        var seen = new Seen();
        using var host = HostOf(topic, fixture.NewName("billing"), seen);
        await host.StartAsync();
        await seen.UntilAsync(1);

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        report.Status.ShouldBe(HealthStatus.Healthy, report.Entries["schemastream"].Description);
        await host.StopAsync();
    }

    [Fact]
    public async Task Health_KnowsAllMembersThatAGroupHasInOneHost()
    {
        var topic = await NewTopicAsync(records: 1);
        var group = fixture.NewName("billing");
        using var host = fixture.Host((services, stream) =>
        {
            services.AddSingleton(new Seen());
            stream.AddConsumer<OrderHandler>(topic, group).AddConsumer<OrderHandler>(topic, group).AddHealthChecks();
        });
        await host.StartAsync();
        using var limit = new CancellationTokenSource(TestTime.Limit);
        var health = host.Services.GetRequiredService<HealthCheckService>();

        while ((await health.CheckHealthAsync(limit.Token)).Entries["schemastream"] is { Status: not HealthStatus.Healthy } entry)
        {
            entry.Status.ShouldBe(HealthStatus.Degraded, entry.Description);
        }

        await host.StopAsync();
    }

    [Fact]
    public void AHandlerOfOtherTypes_IsRefusedWhereItIsAdded() =>
        Should.Throw<ArgumentException>(() => fixture.Host((_, stream) =>
            stream.AddConsumer<OrderHandler>(Topic.Avro<string, PaymentReceived>("payments"), "billing")))
            .Message.ShouldContain("OrderHandler cannot handle topic 'payments': an ITopicHandler<String, PaymentReceived> was expected");

    private IHost HostOf(Topic<string, OrderPlaced> topic, string group, Seen seen) => fixture.Host((services, stream) =>
    {
        services.AddSingleton(seen);
        stream.AddConsumer<OrderHandler>(topic, group).AddHealthChecks();
    });

    private async Task<Topic<string, OrderPlaced>> NewTopicAsync(int records)
    {
        var topic = Topic.Avro<string, OrderPlaced>(fixture.NewName("orders"));
        await using var client = fixture.Stack.CreateClient();
        await client.CreateTopicAsync(topic, new() { PartitionCount = 1 });
        await using var producer = await client.CreateProducerAsync(topic);
        for (var n = 0; n < records; n++)
        {
            await producer.SendAsync("k", new OrderPlaced($"{n}", n));
        }

        return topic;
    }

    /// <summary>What handlers have seen, and how they behave.</summary>
    private sealed class Seen
    {
        private readonly SemaphoreSlim _handled = new(0);

        public ConcurrentQueue<OrderPlaced> Orders { get; } = [];

        public ConcurrentQueue<object> Handlers { get; } = [];

        public TaskCompletionSource? Gate { get; init; }

        public Exception? Failure { get; init; }

        public void Note(object handler, OrderPlaced order)
        {
            Handlers.Enqueue(handler);
            Orders.Enqueue(order);
            _handled.Release();
        }

        public async Task UntilAsync(int count)
        {
            for (var n = 0; n < count; n++)
            {
                (await _handled.WaitAsync(TestTime.Limit)).ShouldBeTrue($"only {n} of {count} records were handled");
            }
        }
    }

    private sealed class OrderHandler(Seen seen) : ITopicHandler<string, OrderPlaced>
    {
        public async ValueTask HandleAsync(ConsumedRecord<string, OrderPlaced> record, CancellationToken cancellationToken)
        {
            if (seen.Failure is { } failure)
            {
                throw failure;
            }

            seen.Note(this, record.Value);
            if (seen.Gate is { } gate)
            {
                await gate.Task.WaitAsync(TestTime.Limit, cancellationToken);
            }
        }
    }
}
