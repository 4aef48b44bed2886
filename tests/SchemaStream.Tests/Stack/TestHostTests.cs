using SchemaStream.Testing;
using SchemaStream.Tests.Contracts;

namespace SchemaStream.Tests.Stack;

/// <summary>The package for users' tests.</summary>
public sealed class TestHostTests
{
    [Fact]
    public async Task Hosts_AreIsolated()
    {
        await using var one = await SchemaStreamTestHost.StartAsync();
        await using var two = await SchemaStreamTestHost.StartAsync();
        one.BootstrapServers.ShouldNotBe(two.BootstrapServers);
        await using var first = one.CreateClient();
        await using var second = two.CreateClient();

        await first.CreateTopicAsync(Orders.Topic);
        await second.CreateTopicAsync(Orders.OtherType);

        (await first.Registry.GetContractAsync("orders"))!.Value!.Type.ShouldBe("com.acme.OrderPlaced");
        (await second.Registry.GetContractAsync("orders"))!.Value!.Type.ShouldBe("com.acme.PaymentReceived");
    }

    [Fact]
    public async Task Host_WhenDisposed_LeavesNothingBehind()
    {
        var stack = await SchemaStreamTestHost.StartAsync();
        Directory.Exists(stack.DataDirectory).ShouldBeTrue();

        await stack.DisposeAsync();
        await stack.DisposeAsync();

        Directory.Exists(stack.DataDirectory).ShouldBeFalse();
    }

    [Fact]
    public async Task Host_WithASettingThatNoBrokerKnows_DoesNotStart()
    {
        var options = new SchemaStreamTestHostOptions
        {
            BrokerSettings = new Dictionary<string, string> { ["no.such.setting"] = "1" },
        };

        var refusal = await Should.ThrowAsync<Exception>(() => SchemaStreamTestHost.StartAsync(options));

        refusal.Message.ShouldContain("no.such.setting");
    }
}
