using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Clients;

public sealed class KafkaConnectionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_WhileSendersQueue_TellsEachThatTheConnectionIsClosed(bool hasThread)
    {
        await using var server = ServerHarness.Start(new ServerOptions { DrainTimeout = TimeSpan.Zero });
        var connection = await KafkaConnection.ConnectAsync(
            "127.0.0.1", server.Port, new KafkaConnectionOptions { MaxInFlightRequests = 1, HasThread = hasThread });
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_WhenTheBrokerDoesNotAnswer_EndsTheConnectionAfterTheTimeout(bool hasThread)
    {
        await using var broker = new ScriptedBroker();
        await using var connection = await broker.ConnectAsync(
            new KafkaConnectionOptions { RequestTimeout = TimeSpan.FromMilliseconds(50), HasThread = hasThread });

        var waiting = connection.SendAsync(new HeartbeatRequest(), 4);
        var closed = await Should.ThrowAsync<KafkaConnectionClosedException>(waiting.WaitAsync(TestTime.Limit));

        closed.InnerException.ShouldBeOfType<TimeoutException>();
        await connection.Closed.WaitAsync(TestTime.Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connect_WhenTheBrokerDoesNotAccept_GivesUpAfterTheTimeout(bool hasThread)
    {
        // Never routed anywhere: TEST-NET-1. Where a network refuses it at once, it is not there either.
        var refused = await Should.ThrowAsync<Exception>(KafkaConnection.ConnectAsync(
            "192.0.2.1", 9092, new KafkaConnectionOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50), HasThread = hasThread }).WaitAsync(TestTime.Limit));

        (refused is TimeoutException or System.Net.Sockets.SocketException).ShouldBeTrue(refused.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_OfMoreThanTheBrokerReads_EndsWithTheConnection(bool hasThread)
    {
        await using var broker = new ScriptedBroker();
        var connection = await broker.ConnectAsync(new KafkaConnectionOptions { HasThread = hasThread });
        var large = new ProduceRequest
        {
            TopicData = [new() { Name = "orders", PartitionData = [new() { Records = new byte[64 * 1024 * 1024] }] }],
        };

        // Where the thread is the sender's own, it blocks: the other end takes what fits between them, and no more.
        var sending = Task.Run(() => connection.SendAsync(large, 9));
        await broker.ReceiveBytesAsync(1024 * 1024);
        sending.IsCompleted.ShouldBeFalse();
        await connection.DisposeAsync().AsTask().WaitAsync(TestTime.Limit);

        await Should.ThrowAsync<KafkaConnectionClosedException>(sending.WaitAsync(TestTime.Limit));
    }

    [Fact]
    public async Task Answers_WithAThreadOfItsOwn_AreGoneOnWithInIt()
    {
        await using var broker = new ScriptedBroker();
        await using var connection = await broker.ConnectAsync(new KafkaConnectionOptions { HasThread = true });
        var response = new HeartbeatResponse();

        var wentOn = GoOnAsync();
        await broker.AnswerAsync(await broker.ReceiveAsync(), new HeartbeatResponse { ThrottleTimeMs = 7 }, 4);
        var isOfThePool = await wentOn.WaitAsync(TestTime.Limit);

        response.ThrottleTimeMs.ShouldBe(7);
        isOfThePool.ShouldBeFalse();

        async Task<bool> GoOnAsync()
        {
            using (await connection.SendAsync(new HeartbeatRequest(), 4, response, CancellationToken.None).ConfigureAwait(false))
            {
                return Thread.CurrentThread.IsThreadPoolThread;
            }
        }
    }
}
