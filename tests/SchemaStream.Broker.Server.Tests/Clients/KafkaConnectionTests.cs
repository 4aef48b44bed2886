using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Clients;

public sealed class KafkaConnectionTests
{
    [Fact]
    public async Task Dispose_WhileSendersQueue_TellsEachThatTheConnectionIsClosed()
    {
        await using var server = ServerHarness.Start(new ServerOptions { DrainTimeout = TimeSpan.Zero });
        var connection = await KafkaConnection.ConnectAsync(
            "127.0.0.1", server.Port, new KafkaConnectionOptions { MaxInFlightRequests = 1 });
        var pending = Enumerable.Range(0, 50)
            .Select(_ => connection.SendAsync(new HeartbeatRequest { GroupId = "waiting" }, 4))
            .ToArray();
        await server.Heartbeats.NextAsync("waiting");

        await connection.DisposeAsync();

        foreach (var request in pending)
        {
            await Should.ThrowAsync<KafkaConnectionClosedException>(request.WaitAsync(TestTime.Limit));
        }
    }

    [Fact]
    public async Task Send_WhenTheBrokerDoesNotAnswer_EndsTheConnectionAfterTheTimeout()
    {
        await using var broker = new ScriptedBroker();
        await using var connection = await broker.ConnectAsync(
            new KafkaConnectionOptions { RequestTimeout = TimeSpan.FromMilliseconds(50) });

        var waiting = connection.SendAsync(new HeartbeatRequest(), 4);
        var closed = await Should.ThrowAsync<KafkaConnectionClosedException>(waiting.WaitAsync(TestTime.Limit));

        closed.InnerException.ShouldBeOfType<TimeoutException>();
        await connection.Closed.WaitAsync(TestTime.Limit);
    }

    [Fact]
    public async Task Connect_WhenTheBrokerDoesNotAccept_GivesUpAfterTheTimeout()
    {
        // Never routed anywhere: TEST-NET-1. Where a network refuses it at once, it is not there either.
        var refused = await Should.ThrowAsync<Exception>(KafkaConnection.ConnectAsync(
            "192.0.2.1", 9092, new KafkaConnectionOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) }).WaitAsync(TestTime.Limit));

        (refused is TimeoutException or System.Net.Sockets.SocketException).ShouldBeTrue(refused.ToString());
    }
}
