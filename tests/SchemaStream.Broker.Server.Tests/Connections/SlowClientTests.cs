using SchemaStream.Protocol;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Connections;

public sealed class SlowClientTests
{
    [Fact]
    public async Task Request_SentByteByByte_IsServed()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectRawAsync();
        var body = ServerHarness.Heartbeat("bytewise", 5);
        foreach (var one in (byte[])[0, 0, 0, (byte)body.Length, .. body])
        {
            await client.SendAsync(new[] { one });
        }

        (await server.Heartbeats.NextAsync("bytewise")).SetResult(ErrorCode.None);
        (await client.ReceiveFrameAsync()).AsSpan(0, 4).ToArray().ShouldBe(new byte[] { 0, 0, 0, 5 });
    }

    [Fact]
    public async Task Requests_SentTogether_AreServedOneByOne()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectRawAsync();
        var body = ServerHarness.Heartbeat("together", 5);
        byte[] frame = [0, 0, 0, (byte)body.Length, .. body];
        await client.SendAsync((byte[])[.. frame, .. frame, .. frame]);
        for (var i = 0; i < 3; i++)
        {
            (await server.Heartbeats.NextAsync("together")).SetResult(ErrorCode.None);
            await client.ReceiveFrameAsync();
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(8 * 1024)]
    [InlineData(300_000)]
    public async Task Request_OfAnySize_ArrivesWhole(int size)
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectAsync();
        var group = new string('g', Math.Min(size, 30_000));
        var pending = Enumerable.Range(0, Math.Max(1, size / 30_000))
            .Select(_ => client.SendAsync(new Protocol.Messages.HeartbeatRequest { GroupId = group }, 4))
            .ToArray();
        for (var i = 0; i < pending.Length; i++)
        {
            (await server.Heartbeats.NextAsync(group)).SetResult(ErrorCode.None);
        }

        await Task.WhenAll(pending).WaitAsync(TestTime.Limit);
    }

    [Fact]
    public async Task Client_ThatStopsInsideAFrame_IsClosed()
    {
        await using var server = ServerHarness.Start(new ServerOptions { MaxFrameStall = TimeSpan.FromMilliseconds(100) });
        await using var client = await server.ConnectRawAsync();
        await client.SendAsync(new byte[] { 0, 0, 0, 100, 1, 2, 3 });

        (await client.IsClosedByServerAsync()).ShouldBeTrue();
        await server.Logs.WaitForAsync("no byte moved");
        await server.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task Client_ThatIsIdle_IsClosed()
    {
        await using var server = ServerHarness.Start(new ServerOptions { MaxIdle = TimeSpan.FromMilliseconds(100) });
        await using var client = await server.ConnectRawAsync();

        (await client.IsClosedByServerAsync()).ShouldBeTrue();
        await server.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task Client_WhoseRequestIsUnderWay_IsNotIdle()
    {
        await using var server = ServerHarness.Start(new ServerOptions { MaxIdle = TimeSpan.FromMilliseconds(100) });
        await using var waiting = await server.ConnectRawAsync();
        await waiting.SendFrameAsync(ServerHarness.Heartbeat("waiting", 1));
        var open = await server.Heartbeats.NextAsync("waiting");

        // A second client goes idle and is closed while the first one waits.
        await using var idle = await server.ConnectRawAsync();
        (await idle.IsClosedByServerAsync()).ShouldBeTrue();

        open.SetResult(ErrorCode.None);
        (await waiting.ReceiveFrameAsync()).Length.ShouldBeGreaterThan(0);
    }

    /// <summary>While it pauses it is not read from, so no one would see it leave: a pause may be days, and each retry one socket more.</summary>
    [Fact]
    public async Task Client_ThatHasToPauseForLongerThanItMayBeIdle_IsClosed()
    {
        await using var server = ServerHarness.Start(new ServerOptions { MaxIdle = TimeSpan.FromMilliseconds(100) });
        await using var throttled = await server.ConnectRawAsync();
        await throttled.SendFrameAsync(ServerHarness.Heartbeat(ScriptedHeartbeats.Throttled, 1));
        (await server.Heartbeats.NextAsync(ScriptedHeartbeats.Throttled)).SetResult(ErrorCode.None);
        (await throttled.ReceiveFrameAsync()).Length.ShouldBeGreaterThan(0);

        (await throttled.IsClosedByServerAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Client_ThatLeavesDuringAWait_EndsTheWait()
    {
        await using var server = ServerHarness.Start();
        var client = await server.ConnectRawAsync();
        await client.SendFrameAsync(ServerHarness.Heartbeat("leaving", 1));
        var open = await server.Heartbeats.NextAsync("leaving");
        await client.DisposeAsync();

        await Should.ThrowAsync<OperationCanceledException>(open.Task.WaitAsync(TestTime.Limit));
        await server.ShouldServeOthersAsync();
    }
}
