using SchemaStream.Protocol.Client;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests;

/// <summary>One broker for the tests of a class; each takes topics and groups of its own.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private int _lastName;

    public TestBroker Broker { get; private set; } = null!;

    public Task<KafkaConnection> ConnectAsync(string clientId = "test") => Broker.ConnectAsync(clientId);

    /// <summary>A name that no other test of the class has.</summary>
    public string NewName(string what = "topic") => $"{what}-{Interlocked.Increment(ref _lastName)}";

    public async Task InitializeAsync()
    {
        Broker = await TestBroker.StartAsync(("offsets.topic.num.partitions", "4"));
        await using var client = await ConnectAsync();
        await client.FindCoordinatorAsync("any");
    }

    public async Task DisposeAsync() => await Broker.DisposeAsync();
}
