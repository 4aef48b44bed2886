using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Connections;

public sealed class StopTests
{
    [Fact]
    public async Task Stop_AnswersProducesUnderWay()
    {
        var server = ServerHarness.Start();
        await using var client = await server.ConnectAsync();
        var pending = client.SendAsync(new ProduceRequest { TransactionalId = "p", Acks = -1 }, 9);
        var open = await server.Produces.NextAsync("p");

        var stop = server.Server.StopAsync();
        await server.Logs.WaitForAsync("Closed the listener");
        open.SetResult(ErrorCode.None);

        (await pending.WaitAsync(TestTime.Limit)).Responses[0].Name.ShouldBe("p");
        await stop.WaitAsync(TestTime.Limit);
    }

    [Fact]
    public async Task Stop_DropsWaitsThatHaveNothingToTell()
    {
        var server = ServerHarness.Start();
        await using var client = await server.ConnectAsync();
        var pending = client.SendAsync(new HeartbeatRequest { GroupId = "waiting" }, 4);
        await server.Heartbeats.NextAsync("waiting");

        await server.Server.StopAsync().WaitAsync(TestTime.Limit);

        await Should.ThrowAsync<KafkaConnectionClosedException>(pending.WaitAsync(TestTime.Limit));
        server.Server.ConnectionCount.ShouldBe(0);
    }

    [Fact]
    public async Task Stop_WhileARequestQueuesBehindAWait_IsOrderly()
    {
        var server = ServerHarness.Start();
        await using var client = await server.ConnectAsync();
        var waiting = client.SendAsync(new HeartbeatRequest { GroupId = "waiting" }, 4);
        await server.Heartbeats.NextAsync("waiting");
        var queued = client.SendAsync(new HeartbeatRequest { GroupId = "queued" }, 4);

        await server.Server.StopAsync().WaitAsync(TestTime.Limit);

        await Should.ThrowAsync<KafkaConnectionClosedException>(waiting.WaitAsync(TestTime.Limit));
        await Should.ThrowAsync<KafkaConnectionClosedException>(queued.WaitAsync(TestTime.Limit));
        server.Heartbeats.Begun.ShouldBe(["waiting"]);
        server.Logs.Lines.ShouldNotContain(line => line.Message.Contains("Cut "));
    }

    [Fact]
    public async Task Stop_WhenARequestHangs_EndsWithinItsBound()
    {
        var server = ServerHarness.Start(new ServerOptions { DrainTimeout = TimeSpan.FromMilliseconds(100) });
        await using var client = await server.ConnectAsync();
        var pending = client.SendAsync(new ProduceRequest { TransactionalId = "hanging", Acks = -1 }, 9);
        var open = await server.Produces.NextAsync("hanging");

        await server.Server.StopAsync().WaitAsync(TestTime.Limit);

        await server.Logs.WaitForAsync("Cut 1 connections");
        await Should.ThrowAsync<KafkaConnectionClosedException>(pending.WaitAsync(TestTime.Limit));
        open.SetResult(ErrorCode.None);
    }

    [Fact]
    public async Task Port_BeforeTheStart_IsTakenButClosed()
    {
        await using var server = new KafkaServer(new ServerOptions(), TimeProvider.System, new LogCollector());
        var port = server.Bind().Port;
        port.ShouldBeGreaterThan(0);
        await Should.ThrowAsync<System.Net.Sockets.SocketException>(RawClient.ConnectAsync("127.0.0.1", port));
    }
}
