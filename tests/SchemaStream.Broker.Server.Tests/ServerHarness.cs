using System.Buffers;
using SchemaStream.Broker.Server.Connections;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests;

/// <summary>A real server on a real socket, with two handlers that a test holds the strings of.</summary>
internal sealed class ServerHarness : IAsyncDisposable
{
    private readonly KafkaServer _server;

    private ServerHarness(ServerOptions options, ConnectionLimits? limits)
    {
        _server = new KafkaServer(options, TimeProvider.System, Logs);
        Port = _server.Bind().Port;
        _server.Start(new DispatchTable([Heartbeats, Produces]), limits);
    }

    public LogCollector Logs { get; } = new();

    public ScriptedHeartbeats Heartbeats { get; } = new();

    public ScriptedProduces Produces { get; } = new();

    public int Port { get; }

    public KafkaServer Server => _server;

    public static ServerHarness Start(ServerOptions? options = null, ConnectionLimits? limits = null) =>
        new(options ?? new ServerOptions(), limits);

    public Task<KafkaConnection> ConnectAsync() => KafkaConnection.ConnectAsync("127.0.0.1", Port);

    public Task<RawClient> ConnectRawAsync() => RawClient.ConnectAsync("127.0.0.1", Port);

    /// <summary>Whether a client that comes now is served: what must hold after everything that another did.</summary>
    public async Task ShouldServeOthersAsync()
    {
        await using var other = await ConnectAsync();
        var pending = other.SendAsync(new HeartbeatRequest { GroupId = "other" }, 4);
        (await Heartbeats.NextAsync("other")).SetResult(ErrorCode.None);
        (await pending.WaitAsync(TestTime.Limit)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>A whole heartbeat request as a frame's body.</summary>
    public static byte[] Heartbeat(string groupId, int correlationId)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        new RequestHeader(ApiKey.Heartbeat, 4, correlationId, "raw").Write(ref writer, 2);
        new HeartbeatRequest { GroupId = groupId }.Write(ref writer, 4);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
