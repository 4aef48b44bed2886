using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SchemaStream.Protocol.Client;

/// <summary>
/// One connection to one broker. Requests may be sent one after another without waiting; the broker answers in their order.
/// Byte fields of a response are slices of memory that belongs to that response alone.
/// </summary>
public sealed class KafkaConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly KafkaConnectionOptions _options;
    private readonly SemaphoreSlim _sendTurn = new(1, 1);
    private readonly SemaphoreSlim _inFlight;
    private readonly Lock _lock = new();
    private readonly Queue<PendingResponse> _pending = new();
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private readonly Task _reading;
    private Exception? _fault;
    private int _lastCorrelationId;

    private KafkaConnection(Socket socket, KafkaConnectionOptions options)
    {
        _socket = socket;
        _options = options;
        _inFlight = new SemaphoreSlim(options.MaxInFlightRequests, options.MaxInFlightRequests);
        _reading = ReadAsync();
    }

    public EndPoint? LocalEndPoint => _socket.LocalEndPoint;

    /// <summary>Completes when the connection has ended, whoever ended it.</summary>
    public Task Closed => _reading;

    public static async Task<KafkaConnection> ConnectAsync(
        string host, int port, KafkaConnectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            return new KafkaConnection(socket, options ?? new KafkaConnectionOptions());
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and waits for its response. A cancelled wait leaves the request sent.</summary>
    /// <exception cref="KafkaConnectionClosedException">The connection ended first.</exception>
    public async Task<TResponse> SendAsync<TResponse>(
        IRequestMessage<TResponse> request, short version, CancellationToken cancellationToken = default)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        await _inFlight.WaitAsync(cancellationToken).ConfigureAwait(false);
        var pending = await BeginAsync(request, version, cancellationToken).ConfigureAwait(false);
        return await pending.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request that the protocol has no response to (Produce with acks=0).</summary>
    public async Task SendWithoutResponseAsync<TResponse>(
        IRequestMessage<TResponse> request, short version, CancellationToken cancellationToken = default)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        await _sendTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Encode(request, version, TResponse.FirstFlexibleVersion, ++_lastCorrelationId);
            await SendFrameAsync().ConfigureAwait(false);
        }
        finally
        {
            _sendTurn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading.ConfigureAwait(false);

        // The two semaphores stay as they are: senders that queue at them are still to be told, and they hold no handle.
    }

    private async Task<PendingResponse<TResponse>> BeginAsync<TResponse>(
        IRequestMessage<TResponse> request, short version, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        var isPending = false;
        try
        {
            await _sendTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var pending = new PendingResponse<TResponse>(++_lastCorrelationId, version);
                Encode(request, version, TResponse.FirstFlexibleVersion, pending.CorrelationId);
                Enqueue(pending);
                isPending = true;
                await SendFrameAsync().ConfigureAwait(false);
                return pending;
            }
            finally
            {
                _sendTurn.Release();
            }
        }
        finally
        {
            if (!isPending)
            {
                _inFlight.Release();
            }
        }
    }

    private void Encode(IRequestMessage request, short version, short firstFlexibleVersion, int correlationId)
    {
        _output.ResetWrittenCount();
        var writer = new KafkaWriter(_output);
        writer.WriteInt32(0);
        var header = new RequestHeader(request.Api, version, correlationId, _options.ClientId);
        header.Write(ref writer, RequestHeader.VersionFor(version >= firstFlexibleVersion));
        request.Write(ref writer, version);
        writer.Flush();
    }

    private async Task SendFrameAsync()
    {
        // A buffer writer shows what was written as read-only; the length before it is known only now.
        var frame = MemoryMarshal.AsMemory(_output.WrittenMemory);
        BinaryPrimitives.WriteInt32BigEndian(frame.Span, frame.Length - sizeof(int));
        try
        {
            while (frame.Length > 0)
            {
                // Not cancelled half way: the rest of a frame is owed to the broker.
                frame = frame[await _socket.SendAsync(frame, SocketFlags.None).ConfigureAwait(false)..];
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException)
        {
            throw new KafkaConnectionClosedException("The connection closed while a request was sent", broken);
        }
    }

    private void Enqueue(PendingResponse pending)
    {
        lock (_lock)
        {
            if (_fault is not null)
            {
                throw new KafkaConnectionClosedException("The connection is closed", _fault);
            }

            _pending.Enqueue(pending);
        }
    }

    private async Task ReadAsync()
    {
        // Begins after the constructor has returned.
        await Task.Yield();
        Exception fault;
        try
        {
            while (await ReadFrameAsync().ConfigureAwait(false) is { } frame)
            {
                PendingResponse pending;
                lock (_lock)
                {
                    if (!_pending.TryDequeue(out pending!))
                    {
                        throw new ProtocolException("Response: expected none, as no request is unanswered, found one");
                    }
                }

                _inFlight.Release();
                try
                {
                    pending.Complete(frame);
                }
                catch (ProtocolException unreadable)
                {
                    pending.Fail(unreadable);
                    throw;
                }
            }

            fault = new KafkaConnectionClosedException("The broker closed the connection");
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or ProtocolException)
        {
            fault = new KafkaConnectionClosedException("The connection ended: " + broken.Message, broken);
        }

        FailAll(fault);
        _socket.Dispose();
    }

    private void FailAll(Exception fault)
    {
        lock (_lock)
        {
            _fault = fault;
            while (_pending.TryDequeue(out var pending))
            {
                pending.Fail(fault);
                _inFlight.Release();
            }
        }
    }

    private async Task<byte[]?> ReadFrameAsync()
    {
        var prefix = new byte[sizeof(int)];
        if (!await FillAsync(prefix).ConfigureAwait(false))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length < 0 || length > _options.MaxResponseBytes)
        {
            throw new ProtocolException($"Response length: expected 0 to {_options.MaxResponseBytes}, found {length}");
        }

        var frame = new byte[length];
        return await FillAsync(frame).ConfigureAwait(false) ? frame : null;
    }

    private async Task<bool> FillAsync(Memory<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var received = await _socket.ReceiveAsync(buffer, SocketFlags.None).ConfigureAwait(false);
            if (received == 0)
            {
                return false;
            }

            buffer = buffer[received..];
        }

        return true;
    }
}
