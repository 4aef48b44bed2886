using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Fuzz.Tests;

internal enum Outcome
{
    Answered,
    NoAnswer,
    Closed,

    /// <summary>Neither an answer nor an end within the limit.</summary>
    Silent,
}

/// <summary>
/// Sends a frame and, right behind it, a question that every broker answers at once: when that answer comes, the frame before
/// it was dealt with, for answers keep the order of requests.
/// </summary>
internal sealed class FuzzClient(IPEndPoint broker) : IDisposable
{
    public const int CorrelationId = 0x46555A5A;
    private const int PingCorrelationId = 0x50494E47;
    private const int MostResponseBytes = 256 * 1024 * 1024;

    private static readonly byte[] Ping = MakePing();

    private readonly byte[] _chunk = new byte[64 * 1024];
    private Socket? _socket;

    /// <summary>How long the last exchange took.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>After anything but an answer the connection is another one.</summary>
    public Outcome Send(FuzzFrame frame, TimeSpan limit)
    {
        _socket ??= Connect();
        var watch = Stopwatch.StartNew();
        var outcome = Exchange(_socket, frame.Bytes, limit);
        Elapsed = watch.Elapsed;
        if (outcome is Outcome.Closed or Outcome.Silent)
        {
            Dispose();
        }

        return outcome;
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private Outcome Exchange(Socket socket, byte[] body, TimeSpan limit)
    {
        socket.ReceiveTimeout = (int)limit.TotalMilliseconds;
        var message = new byte[sizeof(int) + body.Length + Ping.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, body.Length);
        body.CopyTo(message, sizeof(int));
        Ping.CopyTo(message, sizeof(int) + body.Length);
        try
        {
            socket.Send(message);
            return Receive(socket) switch
            {
                PingCorrelationId => Outcome.NoAnswer,
                CorrelationId => Receive(socket) == PingCorrelationId
                    ? Outcome.Answered
                    : throw new InvalidDataException("the answer behind the answer is another request's"),
                null => Outcome.Closed,
                var other => throw new InvalidDataException($"an answer to {other:x8}, which was not asked"),
            };
        }
        catch (SocketException late) when (late.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return Outcome.Silent;
        }
        catch (SocketException)
        {
            return Outcome.Closed;
        }
    }

    /// <summary>The correlation id of the next answer, or null when the broker closed the connection.</summary>
    private int? Receive(Socket socket)
    {
        if (!Fill(socket, 2 * sizeof(int)))
        {
            return null;
        }

        var left = BinaryPrimitives.ReadInt32BigEndian(_chunk) - sizeof(int);
        var correlationId = BinaryPrimitives.ReadInt32BigEndian(_chunk.AsSpan(sizeof(int)));
        if (left is < 0 or > MostResponseBytes)
        {
            throw new InvalidDataException($"an answer of {left} bytes");
        }

        while (left > 0)
        {
            var size = Math.Min(left, _chunk.Length);
            if (!Fill(socket, size))
            {
                throw new InvalidDataException("the connection ended in the middle of an answer");
            }

            left -= size;
        }

        return correlationId;
    }

    private bool Fill(Socket socket, int count)
    {
        for (var at = 0; at < count;)
        {
            var received = socket.Receive(_chunk, at, count - at, SocketFlags.None);
            if (received == 0)
            {
                return false;
            }

            at += received;
        }

        return true;
    }

    private Socket Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        socket.Connect(broker);
        return socket;
    }

    private static byte[] MakePing()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new KafkaWriter(output);
        writer.WriteInt32(0);
        new RequestHeader(ApiKey.ApiVersions, 0, PingCorrelationId, "ping").Write(ref writer, 1);
        new ApiVersionsRequest().Write(ref writer, 0);
        writer.Flush();
        var frame = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - sizeof(int));
        return frame;
    }
}
