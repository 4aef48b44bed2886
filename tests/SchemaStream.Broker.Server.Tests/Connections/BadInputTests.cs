using Microsoft.Extensions.Logging;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Tests.Connections;

/// <summary>What comes from outside may be anything: it costs the sender its connection, and no one else anything.</summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task Frame_OverTheLimit_ClosesTheConnection()
    {
        await using var server = ServerHarness.Start(new ServerOptions { MaxRequestBytes = 1000 });
        await using var client = await server.ConnectRawAsync();
        await client.SendAsync(new byte[] { 0, 0, 0x03, 0xE9 });

        (await client.IsClosedByServerAsync()).ShouldBeTrue();
        var line = await server.Logs.WaitForAsync("found 1001");
        line.Level.ShouldBe(LogLevel.Warning);
        line.Message.ShouldContain("socket.request.max.bytes");
        await server.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task Frame_OfNegativeLength_ClosesTheConnection()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectRawAsync();
        await client.SendAsync(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF });

        (await client.IsClosedByServerAsync()).ShouldBeTrue();
        await server.Logs.WaitForAsync("found -1");
        await server.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task Http_OnTheKafkaPort_ClosesTheConnection()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectRawAsync();
        await client.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());

        (await client.IsClosedByServerAsync()).ShouldBeTrue();
        await server.Logs.WaitForAsync("Frame length");
        await server.ShouldServeOthersAsync();
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 12, 0, 4, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 12, 0, 4, 0, 0, 0, 1, 0x7F, 0xFF, 65 })]
    [InlineData(new byte[] { 0, 12, 0, 4, 0, 0, 0, 1, 0xFF, 0xBF, 0 })] // a client id of -65 bytes
    [InlineData(new byte[] { 0, 12, 0, 4, 0, 0, 0, 1, 0, 1, 65, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F })]
    public async Task Header_ThatIsCutOff_ClosesTheConnection(byte[] frame)
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectRawAsync();
        await client.SendFrameAsync(frame);

        (await client.IsClosedByServerAsync()).ShouldBeTrue();
        await server.Logs.WaitForAsync("header is unreadable");
        await server.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task ApiKey_ThatIsUnknown_ClosesTheConnection()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectRawAsync();
        await client.SendFrameAsync(new byte[] { 0x03, 0xE7, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF });

        (await client.IsClosedByServerAsync()).ShouldBeTrue();
        await server.Logs.WaitForAsync("API key 999");
        await server.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task Version_ThatIsNotServed_ClosesTheConnection()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectRawAsync();
        await client.SendFrameAsync(new byte[] { 0, 12, 0, 99, 0, 0, 0, 1, 0xFF, 0xFF });

        (await client.IsClosedByServerAsync()).ShouldBeTrue();
        await server.Logs.WaitForAsync("Heartbeat version 99 is not served, versions 0 to 4 are");
        await server.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task Body_ThatIsCutOff_ClosesTheConnectionAfterEarlierReplies()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectRawAsync();
        await client.SendFrameAsync(ServerHarness.Heartbeat("good", 7));
        await client.SendFrameAsync(ServerHarness.Heartbeat("bad", 8).AsMemory()[..^4]);

        (await server.Heartbeats.NextAsync("good")).SetResult(ErrorCode.None);
        (await client.ReceiveFrameAsync()).AsSpan(0, 4).ToArray().ShouldBe(new byte[] { 0, 0, 0, 7 });
        (await client.IsClosedByServerAsync()).ShouldBeTrue();
        await server.Logs.WaitForAsync("its Heartbeat request (version 4, client id 'raw') is unreadable");
        await server.ShouldServeOthersAsync();
    }

    [Fact]
    public async Task Handler_ThatThrows_CostsItsConnectionOnly()
    {
        await using var server = ServerHarness.Start();
        await using var client = await server.ConnectRawAsync();
        await client.SendFrameAsync(ServerHarness.Heartbeat("broken", 1));
        (await server.Heartbeats.NextAsync("broken")).SetException(new InvalidOperationException("a fault of ours"));

        (await client.IsClosedByServerAsync()).ShouldBeTrue();
        var line = await server.Logs.WaitForAsync("failed");
        line.Level.ShouldBe(LogLevel.Error);
        line.Exception!.Message.ShouldBe("a fault of ours");
        await server.ShouldServeOthersAsync();
    }
}
