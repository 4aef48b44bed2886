using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests.Groups;

/// <summary>A broker whose members of consumer groups are heard often, so that a rebalance takes no test's patience.</summary>
public sealed class NewGroupsFixture : IAsyncLifetime
{
    private LoneBroker? _broker;

    public LoneBroker Broker => _broker ?? throw new InvalidOperationException("the broker is not started");

    public async Task InitializeAsync() =>
        _broker = await LoneBroker.StartAsync(("group.consumer.heartbeat.interval.ms", "500"), ("offsets.topic.num.partitions", "3"));

    public async Task DisposeAsync()
    {
        if (_broker is not null)
        {
            (await _broker.StopAsync()).ShouldBe(0, _broker.Log);
            await _broker.DisposeAsync();
        }
    }
}
