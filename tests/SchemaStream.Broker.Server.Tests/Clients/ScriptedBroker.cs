using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Server.Tests.Clients;

/// <summary>The other end of a client's connection: reads requests, and answers what and when a test says.</summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private TcpClient? _accepted;

    public ScriptedBroker() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    private NetworkStream Stream => _accepted!.GetStream();

    public async Task<KafkaConnection> ConnectAsync(KafkaConnectionOptions? options = null)
    {
        var connection = await KafkaConnection.ConnectAsync("127.0.0.1", Port, options);
        _accepted = await _listener.AcceptTcpClientAsync();
        return connection;
    }

    /// <summary>Waits for the next request; returns its correlation id.</summary>
    public async Task<int> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        var prefix = new byte[4];
        await Stream.ReadExactlyAsync(prefix, limit.Token);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        await Stream.ReadExactlyAsync(frame, limit.Token);
        return BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4));
    }

    /// <summary>Waits until so many bytes have come, whatever they are.</summary>
    public async Task ReceiveBytesAsync(int count)
    {
        using var limit = new CancellationTokenSource(TestTime.Limit);
        await Stream.ReadExactlyAsync(new byte[count], limit.Token);
    }

    /// <summary>Answers a request of a flexible version.</summary>
    public async Task AnswerAsync(int correlationId, IResponseMessage response, short version)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt32(0);
        new ResponseHeader(correlationId).Write(ref writer, 1);
        response.Write(ref writer, version);
        writer.Flush();
        var frame = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        await Stream.WriteAsync(frame);
    }

    public ValueTask DisposeAsync()
    {
        _accepted?.Dispose();
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }
}
