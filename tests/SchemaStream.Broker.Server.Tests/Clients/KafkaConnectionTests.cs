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
}
