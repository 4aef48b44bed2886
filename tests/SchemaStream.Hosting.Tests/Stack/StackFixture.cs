using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SchemaStream.TestKit;
using SchemaStream.Testing;

namespace SchemaStream.Hosting.Tests.Stack;

/// <summary>One stack for the tests of a class; each test takes names of its own.</summary>
public sealed class StackFixture : IAsyncLifetime
{
    private int _names;

    public SchemaStreamTestHost Stack { get; private set; } = null!;

    public string NewName(string prefix) => $"{prefix}-{Interlocked.Increment(ref _names)}";

    public async Task InitializeAsync() => Stack = await SchemaStreamTestHost.StartAsync();

    public async Task DisposeAsync() => await Stack.DisposeAsync();

    /// <summary>A topic of one partition.</summary>
    public async Task<Topic<string, TValue>> NewTopicAsync<TValue>(string prefix)
    {
        var topic = Topic.Avro<string, TValue>(NewName(prefix));
        await CreateAsync(topic);
        return topic;
    }

    public async Task CreateAsync<TValue>(Topic<string, TValue> topic)
    {
        await using var client = Stack.CreateClient();
        await client.CreateTopicAsync(topic, new() { PartitionCount = 1 });
    }

    /// <summary>Sends values with keys 1, 2…</summary>
    public async Task FillAsync<TValue>(Topic<string, TValue> topic, params TValue[] values)
    {
        await using var client = Stack.CreateClient();
        await using var producer = await client.CreateProducerAsync(topic);
        await producer.SendManyAsync(values.Select((value, index) => new OutgoingRecord<string, TValue>($"{index + 1}", value)));
    }

    /// <summary>The first values of a topic, committed ones.</summary>
    public async Task<List<TValue>> TakeAsync<TValue>(Topic<string, TValue> topic, int count)
    {
        await using var client = Stack.CreateClient();
        await using var consumer = await client.CreateConsumerAsync(topic, NewName("readers"));
        using var limit = new CancellationTokenSource(TestTime.Limit);
        var taken = new List<TValue>();
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            taken.Add(record.Value);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }

    /// <summary>Asks until health is as it must become.</summary>
    public static Task<HealthReportEntry> UntilHealthIsAsync(IHost host, HealthStatus status) => Eventually.GetAsync(
        async () => (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["schemastream"],
        entry => entry.Status == status,
        $"health is {status}");

    /// <summary>A host on this stack, by configuration as an application has it.</summary>
    public IHost Host(Action<IServiceCollection, SchemaStreamBuilder> add, params (string Key, string Value)[] settings)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["SchemaStream:BootstrapServers"] = Stack.BootstrapServers,
            ["SchemaStream:RegistryUrl"] = Stack.RegistryUrl.ToString(),
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => new KeyValuePair<string, string?>($"SchemaStream:{setting.Key}", setting.Value)));
        add(builder.Services, builder.Services.AddSchemaStream(builder.Configuration.GetSection("SchemaStream")));
        return builder.Build();
    }
}
