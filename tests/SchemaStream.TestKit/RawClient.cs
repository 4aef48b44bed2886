using System.Buffers.Binary;
using System.Net.Sockets;

namespace SchemaStream.TestKit;

/// <summary>A client that sends bytes as a test says, right or wrong.</summary>
public sealed class RawClient : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawClient(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<RawClient> ConnectAsync(string host, int port)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(host, port);
        return new RawClient(client);
    }

    /// <summary>Bytes as they are, without a length before them.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes);
        await _stream.FlushAsync();
    }

    /// <summary>The bytes as a frame.</summary>
    public Task SendFrameAsync(ReadOnlyMemory<byte> body)
    {
        var frame = new byte[sizeof(int) + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame.AsMemory(sizeof(int)));
        return SendAsync(frame);
    }

    /// <summary>The body of the next frame.</summary>
    public async Task<byte[]> ReceiveFrameAsync()
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        var prefix = new byte[sizeof(int)];
        await _stream.ReadExactlyAsync(prefix, limit.Token);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        await _stream.ReadExactlyAsync(body, limit.Token);
        return body;
    }

    /// <summary>Whether the server closed the connection without sending anything more.</summary>
    public async Task<bool> IsClosedByServerAsync()
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        try
        {
            return await _stream.ReadAsync(new byte[1], limit.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
