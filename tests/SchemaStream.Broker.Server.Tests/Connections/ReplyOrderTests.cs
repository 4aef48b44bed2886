using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Connections;

public sealed class ReplyOrderTests
{
    private const short ProduceVersion = 9;

    [Fact]
    public async Task Produces_WhenTheSecondIsDoneFirst_AreAnsweredInOrder()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectAsync();
        var first = client.SendAsync(Produce("first"), ProduceVersion);
        var second = client.SendAsync(Produce("second"), ProduceVersion);
        var openFirst = await server.Produces.NextAsync("first");
        var openSecond = await server.Produces.NextAsync("second");

        openSecond.SetResult(ErrorCode.None);
        first.IsCompleted.ShouldBeFalse();
        second.IsCompleted.ShouldBeFalse();
        openFirst.SetResult(ErrorCode.None);

        // The client fails a response whose correlation id is not the oldest one's.
        (await first.WaitAsync(TestTime.Limit)).Responses[0].Name.ShouldBe("first");
        (await second.WaitAsync(TestTime.Limit)).Responses[0].Name.ShouldBe("second");
    }

    [Fact]
    public async Task ARequestThatYields_EndsWhenTheNextOneHasCome()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectAsync();
        for (var round = 0; round < 3; round++)
        {
            var waiting = client.SendAsync(new HeartbeatRequest { GroupId = ScriptedHeartbeats.Yielding }, 4);
            await server.Heartbeats.NextAsync(ScriptedHeartbeats.Yielding);
            waiting.IsCompleted.ShouldBeFalse();

            var next = client.SendAsync(new HeartbeatRequest { GroupId = "next" }, 4);

            (await waiting.WaitAsync(TestTime.Limit)).ErrorCode.ShouldBe(ErrorCode.RebalanceInProgress);
            (await server.Heartbeats.NextAsync("next")).SetResult(ErrorCode.None);
            (await next.WaitAsync(TestTime.Limit)).ErrorCode.ShouldBe(ErrorCode.None);
        }
    }

    [Fact]
    public async Task Produces_InAPipeline_AreBegunInTheOrderSent()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectAsync();
        var names = Enumerable.Range(0, 50).Select(i => $"p{i}").ToArray();
        var pending = names.Select(name => client.SendAsync(Produce(name), ProduceVersion)).ToArray();
        foreach (var name in names)
        {
            (await server.Produces.NextAsync(name)).SetResult(ErrorCode.None);
        }

        (await Task.WhenAll(pending).WaitAsync(TestTime.Limit)).Select(response => response.Responses[0].Name).ShouldBe(names);
        server.Produces.Begun.ShouldBe(names);
    }

    [Fact]
    public async Task OtherRequest_WhileAProduceIsUnderWay_WaitsForIt()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectAsync();
        var produce = client.SendAsync(Produce("p"), ProduceVersion);
        var heartbeat = client.SendAsync(new HeartbeatRequest { GroupId = "h" }, 4);
        var open = await server.Produces.NextAsync("p");

        await server.ShouldServeOthersAsync();
        server.Heartbeats.Begun.ShouldNotContain("h");

        open.SetResult(ErrorCode.None);
        (await server.Heartbeats.NextAsync("h")).SetResult(ErrorCode.RebalanceInProgress);
        await produce.WaitAsync(TestTime.Limit);
        (await heartbeat.WaitAsync(TestTime.Limit)).ErrorCode.ShouldBe(ErrorCode.RebalanceInProgress);
    }

    [Fact]
    public async Task Produce_WithoutAcks_IsNotAnswered()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectAsync();
        await client.SendWithoutResponseAsync(Produce("silent", acks: 0), ProduceVersion);
        var answered = client.SendAsync(Produce("answered"), ProduceVersion);

        (await server.Produces.NextAsync("silent")).SetResult(ErrorCode.None);
        (await server.Produces.NextAsync("answered")).SetResult(ErrorCode.None);

        (await answered.WaitAsync(TestTime.Limit)).Responses[0].Name.ShouldBe("answered");
    }

    [Fact]
    public async Task Produce_WithoutAcksThatFails_ClosesTheConnectionAfterEarlierReplies()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectAsync();
        var answered = client.SendAsync(Produce("answered"), ProduceVersion);
        await client.SendWithoutResponseAsync(Produce("silent", acks: 0), ProduceVersion);

        (await server.Produces.NextAsync("silent")).SetResult(ErrorCode.NotLeaderOrFollower);
        (await server.Produces.NextAsync("answered")).SetResult(ErrorCode.None);

        (await answered.WaitAsync(TestTime.Limit)).Responses[0].Name.ShouldBe("answered");
        await client.Closed.WaitAsync(TestTime.Limit);
    }

    [Fact]
    public async Task Requests_BeyondTheInFlightLimit_WaitForTheirTurn()
    {
        await using var server = ServerHarness.Start(new ServerOptions { MaxInFlightRequests = 2 });
        await using var client = await server.ConnectAsync();
        var pending = Enumerable.Range(0, 4).Select(i => client.SendAsync(Produce($"p{i}"), ProduceVersion)).ToArray();
        var first = await server.Produces.NextAsync("p0");
        var second = await server.Produces.NextAsync("p1");

        await server.ShouldServeOthersAsync();
        server.Produces.Begun.ShouldBe(["p0", "p1"]);

        first.SetResult(ErrorCode.None);
        second.SetResult(ErrorCode.None);
        (await server.Produces.NextAsync("p2")).SetResult(ErrorCode.None);
        (await server.Produces.NextAsync("p3")).SetResult(ErrorCode.None);
        await Task.WhenAll(pending).WaitAsync(TestTime.Limit);
    }

    private static ProduceRequest Produce(string name, short acks = -1) => new() { TransactionalId = name, Acks = acks };
}
