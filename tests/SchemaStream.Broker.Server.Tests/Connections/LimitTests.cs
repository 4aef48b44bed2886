using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Broker.Server.Connections;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Connections;

public sealed class LimitTests
{
    [Fact]
    public async Task Connection_BeyondTheLimitPerAddress_IsClosed()
    {
        await using var server = ServerHarness.Start(new ServerOptions { MaxConnectionsPerAddress = 2 });
        await using var first = await server.ConnectRawAsync();
        await using var second = await server.ConnectRawAsync();
        await using var third = await server.ConnectRawAsync();

        (await third.IsClosedByServerAsync()).ShouldBeTrue();
        await server.Logs.WaitForAsync("max.connections.per.ip");
    }

    [Fact]
    public async Task Connection_BeyondTheLimit_WaitsForAnotherToClose()
    {
        await using var server = ServerHarness.Start(new ServerOptions { MaxConnections = 1 });
        var first = await server.ConnectRawAsync();
        await first.SendFrameAsync(ServerHarness.Heartbeat("first", 1));
        var openFirst = await server.Heartbeats.NextAsync("first");
        await using var second = await server.ConnectRawAsync();
        await second.SendFrameAsync(ServerHarness.Heartbeat("second", 1));
        await server.Logs.WaitForAsync("max.connections=1 is reached");
        server.Heartbeats.Begun.ShouldBe(["first"]);

        openFirst.SetResult(ErrorCode.None);
        await first.DisposeAsync();

        (await server.Heartbeats.NextAsync("second")).SetResult(ErrorCode.None);
        (await second.ReceiveFrameAsync()).Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Connection_BeyondTheLimit_IsTakenWhenTheLimitIsRaised()
    {
        var metadata = new ScriptedMetadata();
        await using var server = ServerHarness.Start(new ServerOptions { MaxConnections = 1 }, new ConnectionLimits(metadata));
        await using var first = await server.ConnectRawAsync();
        await server.Logs.WaitForAsync("max.connections=1 is reached");
        await using var second = await server.ConnectRawAsync();
        await second.SendFrameAsync(ServerHarness.Heartbeat("second", 1));

        metadata.Replay(new ConfigRecord
        {
            ResourceType = (sbyte)ConfigResource.Broker, ResourceName = "", Name = BrokerConfigDefinitions.MaxConnections, Value = "2",
        });

        (await server.Heartbeats.NextAsync("second")).SetResult(ErrorCode.None);
        (await second.ReceiveFrameAsync()).Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Connections_ThatComeAndGoAtTheLimit_FillNoLog()
    {
        await using var server = ServerHarness.Start(new ServerOptions { MaxConnections = 1 });
        for (var i = 0; i < 30; i++)
        {
            var client = await server.ConnectRawAsync();
            await client.SendFrameAsync(ServerHarness.Heartbeat($"c{i}", i));
            (await server.Heartbeats.NextAsync($"c{i}")).SetResult(ErrorCode.None);
            await client.DisposeAsync();
        }

        server.Logs.Lines.Count(line => line.Message.StartsWith("max.connections=1 is reached", StringComparison.Ordinal)).ShouldBeInRange(1, 10);
    }

    [Fact]
    public async Task Requests_BeyondTheMemoryLimit_WaitUntilOthersAreAnswered()
    {
        await using var server = ServerHarness.Start(new ServerOptions { MaxQueuedRequestBytes = 10 });
        await using var first = await server.ConnectAsync();
        await using var second = await server.ConnectAsync();
        var produce = first.SendAsync(new ProduceRequest { TransactionalId = "first", Acks = -1 }, 9);
        var open = await server.Produces.NextAsync("first");
        var waiting = second.SendAsync(new HeartbeatRequest { GroupId = "second" }, 4);
        server.Heartbeats.Begun.ShouldBeEmpty();

        open.SetResult(ErrorCode.None);

        await produce.WaitAsync(TestTime.Limit);
        (await server.Heartbeats.NextAsync("second")).SetResult(ErrorCode.None);
        await waiting.WaitAsync(TestTime.Limit);
    }

    [Fact]
    public async Task Request_ThatWaits_HoldsNoMemoryMeanwhile()
    {
        await using var server = ServerHarness.Start(new ServerOptions { MaxQueuedRequestBytes = 10 });
        await using var first = await server.ConnectAsync();
        var waiting = first.SendAsync(new HeartbeatRequest { GroupId = "waiting" }, 4);
        var open = await server.Heartbeats.NextAsync("waiting");

        await server.ShouldServeOthersAsync();

        open.SetResult(ErrorCode.None);
        await waiting.WaitAsync(TestTime.Limit);
    }

    [Fact]
    public async Task Connections_ByTheHundred_AreAllServed()
    {
        await using var server = ServerHarness.Start();
        var clients = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => server.ConnectRawAsync()));
        for (var i = 0; i < clients.Length; i++)
        {
            await clients[i].SendFrameAsync(ServerHarness.Heartbeat($"c{i}", i));
        }

        for (var i = 0; i < clients.Length; i++)
        {
            (await server.Heartbeats.NextAsync($"c{i}")).SetResult(ErrorCode.None);
            (await clients[i].ReceiveFrameAsync()).Length.ShouldBeGreaterThan(0);
            await clients[i].DisposeAsync();
        }
    }
}
