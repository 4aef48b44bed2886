using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SchemaStream.Hosting.Consuming;
using SchemaStream.TestKit;

namespace SchemaStream.Hosting.Tests.Stack;

/// <summary>Broker and registry are another process, which is killed under a host and started again.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const int Count = 20;

    /// <summary>Groups and transactions find their coordinators again in their own time.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly Topic<string, OrderPlaced> Orders = Topic.Avro<string, OrderPlaced>("orders");
    private static readonly Topic<string, PaymentReceived> Payments = Topic.Avro<string, PaymentReceived>("payments");

    private readonly TempDirectory _directory = new();
    private readonly int[] _ports = FreePorts.Take(2);
    private StackProcess _stack = null!;

    public async Task InitializeAsync() => await StartStackAsync();

    public async Task DisposeAsync()
    {
        await _stack.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task EverythingInAHost_GoesOn_WhenBrokerAndRegistryAreBack()
    {
        var seen = new Seen();
        using var host = Build(seen);
        var hasStopped = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await host.StartAsync();
        var producer = host.Services.GetRequiredService<ITopicProducer<string, OrderPlaced>>();
        await SendAsync(producer, from: 0).WaitAsync(Limit);
        await seen.Until(Count).WaitAsync(Limit);

        await _stack.KillAsync();
        await _stack.DisposeAsync();
        var sending = SendAsync(producer, from: Count);
        await StartStackAsync();

        await sending.WaitAsync(Limit);
        await seen.Until(2 * Count).WaitAsync(Limit);
        var table = host.Services.GetRequiredService<ITopicTable<string, PaymentReceived>>();
        using var limit = new CancellationTokenSource(Limit);
        await using (var client = new SchemaStreamClient(new SchemaStreamOptions
        {
            BootstrapServers = _stack.BootstrapServers, RegistryUrl = new Uri(_stack.RegistryUrl),
        }))
        {
            // The next payment is behind all others, and so is the table's last.
            await using var payments = await client.CreateProducerAsync(Payments);
            var last = await payments.SendAsync("last", new PaymentReceived("last"));
            await using var consumer = await client.CreateConsumerAsync(Payments, "counters");
            var paid = new List<string>();
            await foreach (var payment in consumer.ReadAllAsync(limit.Token))
            {
                if (payment.Position == last)
                {
                    break;
                }

                paid.Add(payment.Value.PaymentId);
            }

            paid.Order(StringComparer.Ordinal).ShouldBe(Ids(2 * Count).Order(StringComparer.Ordinal), "each order gives one payment");
            await table.WhenAppliedAsync(last, limit.Token);
        }

        table.Count.ShouldBe((2 * Count) + 1);
        hasStopped.IsCancellationRequested.ShouldBeFalse();
        var health = host.Services.GetRequiredService<HealthCheckService>();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await health.CheckHealthAsync(limit.Token)).Status != HealthStatus.Healthy)
        {
            await pause.WaitForNextTickAsync(limit.Token);
        }

        await host.StopAsync(limit.Token);
    }

    private static IEnumerable<string> Ids(int count) => Enumerable.Range(0, count).Select(n => n.ToString(CultureInfo.InvariantCulture));

    private static async Task SendAsync(ITopicProducer<string, OrderPlaced> producer, int from)
    {
        foreach (var id in Ids(from + Count).Skip(from))
        {
            await producer.SendAsync(id, new OrderPlaced(id, 100));
        }
    }

    private async Task StartStackAsync() => _stack = await StackProcess.StartAsync(
        _directory.Path, "--kafka-port", $"{_ports[0]}", "--registry-port", $"{_ports[1]}");

    private IHost Build(Seen seen)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SchemaStream:BootstrapServers"] = _stack.BootstrapServers, ["SchemaStream:RegistryUrl"] = _stack.RegistryUrl,
        });
        builder.Services.AddSingleton(seen);
        builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream"))
            .AddTopic(Orders, new() { PartitionCount = 1 })
            .AddTopic(Payments, new() { PartitionCount = 1 })
            .AddProducer(Orders)
            .AddTransform(Orders, Payments, "billing", order => new OutgoingRecord<string, PaymentReceived>(order.Key, new PaymentReceived(order.Value.OrderId)))
            .AddConsumer<PaymentHandler>(Payments, "paying", consumer => consumer.CommitMode = CommitMode.AfterHandling)
            .AddTable(Payments)
            .AddHealthChecks();
        return builder.Build();
    }

    /// <summary>The payments that were handled; some may be handled twice.</summary>
    private sealed class Seen
    {
        private readonly ConcurrentDictionary<string, bool> _ids = [];
        private readonly Dictionary<int, TaskCompletionSource> _waiting = [];

        public Task Until(int count)
        {
            lock (_waiting)
            {
                var source = _waiting[count] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_ids.Count >= count)
                {
                    source.SetResult();
                }

                return source.Task;
            }
        }

        public void Note(string id)
        {
            _ids[id] = true;
            lock (_waiting)
            {
                foreach (var (count, source) in _waiting)
                {
                    if (_ids.Count >= count)
                    {
                        source.TrySetResult();
                    }
                }
            }
        }
    }

    private sealed class PaymentHandler(Seen seen) : ITopicHandler<string, PaymentReceived>
    {
        public ValueTask HandleAsync(ConsumedRecord<string, PaymentReceived> record, CancellationToken cancellationToken)
        {
            seen.Note(record.Value.PaymentId);
            return ValueTask.CompletedTask;
        }
    }
}
